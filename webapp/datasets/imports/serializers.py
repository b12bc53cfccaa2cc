"""How the API shows and takes label imports."""

from rest_framework import serializers

from webapp.datasets.imports.selectors import standings_of
from webapp.datasets.models import LabelImport, LabelImportRow


class LabelImportSerializer(serializers.ModelSerializer):
    """A file of labels. rows: how many stand how beside what is here.

    written, left: rows that became answers, and those that could not. withdrawn, stay: answers taken back,
    and those that somebody had changed.
    """

    status = serializers.ChoiceField(choices=LabelImport.State.choices, source="state", read_only=True)
    created_by = serializers.SlugRelatedField("username", read_only=True)
    error = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()

    class Meta:
        model = LabelImport
        fields = [
            *("id", "name", "sha256", "format", "by_name_in", "status", "rows", "error", "replace"),
            *("written", "left", "withdrawn", "stay", "created_by", "created", "finished"),
        ]

    def get_error(self, upload: LabelImport) -> str | None:
        return f"{upload.error}; {upload.hint}".strip("; ") or None

    def get_rows(self, upload: LabelImport) -> dict[str, int]:
        return standings_of(upload)


class LabelImportRequestSerializer(serializers.Serializer):
    """by_name_in: id of the batch in which pictures without a hash are known by their names."""

    file = serializers.FileField()
    by_name_in = serializers.IntegerField(min_value=1, required=False)


class LabelImportApplySerializer(serializers.Serializer):
    """replace: also where the label here is another."""

    replace = serializers.BooleanField(required=False, default=False)


class LabelImportRowSerializer(serializers.ModelSerializer):
    """What the file says of one picture. word: why it cannot be used. decision: what it became."""

    class Meta:
        model = LabelImportRow
        fields = [
            *("line", "standing", "word", "picture", "told", "query", "verdict", "item", "relation"),
            *("reason", "comment", "also", "said_by", "said", "decision"),
        ]


class StandingFilterSerializer(serializers.Serializer):
    """Which of a file's rows are wanted."""

    standing = serializers.ChoiceField(choices=LabelImportRow.Standing.choices, required=False)
