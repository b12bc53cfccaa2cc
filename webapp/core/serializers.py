"""Shapes that several rooms' answers share."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.models import Refusable


class RefusalSerializer(serializers.Serializer):
    """Why something was refused, and what to do."""

    code = serializers.CharField(source="error_code")
    message = serializers.CharField(source="error")
    hint = serializers.CharField()


@extend_schema_field(RefusalSerializer(allow_null=True))
class RefusalField(serializers.Field):
    """The refusal of a ``Refusable`` row; null for one that was not refused."""

    def __init__(self, **options) -> None:
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, row: Refusable) -> dict | None:
        return RefusalSerializer(row).data if row.state == Refusable.State.REJECTED else None


class SentFilesSerializer(serializers.Serializer):
    """Files of an upload. names: their paths, one for each, where the file names alone do not tell."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=None), allow_empty=False
    )
    names = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False), required=False, allow_empty=True
    )

    def validate(self, attrs: dict) -> dict:
        """A name for each file, or none at all."""
        names = attrs.get("names") or [file.name for file in attrs["files"]]
        if len(names) != len(attrs["files"]):
            raise serializers.ValidationError({"names": "send one name for each file, or none"})
        return {**attrs, "names": names}
