"""The parts of a batch's queries, by how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from webapp.batches.models import Batch, Query


@dataclass(frozen=True)
class BatchParts:
    """The parts of a batch's queries, refused ones left out.

    waiting: for their suggestions. suggested: to be answered, none or too few answers yet. answered: with a
    label. disputed: all answers there, and no label. settled: labelled by a reviewer's ruling.
    """

    waiting: int = 0
    suggested: int = 0
    answered: int = 0
    disputed: int = 0
    settled: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.suggested + self.answered + self.disputed + self.settled


def batch_parts(batch: Batch) -> BatchParts:
    """The parts of one batch, in one database query."""
    return batches_parts([batch])[batch.pk]


def batches_parts(batches: Iterable[Batch]) -> dict[int, BatchParts]:
    """The parts of each of the batches, by its id: one database query, however many batches."""
    ids = [batch.pk for batch in batches]
    ready = Q(state=Query.State.READY)
    rows = (
        Query.objects.filter(batch__in=ids)
        .order_by()
        .values("batch")
        .annotate(
            waiting=Count("pk", filter=Q(state=Query.State.WAITING)),
            suggested=Count("pk", filter=ready & Q(answered=False, disputed=False)),
            labelled=Count("pk", filter=ready & Q(answered=True, settled=False)),
            disputed=Count("pk", filter=ready & Q(disputed=True)),
            settled=Count("pk", filter=ready & Q(settled=True)),
        )
    )
    parts = {
        row["batch"]: BatchParts(
            waiting=row["waiting"],
            suggested=row["suggested"],
            answered=row["labelled"],
            disputed=row["disputed"],
            settled=row["settled"],
        )
        for row in rows
    }
    return {pk: parts.get(pk, BatchParts()) for pk in ids}
