"""What may be answered together: queries still open to a person, by first suggestion and by confidence."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple

from django.db.models import Q, QuerySet

from common.intervals import wilson_interval
from webapp.batches.models import Batch, Query
from webapp.gallery.models import Item
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.review.blind import is_blind
from webapp.review.consensus import label_of
from webapp.review.models import Decision, Ruling
from webapp.review.queue import Order, not_held, open_for
from webapp.search.models import Suggestion

STEPS = 200
"""The confidence slider's steps from 0 to 1."""
EDGES = [step / STEPS for step in range(STEPS + 1)]
_WORDS = ("query", "annotator", "verdict", "item", "blind", "gold", "settles")
_AT_ONCE = 2_000  # ids in one question


@dataclass(frozen=True)
class Group:
    """Queries that may be confirmed as one item. firsts: their first suggestions, the surest first.

    total: how many there are, of which the first are in ``firsts``.
    """

    item: Item
    firsts: list[Suggestion]
    total: int


@dataclass(frozen=True)
class Tally:
    """Answered queries, and those of them whose answer is the first suggestion."""

    right: int
    count: int

    def told(self) -> list[float]:
        """right, count, and the 95 % interval of the share."""
        return [self.right, self.count, *(round(edge, 4) for edge in wilson_interval(self.right, self.count))]


@dataclass(frozen=True)
class Level:
    """Queries at or above a confidence. open: to be answered. expected: their mean confidence, if any."""

    open: int
    expected: float | None
    measured: Tally
    blind: Tally


class First(NamedTuple):
    """A query's first suggestion, of which ``pk`` is the id, in few words: a batch may have ten thousand."""

    pk: int
    query: int
    item: int
    confidence: float


def open_firsts(batch: Batch, user, *, most: int | None = None, **only) -> list[First]:
    """The first suggestions of the batch's queries that ``user`` may still answer together with others.

    Not those that are held by somebody else, that are settled, that need no more answers, that this person
    has answered or put off, or is to see blind: what is answered together tells nothing of the ranking.
    most: the first so many. only: further conditions on ``Suggestion``. Ordered by query.
    """
    queries = not_held(open_for(batch, user, Order.BATCH), user).order_by()
    firsts = Suggestion.objects.filter(
        rank=1, query__in=queries.values("pk"), item__state=Item.State.READY, **only
    )
    rows = firsts.order_by("query").values_list(*First._fields).iterator()
    seen = (First(*row) for row in rows if not is_blind(row[1], user.pk, batch.blind_share))
    return list(islice(seen, most))


def newest_suggestion(batch: Batch) -> int:
    """The id of the batch's newest suggestion: what a person looks at now has none above it."""
    rows = Suggestion.objects.filter(query__batch=batch).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def groups_by_item(batch: Batch, user, *, most: int, each: int) -> tuple[list[Group], int]:
    """Open queries by their first suggestion, the largest groups first; and how many groups there are.

    A query alone with its suggestion makes no group; nor does one that was picked out of a group of it.
    most: groups told of. each: queries told of each.
    """
    by_item: dict[int, list[First]] = {}
    for row in _without_picked_out(open_firsts(batch, user), batch, user):
        by_item.setdefault(row.item, []).append(row)
    return _groups(by_item.values(), most, each)


def groups_by_likeness(
    batch: Batch, user, clusters: Iterable[list[int]], *, most: int, each: int
) -> tuple[list[Group], int]:
    """Open queries that are nearly the same picture, each group with the item most often suggested first.

    clusters: ids of queries that are alike. Where first suggestions differ, those that say otherwise come
    last in their group.
    """
    firsts = {row.query: row for row in _without_picked_out(open_firsts(batch, user), batch, user)}
    return _groups(([firsts[pk] for pk in cluster if pk in firsts] for cluster in clusters), most, each)


@dataclass(frozen=True)
class Sureness:
    """A batch's queries by the confidence of their first suggestion, in ``STEPS`` + 1 bins from 0 to 1.

    open, right, wrong: how many there are in each. sums: of the open ones' confidences. blind_right,
    blind_wrong: those whose answer was given blind, which are among the right and the wrong. newest: as in
    ``BulkAnswer``.
    """

    open: list[int]
    sums: list[float]
    right: list[int]
    wrong: list[int]
    blind_right: list[int]
    blind_wrong: list[int]
    newest: int

    def levels(self) -> list[Level]:
        """What lies at or above each step, from 0 on."""
        names = ("open", "sums", "right", "wrong", "blind_right", "blind_wrong")
        sums = [list(accumulate(reversed(getattr(self, name))))[::-1] for name in names]
        return [
            Level(count, expected / count if count else None, Tally(right, right + wrong), Tally(b, b + c))
            for count, expected, right, wrong, b, c in zip(*sums, strict=True)
        ]


