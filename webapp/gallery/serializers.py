"""How the API shows and takes items."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.characters import character_of, character_typed
from webapp.gallery.models import Import, ImportArchive, ImportLeftOut, Item
from webapp.gallery.pictures import picture_url
from webapp.gallery.selectors import import_progress
from webapp.jobs.turns import jobs_before


class ErrorSerializer(serializers.Serializer):
    """Why something was refused, and what to do."""

    code = serializers.CharField(source="error_code")
    message = serializers.CharField(source="error")
    hint = serializers.CharField()


class ItemSerializer(serializers.ModelSerializer):
    """One 3D woodblock character. The addresses of its pictures change whenever the pictures do."""

    codepoint = serializers.CharField(read_only=True)
    doubtful = serializers.BooleanField(source="is_doubtful", read_only=True)
    turn_doubtful = serializers.BooleanField(source="is_turn_doubtful", read_only=True)
    thumbnail = serializers.SerializerMethodField()
    print = serializers.SerializerMethodField()
    viewer = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields = [
            "id",
            "name",
            "state",
            "codepoint",
            "character",
            "handedness",
            "handedness_by",
            "mirrored_probability",
            "doubtful",
            "turn",
            "turn_by",
            "upright_probability",
            "turn_doubtful",
            "format",
            "faces",
            "tilt_degrees",
            "units_per_pixel",
            "repairs",
            "thumbnail",
            "print",
            "viewer",
            "error",
            "created",
        ]
        read_only_fields = fields

    def get_thumbnail(self, item: Item) -> str | None:
        return picture_url(item, "thumbnail")

    def get_print(self, item: Item) -> str | None:
        return picture_url(item, "print")

    def get_viewer(self, item: Item) -> str | None:
        return picture_url(item, "viewer")

    @extend_schema_field(ErrorSerializer(allow_null=True))
    def get_error(self, item: Item) -> dict | None:
        return ErrorSerializer(item).data if item.state == Item.State.REJECTED else None


class ItemChangeSerializer(serializers.Serializer):
    """What a curator may say of an item."""

    handedness = serializers.ChoiceField(choices=Item.Handedness.choices, required=False)
    turn = serializers.ChoiceField(choices=Item.Turn.choices, required=False)
    character = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, max_length=16)
    codepoint = serializers.CharField(required=False, allow_blank=True)

    def validate_character(self, value: str) -> str:
        return character_typed(value)

    def validate_codepoint(self, value: str) -> str:
        try:
            return character_of(value) if value else ""
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None

    def validate(self, attrs: dict) -> dict:
        """``codepoint`` is another way to say ``character``."""
        codepoint = attrs.pop("codepoint", None)
        if codepoint is not None and attrs.setdefault("character", codepoint) != codepoint:
            raise serializers.ValidationError("character and codepoint name different characters")
        return attrs


class UploadSerializer(serializers.Serializer):
    """Files of an upload: meshes, or zips of them."""

    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), allow_empty=False)
    names = serializers.ListField(child=serializers.CharField(), required=False)
    name = serializers.CharField(required=False, max_length=200)

    def validate(self, attrs: dict) -> dict:
        """A name for each file, or none at all."""
        names = attrs.get("names") or [file.name for file in attrs["files"]]
        if len(names) != len(attrs["files"]):
            raise serializers.ValidationError({"names": "send one name for each file, or none"})
        return {**attrs, "names": names}


class LeftOutSerializer(serializers.ModelSerializer):
    """An entry of an upload that became no item. archive: the zip that it came in, if it did."""

    archive = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)

    class Meta:
        model = ImportLeftOut
        fields = ["name", "archive", "code", "reason"]


class ArchiveSerializer(serializers.ModelSerializer):
    """A zip of an upload."""

    error = serializers.SerializerMethodField()

    class Meta:
        model = ImportArchive
        fields = ["name", "state", "error"]

    @extend_schema_field(ErrorSerializer(allow_null=True))
    def get_error(self, archive: ImportArchive) -> dict | None:
        return ErrorSerializer(archive).data if archive.state == ImportArchive.State.REJECTED else None


class ImportSerializer(serializers.ModelSerializer):
    """An upload of meshes, and how far it is.

    jobs_before: while all its work waits, how many jobs are done before it; else null.
    """

    status = serializers.SerializerMethodField()
    jobs_before = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()
    failed = serializers.SerializerMethodField()
    left_out = LeftOutSerializer(many=True, read_only=True)
    archives = ArchiveSerializer(many=True, read_only=True)

    class Meta:
        model = Import
        fields = [
            *("id", "name", "status", "jobs_before", "total", "done", "failed"),
            *("left_out", "archives", "created"),
        ]

    def to_representation(self, upload: Import) -> dict:
        self._progress = import_progress(upload)
        return super().to_representation(upload)

    def get_status(self, upload: Import) -> str:
        return self._progress.state

    def get_jobs_before(self, upload: Import) -> int | None:
        return None if self._progress.state == "ready" else jobs_before(f"import:{upload.pk}")

    def get_total(self, upload: Import) -> int:
        return self._progress.total

    def get_done(self, upload: Import) -> int:
        return self._progress.done

    def get_failed(self, upload: Import) -> int:
        return self._progress.failed


class UploadedSerializer(serializers.Serializer):
    """What became of an upload's files."""

    upload = ImportSerializer()
    items = ItemSerializer(many=True)
