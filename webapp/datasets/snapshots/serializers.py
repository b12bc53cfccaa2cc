"""How the API shows and takes snapshots."""

from rest_framework import serializers

from webapp.datasets.models import Snapshot


class SnapshotSerializer(serializers.ModelSerializer):
    """A frozen, numbered set of labels.

    digest: SHA-256 of its manifest, the same for the same labels. card: what is in it, how sure it is and
    what is known to be wrong with it. Both, count and frozen are empty until it is ready.
    """

    status = serializers.ChoiceField(choices=Snapshot.State.choices, source="state", read_only=True)
    created_by = serializers.SlugRelatedField("username", read_only=True)
    card = serializers.DictField(allow_null=True, read_only=True)
    error = serializers.SerializerMethodField()

    class Meta:
        model = Snapshot
        fields = [
            *("number", "note", "status", "digest", "count", "card", "error"),
            *("created_by", "created", "frozen"),
        ]

    def get_error(self, snapshot: Snapshot) -> str | None:
        return f"{snapshot.error}; {snapshot.hint}".strip("; ") or None


class SnapshotRequestSerializer(serializers.Serializer):
    """note: what the snapshot is for."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class MatchSerializer(serializers.Serializer):
    """An item, by the SHA-256 of its mesh."""

    item = serializers.CharField()
    character = serializers.CharField()
    relation = serializers.CharField()


class LabelSerializer(serializers.Serializer):
    """What a picture was found to be."""

    verdict = serializers.CharField()
    matches = MatchSerializer(many=True)
    reason = serializers.CharField()


class ChangeSerializer(serializers.Serializer):
    """One picture, by its SHA-256, with its labels before and after."""

    query = serializers.CharField()
    kind = serializers.ChoiceField(["added", "removed", "changed"])
    before = LabelSerializer(many=True)
    after = LabelSerializer(many=True)


class DifferenceSerializer(serializers.Serializer):
    """How many pictures' labels were added, removed, changed, or stayed; and the first changes."""

    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    first = ChangeSerializer(many=True)