def sureness_of(batch: Batch, user) -> Sureness:
    """The batch's open queries, and its labels, by confidence.

    What was accepted for its confidence measures nothing, and is left out of the labels.
    """
    newest = newest_suggestion(batch)
    counts, sums = [0] * (STEPS + 1), [0.0] * (STEPS + 1)
    for first in open_firsts(batch, user):
        step = step_of(first.confidence)
        counts[step] += 1
        sums[step] += first.confidence
    told = Counter(_measured(batch))
    right, wrong, blind_right, blind_wrong = (
        [
            told[step, is_right, True] + (0 if blind else told[step, is_right, False])
            for step in range(STEPS + 1)
        ]
        for blind, is_right in ((False, True), (False, False), (True, True), (True, False))
    )
    return Sureness(counts, sums, right, wrong, blind_right, blind_wrong, newest)


def step_of(confidence: float) -> int:
    """The highest step that the confidence reaches."""
    return max(0, bisect_right(EDGES, confidence) - 1)


def batch_labels(batch: Batch) -> dict[int, Decision]:
    """The labels of the batch's answered queries, by the query's id, in three questions.

    As ``query_labels``, but for ten thousand of them: without their items and annotators.
    """
    return _labels(Q(batch=batch))


def labels_among(queries: Sequence[int]) -> dict[int, Decision]:
    """As ``batch_labels``, of these queries, whatever batches they are of."""
    labels: dict[int, Decision] = {}
    for start in range(0, len(queries), _AT_ONCE):
        labels |= _labels(Q(pk__in=queries[start : start + _AT_ONCE]))
    return labels


def _labels(which: Q) -> dict[int, Decision]:
    answered = Query.objects.filter(which, answered=True)
    told: dict[int, list[Decision]] = {}
    words = Decision.objects.filter(query__in=answered.values("pk")).only(*_WORDS).order_by("pk")
    for decision in words.iterator():
        told.setdefault(decision.query_id, []).append(decision)
    rulings = Ruling.objects.filter(query__in=answered.values("pk")).select_related("decision").order_by("pk")
    ruled = {ruling.query_id: ruling for ruling in rulings}
    labels = {
        pk: label_of(told.get(pk, ()), wanted=wanted, reopened=reopened, ruling=ruled.get(pk))
        for pk, reopened, wanted in answered.values_list("pk", "reopened", "batch__wanted")
    }
    return {pk: label for pk, label in labels.items() if label}


def bulk_answers_of(batch: Batch, user, *, most: int = 10) -> QuerySet[BulkAnswer]:
    """What ``user`` answered together in the batch, the newest first; what everybody did, for reviewers."""
    deeds = BulkAnswer.objects.filter(batch=batch, written__gt=0)
    seen = deeds if user.is_reviewer else deeds.filter(annotator=user)
    return seen.select_related("item", "annotator", "undo_by").order_by("-created")[:most]


def _without_picked_out(firsts: list[First], batch: Batch, user) -> list[First]:
    """A query that this person picked out of a group is not shown in one of the same item again."""
    out = BulkRow.objects.filter(bulk__batch=batch, bulk__annotator=user, decision=None, bulk__undone=None)
    picked = set(out.values_list("query", "bulk__item"))
    return [row for row in firsts if (row.query, row.item) not in picked]


def _groups(rows: Iterable[list[First]], most: int, each: int) -> tuple[list[Group], int]:
    several = sorted((some for some in rows if len(some) > 1), key=_large_and_sure)
    voted = [_voted(some) for some in several[:most]]
    pks = [row.pk for some in voted for row in some[:each]]
    shown = Suggestion.objects.filter(pk__in=pks).select_related("query", "item").defer("query__vector")
    by_pk = {row.pk: row for row in shown}
    groups = []
    for some in voted:
        firsts = [by_pk[row.pk] for row in some[:each] if row.pk in by_pk]
        if firsts:
            groups.append(Group(firsts[0].item, firsts, len(some)))
    return groups, len(several)


def _large_and_sure(rows: list[First]) -> tuple:
    return -len(rows), -sum(row.confidence for row in rows) / len(rows), rows[0].item


def _voted(rows: list[First]) -> list[First]:
    """The rows with the item most often suggested, and then the others, the surest first."""
    [(item, _)] = Counter(row.item for row in rows).most_common(1)
    return sorted(rows, key=lambda row: (row.item != item, -row.confidence, row.pk))


def _measured(batch: Batch) -> Iterable[tuple[int, bool, bool]]:
    """Of each labelled query: its step, whether it got the first suggestion, and whether it was blind."""
    accepted = BulkRow.objects.filter(bulk__batch=batch, bulk__kind=BulkAnswer.Kind.THRESHOLD)
    for_confidence = set(accepted.exclude(decision=None).values_list("decision", flat=True))
    firsts = Suggestion.objects.filter(query__batch=batch, query__answered=True, rank=1)
    first = {query: (item, sure) for query, item, sure in firsts.values_list("query", "item", "confidence")}
    for pk, label in batch_labels(batch).items():
        if pk in first and label.pk not in for_confidence:
            item, confidence = first[pk]
            yield step_of(confidence), label.item_id == item, label.blind
