"""The reviewer's second pass: which queries to look at, and where each stands in the list."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from webapp.batches.models import Batch, Query
from webapp.review.models import Gold, Remark

LOW = 0.6
"""Agreement below which few answers are the same."""


class QueueFilter(StrEnum):
    """Which queries of a batch are listed.

    open: all that a reviewer should look at.
    disputed: all answers are there, and no label.
    flagged: an annotator asks.
    differ: not all answers are the same.
    low: few answers are the same.
    answered: labelled, nobody has ruled.
    settled: a reviewer has ruled.
    gold: annotators are measured by it.
    """

    OPEN = "open"
    DISPUTED = "disputed"
    FLAGGED = "flagged"
    DIFFER = "differ"
    LOW = "low"
    ANSWERED = "answered"
    SETTLED = "settled"
    GOLD = "gold"


def adjudication_queue(batch: Batch, shown: QueueFilter = QueueFilter.OPEN) -> QuerySet[Query]:
    """The batch's queries for a second pass, each with ``flagged``; those with least agreement first."""
    flags = Remark.objects.filter(query=OuterRef("pk"), flag=True, resolved__isnull=True)
    gold = Gold.objects.filter(query=OuterRef("pk"))
    ready = Query.objects.filter(batch=batch, state=Query.State.READY).defer("vector")
    ready = ready.annotate(flagged=Exists(flags), is_gold=Exists(gold))
    wanted = {
        QueueFilter.OPEN: Q(settled=False) & (Q(disputed=True) | Q(flagged=True) | Q(agreement__lt=1.0)),
        QueueFilter.DISPUTED: Q(disputed=True),
        QueueFilter.FLAGGED: Q(flagged=True),
        QueueFilter.DIFFER: Q(agreement__lt=1.0, settled=False),
        QueueFilter.LOW: Q(agreement__lt=LOW, settled=False),
        QueueFilter.ANSWERED: Q(answered=True, settled=False),
        QueueFilter.SETTLED: Q(settled=True),
        QueueFilter.GOLD: Q(is_gold=True),
    }
    return ready.filter(wanted[shown]).order_by("-disputed", "-flagged", "agreement", "pk")


def filter_of(word: str) -> QueueFilter:
    """The filter of this name; ``open`` where there is none."""
    return {each.value: each for each in QueueFilter}.get(word, QueueFilter.OPEN)


@dataclass(frozen=True)
class QueuePlace:
    """Where a query stands in a list. nth: from 1; 0 where it is not in it. before, next: ids beside it."""

    nth: int
    of: int
    before: int | None
    next: int | None


def place_in_queue(batch: Batch, shown: QueueFilter, query: Query) -> QueuePlace:
    """The query's place in the list; its ends meet, and what is not in it comes before its first."""
    ids = list(adjudication_queue(batch, shown).values_list("pk", flat=True))
    at = ids.index(query.pk) if query.pk in ids else -1
    rest = ids[at + 1 :] + ids[: max(at, 0)]
    return QueuePlace(at + 1, len(ids), rest[-1] if rest else None, rest[0] if rest else None)
