"""How the API shows and takes blocks, scans and places."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.pictures import file_address
from webapp.gallery.serializers import ErrorSerializer
from webapp.jobs.turns import jobs_before


class ScanSerializer(serializers.ModelSerializer):
    """One scan of a block. The addresses of its pictures change whenever they do.

    status: queued, reading, ready or refused. turn: degrees counterclockwise by which the scan was turned.
    px_per_mm: of its pictures. jobs_before: while it waits, how many jobs are done before it; else null.
    """

    status = serializers.CharField(source="state", read_only=True)
    jobs_before = serializers.SerializerMethodField()
    face_picture = serializers.SerializerMethodField()
    ink_picture = serializers.SerializerMethodField()
    mesh = serializers.SerializerMethodField()
    download = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = Scan
        fields = [
            *("id", "block", "face", "name", "sha256", "unit", "status", "jobs_before", "triangles"),
            *("read_unit", "width_mm", "height_mm", "depth_mm", "warp_mm", "px_per_mm", "mirrored", "turn"),
            *("way_by", "sure", "characters", "notes", "version", "face_picture", "ink_picture", "mesh"),
            *("download", "error", "created_at"),
        ]
        read_only_fields = fields

    def get_jobs_before(self, scan: Scan) -> int | None:
        return jobs_before(f"scan:{scan.pk}") if scan.state == Scan.State.QUEUED else None

    def get_face_picture(self, scan: Scan) -> str | None:
        return file_address(scan, "face.png")

    def get_ink_picture(self, scan: Scan) -> str | None:
        return file_address(scan, "ink.png")

    def get_mesh(self, scan: Scan) -> str | None:
        return file_address(scan, "fine.glb")

    def get_download(self, scan: Scan) -> str:
        return reverse("blocks:download", args=[scan.pk])

    @extend_schema_field(ErrorSerializer(allow_null=True))
    def get_error(self, scan: Scan) -> dict | None:
        return ErrorSerializer(scan).data if scan.error_code else None


class BlockSerializer(serializers.ModelSerializer):
    """A physical woodblock, with its scans. fields: what else is known of it, texts by their names."""

    scans = ScanSerializer(many=True, read_only=True)
    characters = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = Block
        fields = [
            *("id", "name", "inventory_number", "title", "volume", "leaf", "material", "size", "condition"),
            *("note", "fields", "characters", "scans", "created_at"),
        ]
        read_only_fields = ["id", "created_at"]


class BlockChangeSerializer(serializers.Serializer):
    """What a curator writes of a block."""

    name = serializers.CharField(max_length=200, required=False)
    inventory_number = serializers.CharField(max_length=200, required=False, allow_blank=True)
    title = serializers.CharField(required=False, allow_blank=True)
    volume = serializers.CharField(max_length=200, required=False, allow_blank=True)
    leaf = serializers.CharField(max_length=200, required=False, allow_blank=True)
    material = serializers.CharField(max_length=200, required=False, allow_blank=True)
    size = serializers.CharField(max_length=200, required=False, allow_blank=True)
    condition = serializers.CharField(required=False, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True)
    fields = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)


class ScanUploadSerializer(serializers.Serializer):
    """A scan's file. unit: of its numbers; found by the size where it is left out."""

    file = serializers.FileField(allow_empty_file=True)
    face = serializers.ChoiceField(Scan.Face.choices, required=False, allow_blank=True, default="")
    unit = serializers.ChoiceField(Scan.UNITS, required=False, allow_blank=True, default="")


class PlaceSerializer(serializers.ModelSerializer):
    """Where a character stands on a face, in millimetres from the top left as it prints."""

    character = serializers.CharField(source="item.character", default="", read_only=True)
    set_by_person = serializers.SerializerMethodField()

    class Meta:
        model = Place
        fields = [
            *("id", "item", "character", "scan", "x_mm", "y_mm", "w_mm", "h_mm", "column", "order", "kind"),
            *("score", "stale", "set_by_person"),
        ]
        read_only_fields = fields

    def get_set_by_person(self, place: Place) -> bool:
        return place.set_by_id is not None


class CharactersSerializer(serializers.Serializer):
    """A text, one character for each place in reading order; spaces count for nothing, □ is not known."""

    text = serializers.CharField(max_length=20_000)


class CharactersSetSerializer(serializers.Serializer):
    """How many characters were set."""

    set = serializers.IntegerField()
