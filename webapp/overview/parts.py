"""How far batches are, part by part."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from webapp.batches.models import Batch, Query


@dataclass(frozen=True)
class Parts:
    """A batch's pictures, each counted once.

    waiting: for their suggestions. suggested: to be answered. answered: with a label. disputed: answered
    by all who were asked, who differ. settled: a reviewer ruled. refused: could not be read.
    """

    waiting: int = 0
    suggested: int = 0
    answered: int = 0
    disputed: int = 0
    settled: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """All but the refused ones."""
        return self.waiting + self.suggested + self.answered + self.disputed + self.settled

    @property
    def labelled(self) -> int:
        return self.answered + self.settled


def batch_parts(batch: Batch) -> Parts:
    """The parts of one batch."""
    return batches_parts([batch])[batch.pk]


def batches_parts(batches: Iterable[Batch]) -> dict[int, Parts]:
    """The parts of each batch, by its id: one question, however many batches."""
    ids = [batch.pk for batch in batches]
    ready = Q(state=Query.State.READY)
    disputed, answered = Q(settled=False, disputed=True), Q(settled=False, disputed=False, answered=True)
    counted = (
        Query.objects.filter(batch__in=ids)
        .order_by()
        .values("batch")
        .annotate(
            n_waiting=Count("pk", filter=Q(state=Query.State.WAITING)),
            n_suggested=Count("pk", filter=ready & Q(settled=False, disputed=False, answered=False)),
            n_answered=Count("pk", filter=ready & answered),
            n_disputed=Count("pk", filter=ready & disputed),
            n_settled=Count("pk", filter=ready & Q(settled=True)),
            n_refused=Count("pk", filter=Q(state=Query.State.REJECTED)),
        )
    )
    found = {row.pop("batch"): Parts(**{k.removeprefix("n_"): v for k, v in row.items()}) for row in counted}
    return {pk: found.get(pk, Parts()) for pk in ids}
