"""The reviewer's second pass: which queries to look at again, and why."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from webapp.batches.models import Batch, Query
from webapp.review.models import Gold, Remark

LOW = 0.6
"""Agreement below which few say the same."""


class Why(StrEnum):
    """open: all that a reviewer should look at. disputed: all answers are there, and no label. flagged: an
    annotator asks. differ: not all say the same. low: few say the same. answered: labelled, nobody has
    ruled. settled: ruled. gold: annotators are measured by it.
    """

    OPEN = "open"
    DISPUTED = "disputed"
    FLAGGED = "flagged"
    DIFFER = "differ"
    LOW = "low"
    ANSWERED = "answered"
    SETTLED = "settled"
    GOLD = "gold"


def second_queries(batch: Batch, why: Why = Why.OPEN) -> QuerySet[Query]:
    """The batch's queries for a second pass, each with ``flagged``; those with least agreement first."""
    flags = Remark.objects.filter(query=OuterRef("pk"), flag=True, resolved__isnull=True)
    gold = Gold.objects.filter(query=OuterRef("pk"))
    ready = Query.objects.filter(batch=batch, state=Query.State.READY).defer("vector")
    ready = ready.annotate(flagged=Exists(flags), is_gold=Exists(gold))
    wanted = {
        Why.OPEN: Q(settled=False) & (Q(disputed=True) | Q(flagged=True) | Q(agreement__lt=1.0)),
        Why.DISPUTED: Q(disputed=True),
        Why.FLAGGED: Q(flagged=True),
        Why.DIFFER: Q(agreement__lt=1.0, settled=False),
        Why.LOW: Q(agreement__lt=LOW, settled=False),
        Why.ANSWERED: Q(answered=True, settled=False),
        Why.SETTLED: Q(settled=True),
        Why.GOLD: Q(is_gold=True),
    }
    return ready.filter(wanted[why]).order_by("-disputed", "-flagged", "agreement", "pk")


def why_of(word: str) -> Why:
    """The reason of this name; ``open`` where there is none."""
    return {why.value: why for why in Why}.get(word, Why.OPEN)


@dataclass(frozen=True)
class Place:
    """Where a query stands in a list. nth: from 1; 0 where it is not in it. before, next: ids beside it."""

    nth: int
    of: int
    before: int | None
    next: int | None


def place_second(batch: Batch, why: Why, query: Query) -> Place:
    """The query's place in the list; its ends meet, and what is not in it comes before its first."""
    ids = list(second_queries(batch, why).values_list("pk", flat=True))
    at = ids.index(query.pk) if query.pk in ids else -1
    rest = ids[at + 1 :] + ids[: max(at, 0)]
    return Place(at + 1, len(ids), rest[-1] if rest else None, rest[0] if rest else None)
