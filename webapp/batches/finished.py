"""Events of a batch that is finished: that its suggestions are there, and that it is answered. Each once."""

from collections.abc import Iterable
from functools import partial

from django.db.models import Count, Q

from webapp.batches.models import Batch, BatchArchive, MaybePage, Query
from webapp.hooks.events import links_to
from webapp.hooks.marks import fact_check, facts_forget
from webapp.hooks.models import EventKind


def batches_check_ready(*, batches: Iterable[int]) -> None:
    """Check whether these batches have come to be finished, and record it; or are not any more.

    To be called last in the transaction that brought files or suggestions, or refused pictures.
    """
    for pk in sorted(set(batches)):
        fact_check(
            kind=EventKind.BATCH_READY,
            subject=_subject(pk),
            holds=partial(_is_ready, pk),
            data=partial(_event_data, pk),
        )
        _check_answered(pk)


def batches_check_answered(*, batches: Iterable[int]) -> None:
    """As ``batches_check_ready``, for a transaction that brought answers alone, or took them back."""
    for pk in sorted(set(batches)):
        _check_answered(pk)


def batch_forget(*, batch: Batch) -> None:
    """The batch is deleted."""
    facts_forget(subject=_subject(batch.pk))


def _check_answered(pk: int) -> None:
    fact_check(
        kind=EventKind.BATCH_ANSWERED,
        subject=_subject(pk),
        holds=lambda: _is_answered(pk),
        data=lambda: _event_data(pk),
    )


def _subject(pk: int) -> str:
    return f"batch:{pk}"


def _is_ready(pk: int) -> bool:
    """Whether nothing more comes or waits, and something came."""
    queries = Query.objects.filter(batch=pk)
    if queries.filter(state=Query.State.WAITING).exists() or not queries.exists():
        return False
    if BatchArchive.objects.filter(batch=pk, state=BatchArchive.State.WAITING).exists():
        return False
    if MaybePage.objects.filter(batch=pk, answer="").exists():
        return False  # a person is asked what they are
    return Batch.objects.filter(pk=pk, open=False, pages_waiting=0).exists()


def _is_answered(pk: int) -> bool:
    """Whether no picture wants an answer, and one has some."""
    ready = Query.objects.filter(batch=pk, state=Query.State.READY)
    return not ready.filter(wanting=True).exists() and ready.exists() and _is_ready(pk)


def _event_data(pk: int) -> dict:
    ready = Q(state=Query.State.READY)
    counts = Query.objects.filter(batch=pk).aggregate(
        pictures=Count("pk"),
        refused=Count("pk", filter=Q(state=Query.State.REJECTED)),
        answered=Count("pk", filter=ready & Q(answered=True)),
        disputed=Count("pk", filter=ready & Q(disputed=True)),
    )
    return {"batch": pk, **links_to(f"batches/{pk}/"), **counts}
