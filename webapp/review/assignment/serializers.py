"""How the API takes and shows cards that are assigned, and a batch's settings."""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework import serializers

from webapp.accounts.models import User
from webapp.review.assignment.batch_settings import MOST_SHARE, MOST_WANTED, BatchSettings
from webapp.review.assignment.leases import MOST_CARDS, MOST_LEASES
from webapp.review.assignment.order import Order
from webapp.review.cards.serializers import CardSerializer

_ORDERS = [(order.value, order.value) for order in Order]


def _ids() -> serializers.ListField:
    """A list of ids, as many as a person may have."""
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_LEASES,
        required=False,
        default=list,
    )


class AssignSerializer(serializers.Serializer):
    """Which cards are asked for.

    order: "batch" as they came, "uncertain" the least sure first, "character" by the first suggestion's
    character, "disagreement" where annotators differ, "text" where the text of the page says otherwise. have:
    ids that one has already. skipped: what one put
    off may come again. after: in the batch's own order, begin behind this id.
    """

    refusals: ClassVar[Mapping[str, str]] = {"order": "bad_order"}

    order = serializers.ChoiceField(choices=_ORDERS, default=Order.BATCH.value)
    count = serializers.IntegerField(min_value=1, max_value=MOST_CARDS, default=1)
    have = _ids()
    skipped = serializers.BooleanField(default=False)
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)

    def validate_order(self, value: str) -> Order:
        return Order(value)


class AssignmentSerializer(serializers.Serializer):
    """The cards; how many more wait for one's answer, leased by others or not; when the leases run out."""

    cards = CardSerializer(many=True)
    left = serializers.IntegerField()
    until = serializers.DateTimeField()


class LeasedIdsSerializer(serializers.Serializer):
    """Ids of queries whose cards one has."""

    ids = _ids()


class ExtensionSerializer(serializers.Serializer):
    """Cards that one keeps, and those that somebody else has, or that are not there, by now."""

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
