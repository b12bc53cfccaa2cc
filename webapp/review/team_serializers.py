"""How the API shows and takes many people's work on a batch."""

from rest_framework import serializers

from webapp.accounts.models import User
from webapp.gallery.models import Item
from webapp.review.answers import MOST_COMMENT
from webapp.review.batch_settings import MOST_SHARE, MOST_WANTED, BatchSettings
from webapp.review.leases import MOST_CARDS, MOST_HELD
from webapp.review.models import Decision, Ruling
from webapp.review.queue import Order
from webapp.review.serializers import FurtherMatchSerializer

_ORDERS = [(order.value, order.value) for order in Order]


def _ids() -> serializers.ListField:
    """A list of ids, fewer than a person may hold."""
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=MOST_HELD, required=False
    )


class DealSerializer(serializers.Serializer):
    """Which cards are asked for.

    order: "batch" as they came, "uncertain" the least sure first, "character" by the first suggestion's
    character, "disagreement" where annotators differ. have: ids that one has already. skipped: what one put
    off may come again. after: in the batch's own order, begin behind this id.
    """

    order = serializers.ChoiceField(choices=_ORDERS, default=Order.BATCH.value)
    count = serializers.IntegerField(min_value=1, max_value=MOST_CARDS, default=1)
    have = _ids()
    skipped = serializers.BooleanField(default=False)
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)


class CardItemSerializer(serializers.Serializer):
    """An item as a card shows it; thumbnail, print, viewer, glyph and page are addresses."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    character = serializers.CharField()
    codepoint = serializers.CharField()
    thumbnail = serializers.CharField(allow_null=True)
    print = serializers.CharField(allow_null=True)
    viewer = serializers.CharField(allow_null=True)
    glyph = serializers.CharField(allow_null=True)
    page = serializers.CharField()


class CardSuggestionSerializer(serializers.Serializer):
    """One suggestion in the order shown. On a blind card rank is its place, distance and confidence null."""

    rank = serializers.IntegerField()
    item = CardItemSerializer()
    distance = serializers.FloatField(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    mirrored = serializers.BooleanField()
    gone = serializers.BooleanField(help_text="The item cannot be chosen any more")


class CommentSerializer(serializers.Serializer):
    """What somebody wrote."""

    who = serializers.CharField()
    text = serializers.CharField()
    created = serializers.DateTimeField()


class CardSerializer(serializers.Serializer):
    """A query as it is put before one person.

    version: to be sent with the answer, which is refused where the card changed meanwhile. others: what
    other people say of it; null while that is hidden. sent_back: a reviewer's question to the annotators.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    image = serializers.CharField(allow_null=True)
    answered = serializers.BooleanField()
    version = serializers.CharField()
    blind = serializers.BooleanField()
    settled = serializers.BooleanField()
    flagged = serializers.BooleanField()
    suggestions = CardSuggestionSerializer(many=True)
    decision = serializers.DictField(allow_null=True)
    comments = CommentSerializer(many=True)
    others = serializers.ListField(child=serializers.DictField(), allow_null=True)
    sent_back = CommentSerializer(allow_null=True)


class DealtSerializer(serializers.Serializer):
    """The cards dealt; how many more wait for one's answer, in others' hands or not; when they run out."""

    cards = CardSerializer(many=True)
    left = serializers.IntegerField()
    until = serializers.DateTimeField()


class HeldIdsSerializer(serializers.Serializer):
    """Ids of queries whose cards one holds."""

    ids = _ids()


class HeldSerializer(serializers.Serializer):
    """What is held still, and what somebody else has, or nobody may, by now."""

    held = serializers.ListField(child=serializers.IntegerField())
    lost = serializers.ListField(child=serializers.IntegerField())


