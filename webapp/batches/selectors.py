"""What may be read of batches, and how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from webapp.batches.models import Batch, BatchArchive, BatchLeftOut, MaybePage, Query

STATES = ("unpacking", "working", "ready")
LEFT_OUT_SHOWN = 200
"""So many left-out entries are named in one answer; a zip made on a Mac may hold one for each picture."""


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch is.

    total: queries, of which waiting, done and failed are the parts; answered: of those done.
    left_out: entries that became no query. unpacking: whether a zip still waits, so total will grow.
    """

    total: int = 0
    waiting: int = 0
    done: int = 0
    failed: int = 0
    left_out: int = 0
    answered: int = 0
    unpacking: bool = False

    @property
    def state(self) -> str:
        """One of ``STATES``."""
        return "unpacking" if self.unpacking else "working" if self.waiting else "ready"


def batches_for(user) -> QuerySet[Batch]:
    """The one rule of who sees a batch: its owner, whom it is assigned to, the project where it is shared,
    and curators.
    """
    if user.is_curator:
        return Batch.objects.all()
    assigned = Batch.assigned.through.objects.filter(user=user).values("batch")
    return Batch.objects.filter(Q(owner=user) | Q(shared=True) | Q(pk__in=assigned))


def queries_for(user) -> QuerySet[Query]:
    """Queries of the batches that ``user`` sees, in the order in which they came."""
    return Query.objects.filter(batch__in=batches_for(user)).order_by("pk")


def cards_for(user) -> QuerySet[Query]:
    """Queries whose card ``user`` may see: ``queries_for``, and gold cards that they were given or answered.

    A gold card comes from anybody's batch; of the rest of that batch they see nothing.
    """
    given = Q(lease__holder=user) | Q(decisions__annotator=user, decisions__gold=True)
    gold = Query.objects.filter(given, gold__isnull=False).order_by()
    return Query.objects.filter(Q(batch__in=batches_for(user)) | Q(pk__in=gold.values("pk"))).order_by("pk")


def may_answer(batch: Batch, user) -> bool:
    """Whether the answers of ``user``, who sees the batch, are wanted: all are, unless it is assigned."""
    assigned = set(Batch.assigned.through.objects.filter(batch=batch).values_list("user", flat=True))
    return not assigned or user.pk in assigned


def may_change(batch: Batch, user) -> bool:
    """Whether ``user`` may rename, share or add to the batch: its owner and curators may."""
    return batch.owner_id == user.pk or user.is_curator


def may_delete(batch: Batch, user) -> bool:
    """Whether ``user`` may delete the batch: curators may, and its owner while nobody else has answered."""
    return user.is_curator or (batch.owner_id == user.pk and not _others_answers(batch, user))


def _others_answers(batch: Batch, user) -> bool:
    answered = Query.objects.filter(batch=batch, decisions__isnull=False)
    return bool(set(answered.values_list("decisions__annotator", flat=True).distinct()) - {user.pk})


def maybe_pages(batch: Batch) -> int:
    """How many pictures look like whole pages, and nobody has said yet what they are."""
    return MaybePage.objects.filter(batch=batch, answer="").count()


def batch_progress(batch: Batch) -> BatchProgress:
    """How far one batch is, in three questions to the database."""
    return batches_progress([batch])[batch.pk]


def batches_progress(batches: Iterable[Batch]) -> dict[int, BatchProgress]:
    """How far each of the batches is, by its id: three questions, however many batches."""
    ids = [batch.pk for batch in batches]
    counted = _by_batch(
        Query.objects.filter(batch__in=ids),
        total=Count("pk"),
        waiting=Count("pk", filter=Q(state=Query.State.WAITING)),
        done=Count("pk", filter=Q(state=Query.State.READY)),
        failed=Count("pk", filter=Q(state=Query.State.REJECTED)),
        answered=Count("pk", filter=Q(answered=True)),
    )
    left_out = _by_batch(BatchLeftOut.objects.filter(batch__in=ids), left_out=Count("pk"))
    waiting = BatchArchive.objects.filter(batch__in=ids, state=BatchArchive.State.WAITING)
    unpacking = set(waiting.values_list("batch", flat=True))
    return {
        pk: BatchProgress(**counted.get(pk, {}), **left_out.get(pk, {}), unpacking=pk in unpacking)
        for pk in ids
    }


def with_left_out(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """The batches, each with its owner, its first left-out entries as ``left_out_shown``, and how many
    pictures are still to be told from pages as ``maybe_pages_waiting``.
    """
    shown = BatchLeftOut.objects.select_related("archive").order_by("pk")[:LEFT_OUT_SHOWN]
    waiting = Count("maybe_pages", filter=Q(maybe_pages__answer=""))
    return (
        batches.select_related("owner")
        .annotate(maybe_pages_waiting=waiting)
        .prefetch_related(Prefetch("left_out", queryset=shown, to_attr="left_out_shown"))
    )


def _by_batch(rows: QuerySet, **counts) -> dict[int, dict]:
    found = rows.order_by().values("batch").annotate(**counts)
    return {row.pop("batch"): row for row in found}
