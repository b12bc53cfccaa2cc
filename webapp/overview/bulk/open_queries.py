"""Queries that a person may still answer together with others."""

from itertools import islice
from typing import Any, NamedTuple

from django.db.models import F

from webapp.batches.models import Batch
from webapp.gallery.models import Item
from webapp.review.assignment.order import Order, open_for, unleased
from webapp.review.cards.blind import is_blind
from webapp.search.models import Suggestion


class First(NamedTuple):
    """A query's first suggestion, of which ``pk`` is the id, in few words: a batch may have ten thousand.

    character: the item's; "" where it is not known.
    """

    pk: int
    query: int
    item: int
    confidence: float
    character: str


def agreeing(threshold: float) -> dict[str, Any]:
    """Conditions on ``Suggestion``: of the character that is proposed for the box, at least so surely."""
    return {
        "item__character__gt": "",
        "query__box__proposal": F("item__character"),
        "query__box__proposal_score__gte": threshold,
    }


def open_firsts(batch: Batch, user, *, most: int | None = None, **only) -> list[First]:
    """The first suggestions of the batch's queries that ``user`` may still answer together with others.

    Not those that somebody else has a lease of, that are settled, that need no more answers, that this person
    has answered or put off, or is to see blind: what is answered together tells nothing of the ranking.
    most: the first so many. only: further conditions on ``Suggestion``. Ordered by query.
    """
    queries = unleased(open_for(batch, user, Order.BATCH), user).order_by()
    firsts = Suggestion.objects.filter(
        rank=1, query__in=queries.values("pk"), item__state=Item.State.READY, **only
    )
    rows = (
        firsts.order_by("query")
        .values_list("pk", "query", "item", "confidence", "item__character")
        .iterator()
    )
    seen = (First(*row) for row in rows if not is_blind(row[1], user.pk, batch.blind_share))
    return list(islice(seen, most))
