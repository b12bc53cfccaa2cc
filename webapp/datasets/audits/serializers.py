"""How the API shows and takes audits."""

from rest_framework import serializers

from webapp.datasets.audits.selectors import audit_progress
from webapp.datasets.models import Audit, AuditRow


class AuditProgressSerializer(serializers.Serializer):
    """total: rows. kept, changed: what people made of them. first_seen, first_changed: of the first 100."""

    total = serializers.IntegerField()
    kept = serializers.IntegerField()
    changed = serializers.IntegerField()
    first_seen = serializers.IntegerField()
    first_changed = serializers.IntegerField()


class AuditSerializer(serializers.ModelSerializer):
    """Labels that were weighed, of a batch or of a snapshot, by its number.

    labels: how many; left_out: those without a picture. wrong: how many confident learning counts as wrong.
    """

    status = serializers.ChoiceField(choices=Audit.State.choices, source="state", read_only=True)
    snapshot = serializers.SlugRelatedField("number", read_only=True)
    created_by = serializers.SlugRelatedField("username", read_only=True)
    error = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Audit
        fields = [
            *("id", "batch", "snapshot", "status", "labels", "left_out", "wrong", "progress", "error"),
            *("created_by", "created", "made"),
        ]

    def get_error(self, audit: Audit) -> str | None:
        return f"{audit.error}; {audit.hint}".strip("; ") or None

    def get_progress(self, audit: Audit) -> AuditProgressSerializer:
        return AuditProgressSerializer(audit_progress(audit)).data


class AuditRequestSerializer(serializers.Serializer):
    """One of a batch, by its id, and a snapshot, by its number."""

    batch = serializers.IntegerField(min_value=1, required=False)
    snapshot = serializers.IntegerField(min_value=1, required=False)

    def validate(self, attrs: dict) -> dict:
        if ("batch" in attrs) == ("snapshot" in attrs):
            raise serializers.ValidationError({"batch": "name a batch, or a snapshot, and not both"})
        return attrs


class AuditRowSerializer(serializers.ModelSerializer):
    """A label that is doubted. doubt: in [0, 1], 0.5 where as much speaks for another block.

    item: of the label; suggested: that fits better. character: what the picture looks like, where no block
    shows it. other: a query nearly the same, with another label.
    """

    annotator = serializers.CharField(source="decision.annotator.username", read_only=True)
    decided = serializers.DateTimeField(source="decision.created", read_only=True)
    verdict = serializers.CharField(source="decision.verdict", read_only=True)
    item = serializers.IntegerField(source="decision.item_id", allow_null=True, read_only=True)

    class Meta:
        model = AuditRow
        fields = [
            *("rank", "doubt", "kind", "state", "query", "verdict", "item", "annotator", "decided"),
            *("suggested", "character", "other"),
        ]


class RowFilterSerializer(serializers.Serializer):
    """Which of an audit's rows are wanted."""

    kind = serializers.ChoiceField(choices=AuditRow.Kind.choices, required=False)
    state = serializers.ChoiceField(choices=AuditRow.State.choices, required=False)
