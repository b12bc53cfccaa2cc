"""A batch's queries by the confidence of their first suggestion."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from common.intervals import wilson_interval
from webapp.batches.models import Batch
from webapp.overview.bulk.open_queries import open_firsts
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.review.consensus.labels import batch_labels
from webapp.search.models import Suggestion

STEPS = 200
"""The confidence slider's steps from 0 to 1."""
EDGES = [step / STEPS for step in range(STEPS + 1)]


@dataclass(frozen=True)
class Tally:
    """Answered queries, and those of them whose answer is the first suggestion."""

    right: int
    count: int

    def numbers(self) -> list[float]:
        """right, count, and the 95 % interval of the share."""
        return [self.right, self.count, *(round(edge, 4) for edge in wilson_interval(self.right, self.count))]


@dataclass(frozen=True)
class Level:
    """Queries at or above a confidence. open: to be answered. expected: their mean confidence, if any."""

    open: int
    expected: float | None
    measured: Tally
    blind: Tally


def newest_suggestion(batch: Batch) -> int:
    """The id of the batch's newest suggestion: what a person looks at now has none above it."""
    rows = Suggestion.objects.filter(query__batch=batch).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


@dataclass(frozen=True)
class ConfidenceCounts:
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


def confidence_counts(batch: Batch, user) -> ConfidenceCounts:
    """The batch's open queries, and its labels, by confidence.

    What was accepted for its confidence measures nothing, and is left out of the labels.
    """
    newest = newest_suggestion(batch)
    counts, sums = [0] * (STEPS + 1), [0.0] * (STEPS + 1)
    for first in open_firsts(batch, user):
        step = step_of(first.confidence)
        counts[step] += 1
        sums[step] += first.confidence
    counted = Counter(_measured(batch))
    right, wrong, blind_right, blind_wrong = (
        [
            counted[step, is_right, True] + (0 if blind else counted[step, is_right, False])
            for step in range(STEPS + 1)
        ]
        for blind, is_right in ((False, True), (False, False), (True, True), (True, False))
    )
    return ConfidenceCounts(counts, sums, right, wrong, blind_right, blind_wrong, newest)


def step_of(confidence: float) -> int:
    """The highest step that the confidence reaches."""
    return max(0, bisect_right(EDGES, confidence) - 1)


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
