"""How the API takes and shows rulings."""

from rest_framework import serializers

from webapp.review.answer import MOST_COMMENT
from webapp.review.answering.serializers import AnswerFields
from webapp.review.models import Decision, Ruling


class RulingSerializer(serializers.ModelSerializer):
    """What a reviewer decided; the newest one stands. decision: the label, unless it was sent back."""

    reviewer = serializers.CharField(source="reviewer.username", read_only=True)

    class Meta:
        model = Ruling
        fields = ["id", "query", "reviewer", "kind", "decision", "comment", "created"]


class RulingRequestSerializer(AnswerFields):
    """A ruling. kind: "approve" the label as it is, "send_back" with a comment, or "settle".

    verdict: with settle, match with its item, or none with its reason. also: further matches.
    """

    kind = serializers.ChoiceField(choices=Ruling.Kind.choices)
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices, required=False)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=MOST_COMMENT, default="")

    def validate(self, attrs: dict) -> dict:
        """A verdict comes with settle, and only with it."""
        if ("verdict" in attrs) != (attrs["kind"] == Ruling.Kind.SETTLE):
            raise serializers.ValidationError({"verdict": "send it with settle, and only with it"})
        return attrs


class GoldSerializer(serializers.Serializer):
    """Whether the query is a gold card."""

    gold = serializers.BooleanField()
