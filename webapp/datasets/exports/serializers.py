"""How the API shows and takes exports."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.serializers import RefusalSerializer
from webapp.datasets.exports.formats import CHOICES
from webapp.datasets.exports.sources.stored_files import BLOCK, DAMAGED, GONE, NOT_MADE, NOT_SHOWN, PICTURE
from webapp.datasets.models import Export
from webapp.jobs.turns import jobs_before


class MissingFileSerializer(serializers.Serializer):
    """A stored file that could not be put in: of a picture or of a block, by its name and its SHA-256."""

    kind = serializers.ChoiceField([PICTURE, BLOCK])
    name = serializers.CharField()
    sha256 = serializers.CharField()
    problem = serializers.ChoiceField([GONE, DAMAGED, NOT_MADE, NOT_SHOWN])


class ExportSerializer(serializers.ModelSerializer):
    """A file of labels: of a batch, or of a snapshot, by its number.

    jobs_before: while it waits, how many jobs are done before it; else null. size: bytes, and sha256, of the
    file; download: its address. All three empty until it is ready. missing_count: stored files that were gone
    or damaged, and are not in it; missing: the first hundred.
    """

    status = serializers.ChoiceField(choices=Export.State.choices, source="state", read_only=True)
    snapshot = serializers.SlugRelatedField("number", read_only=True)
    jobs_before = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    format = serializers.ChoiceField(CHOICES, read_only=True)
    missing = MissingFileSerializer(many=True, read_only=True)
    download = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = [
            "id",
            "batch",
            "snapshot",
            "page",
            "format",
            "split",
            "with_images",
            "status",
            "jobs_before",
            "size",
            "sha256",
            "missing_count",
            "missing",
            "error",
            "download",
            "created",
        ]

    def get_jobs_before(self, export: Export) -> int | None:
        return jobs_before(f"export:{export.pk}") if export.state == Export.State.WAITING else None

    @extend_schema_field(RefusalSerializer(allow_null=True))
    def get_error(self, export: Export) -> dict | None:
        return RefusalSerializer(export).data if export.state == Export.State.FAILED else None

    def get_download(self, export: Export) -> str | None:
        if export.state != Export.State.READY:
            return None
        return reverse("api-export-download", args=[export.pk])


class ExportRequestSerializer(serializers.Serializer):
    """Which labels are wanted, and how: a batch's as they are now, or a snapshot's, by its number.

    A batch leaves as excel, csv, jsonl or course, a snapshot in every format but those of pages, and the
    batch of a document in those too. page: the only page wanted. split: of a snapshot. images: another word
    for with_images.
    """

    batch = serializers.IntegerField(min_value=1, required=False)
    snapshot = serializers.IntegerField(min_value=1, required=False)
    page = serializers.IntegerField(min_value=1, required=False)
    format = serializers.ChoiceField(choices=CHOICES)
    split = serializers.ChoiceField(choices=Export.Split.choices, required=False)
    with_images = serializers.BooleanField(required=False)
    images = serializers.BooleanField(required=False)

    def validate(self, attrs: dict) -> dict:
        """One of a batch and a snapshot; and either word asks for the pictures."""
        if ("batch" in attrs) == ("snapshot" in attrs):
            raise serializers.ValidationError({"batch": "name a batch, or a snapshot, and not both"})
        images = attrs.pop("images", False)
        return {**attrs, "with_images": attrs.get("with_images", False) or images}
