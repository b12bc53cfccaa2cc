"""How the API shows and takes exports."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.datasets.models import Export


class ExportErrorSerializer(serializers.Serializer):
    """Why an export could not be written, and what to do."""

    message = serializers.CharField(source="error")
    hint = serializers.CharField()


class ExportSerializer(serializers.ModelSerializer):
    """A file of a batch's labels.

    size: bytes, and sha256, of the file; download: its address. All three empty until it is ready.
    """

    status = serializers.ChoiceField(choices=Export.State.choices, source="state", read_only=True)
    error = serializers.SerializerMethodField()
    download = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = [
            "id",
            "batch",
            "format",
            "with_images",
            "status",
            "size",
            "sha256",
            "error",
            "download",
            "created",
        ]

    @extend_schema_field(ExportErrorSerializer(allow_null=True))
    def get_error(self, export: Export) -> dict | None:
        return ExportErrorSerializer(export).data if export.state == Export.State.FAILED else None

    def get_download(self, export: Export) -> str | None:
        if export.state != Export.State.READY:
            return None
        return reverse("api-export-download", args=[export.pk])


class ExportRequestSerializer(serializers.Serializer):
    """Which labels are wanted, and how. images: another word for with_images."""

    batch = serializers.IntegerField(min_value=1)
    format = serializers.ChoiceField(choices=Export.Format.choices)
    with_images = serializers.BooleanField(required=False)
    images = serializers.BooleanField(required=False)

    def validate(self, attrs: dict) -> dict:
        """Either word asks for the pictures."""
        images = attrs.pop("images", False)
        return {**attrs, "with_images": attrs.get("with_images", False) or images}
