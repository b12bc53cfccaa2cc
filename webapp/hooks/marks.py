"""Facts that come true once, such as that a batch is all answered: whoever notices first records an event."""

from collections.abc import Callable

from django.db import transaction

from webapp.hooks.events import event_record, is_wanted
from webapp.hooks.models import Mark


def fact_check(*, kind: str, subject: str, holds: Callable[[], bool], data: Callable[[], dict]) -> bool:
    """Record an event if a fact holds now and did not at the last look. Returns whether it was recorded.

    To be called in the transaction that may have changed it, after all else: the mark stays locked until
    that is committed, so that of two transactions that each do the last but one thing the later one sees
    both. holds: asked once the mark is locked. data: of the event.
    """
    return is_wanted(kind) and _check(kind, subject, holds, data)


@transaction.atomic
def _check(kind: str, subject: str, holds: Callable[[], bool], data: Callable[[], dict]) -> bool:
    mark = _locked(kind, subject)
    if mark.holds == (now := holds()):
        return False
    Mark.objects.filter(pk=mark.pk).update(holds=now)
    if now:
        event_record(kind=kind, data=data())
    return now


def facts_forget(*, subject: str) -> None:
    """What the facts were about is gone."""
    Mark.objects.filter(subject=subject).delete()


def _locked(kind: str, subject: str) -> Mark:
    """The fact's mark, made where there is none yet; nobody else has it until the end of the transaction."""
    marks = Mark.objects.select_for_update().filter(kind=kind, subject=subject)
    if mark := marks.first():
        return mark
    Mark.objects.get_or_create(kind=kind, subject=subject)
    return marks.get()