class BatchSettingsSerializer(serializers.Serializer):
    """How a batch is answered.

    wanted: answers a query, by as many people. hidden: others' answers until all are there. assigned: names
    of the annotators whose work it is; everybody's who sees the batch, where there are none. blind_share,
    gold_share: per cent of the cards.
    """

    wanted = serializers.IntegerField(min_value=1, max_value=MOST_WANTED)
    hidden = serializers.BooleanField()
    assigned = serializers.SlugRelatedField(
        slug_field="username", many=True, queryset=User.objects.filter(is_active=True)
    )
    blind_share = serializers.IntegerField(min_value=0, max_value=MOST_SHARE)
    gold_share = serializers.IntegerField(min_value=0, max_value=MOST_SHARE)

    def to_representation(self, settings: BatchSettings) -> dict:
        names = User.objects.filter(pk__in=settings.assigned).order_by("username")
        return {
            "wanted": settings.wanted,
            "hidden": settings.hidden,
            "assigned": list(names.values_list("username", flat=True)),
            "blind_share": settings.blind_share,
            "gold_share": settings.gold_share,
        }

    def changed(self, settings: BatchSettings) -> BatchSettings:
        """``settings`` with what was sent."""
        sent = dict(self.validated_data)
        if "assigned" in sent:
            sent["assigned"] = frozenset(person.pk for person in sent["assigned"])
        return BatchSettings(**{**vars(settings), **sent})


class RemarkSerializer(serializers.Serializer):
    """A comment, or a flag that asks a reviewer to look, or both."""

    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=MOST_COMMENT)
    flag = serializers.BooleanField(required=False, default=False)


class RulingSerializer(serializers.ModelSerializer):
    """What a reviewer decided; the newest one stands. decision: the label, unless it was sent back."""

    reviewer = serializers.CharField(source="reviewer.username", read_only=True)

    class Meta:
        model = Ruling
        fields = ["id", "query", "reviewer", "kind", "decision", "comment", "created"]


class RulingRequestSerializer(serializers.Serializer):
    """A ruling. kind: "approve" the label as it is, "send_back" with a comment, or "settle".

    verdict: with settle, match with its item, or none with its reason. also: further matches.
    """

    kind = serializers.ChoiceField(choices=Ruling.Kind.choices)
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices, required=False)
    item = serializers.PrimaryKeyRelatedField(queryset=Item.objects.all(), required=False, allow_null=True)
    relation = serializers.ChoiceField(choices=Decision.Relation.choices, required=False, allow_blank=True)
    reason = serializers.ChoiceField(choices=Decision.Reason.choices, required=False, allow_blank=True)
    also = FurtherMatchSerializer(many=True, required=False)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=MOST_COMMENT, default="")

    def validate(self, attrs: dict) -> dict:
        """A verdict comes with settle, and only with it."""
        if ("verdict" in attrs) != (attrs["kind"] == Ruling.Kind.SETTLE):
            raise serializers.ValidationError({"verdict": "send it with settle, and only with it"})
        return attrs


class EstimateSerializer(serializers.Serializer):
    """A mean of ``count`` values with its 95 % interval; null where there are too few."""

    count = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class PersonSerializer(serializers.Serializer):
    """One annotator. seconds: median a card. gold, settled: share answered as is known to be right."""

    name = serializers.CharField()
    answers = serializers.IntegerField()
    skipped = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)
    gold = EstimateSerializer()
    settled = EstimateSerializer()


class PairSerializer(serializers.Serializer):
    """Two annotators: queries both answered, those they answered alike, and Cohen's kappa."""

    first = serializers.CharField()
    second = serializers.CharField()
    both = serializers.IntegerField()
    agreed = serializers.IntegerField()
    kappa = serializers.FloatField(allow_null=True)


class PeopleSerializer(serializers.Serializer):
    """The people of a batch. alpha: Krippendorff's, over the ``compared`` queries with several answers."""

    persons = PersonSerializer(many=True)
    pairs = PairSerializer(many=True)
    alpha = serializers.FloatField(allow_null=True)
    compared = serializers.IntegerField()


class ChoicesSerializer(serializers.Serializer):
    """What was chosen: share that chose the first suggestion, and the mean reciprocal rank."""

    answers = serializers.IntegerField()
    first = EstimateSerializer()
    mrr = EstimateSerializer()


class LeadingSerializer(serializers.Serializer):
    """Blind cards against those with the ranking in sight, and the differences."""

    blind = ChoicesSerializer()
    seen = ChoicesSerializer()
    first = EstimateSerializer()
    mrr = EstimateSerializer()


class GoldSerializer(serializers.Serializer):
    """Whether the query is a gold card."""

    gold = serializers.BooleanField()
