"""All that is ever done to a delivery: what an attempt came to, and whether there is another."""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from webapp.core.errors import Conflict
from webapp.hooks.events import HOOK_DELIVER
from webapp.hooks.models import TRIAL, Delivery, Event, Hook
from webapp.hooks.services import hook_stop
from webapp.jobs.kinds import Queue
from webapp.jobs.services import job_enqueue

WAITS = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 60, 2 * 60, 4 * 60, 6 * 60, 10 * 60))
"""How long is waited after each attempt that failed; a little under a day in all."""
SWITCHED_OFF_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)
_LONGEST_WAIT = timedelta(days=1)
_SPREAD = 0.1
_GONE = 410
_State = Delivery.State


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt. status: of the HTTP answer, None without one; answer: how it began.

    code, error: why the attempt failed; both empty where the receiver took the message. wait: how long the
    receiver asked to be left alone, in seconds.
    """

    status: int | None = None
    answer: str = ""
    code: str = ""
    error: str = ""
    wait: float = 0.0

    @property
    def arrived(self) -> bool:
        return not self.code


@transaction.atomic
def delivery_send_again(*, delivery: Delivery) -> None:
    """Send a delivery once more, now: the same message, with the same id.

    Raises:
        Conflict: its hook is switched off.
    """
    locked = Delivery.objects.select_for_update().select_related("hook", "event").get(pk=delivery.pk)
    if not locked.hook.active and locked.event.kind != TRIAL:
        raise Conflict("the webhook is off", hint="turn it on first", code="switched_off", retryable=False)
    Delivery.objects.filter(pk=locked.pk).update(state=_State.WAITING, next_try=None)
    _enqueue(locked, locked.attempts, queue="interactive")


@transaction.atomic
def delivery_note(*, delivery: Delivery, outcome: Outcome) -> None:
    """Write down what became of an attempt, and when the next one is, where there is to be one.

    delivery: as it was before the attempt; where another attempt was written down meanwhile, nothing is.
    """
    now = timezone.now()
    attempts = delivery.attempts + 1
    trial = delivery.event.kind == TRIAL
    wait = None if outcome.arrived or trial else _wait(attempts, outcome)
    state = _State.DELIVERED if outcome.arrived else _State.WAITING if wait else _State.FAILED
    noted = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(
        state=state,
        attempts=attempts,
        status=outcome.status,
        answer=outcome.answer,
        error_code=outcome.code[:40],
        error=outcome.error,
        tried=now,
        next_try=now + wait if wait else None,
    )
    if not noted:
        return
    if wait:
        _enqueue(delivery, attempts, queue="batch", wait=wait)
    if not trial:
        _note_health(delivery.hook, outcome, given_up=wait is None)


@transaction.atomic
def delivery_give_up(*, pk: int, code: str, error: str) -> None:
    """It is not tried any more. One that was delivered stays so."""
    waiting = Delivery.objects.filter(pk=pk, state=_State.WAITING)
    waiting.update(state=_State.FAILED, next_try=None, error_code=code[:40], error=error)


def events_forget(*, older_than: timedelta = KEPT) -> int:
    """Delete events, with their deliveries, of long ago; none that is on its way. Returns how many."""
    old = Event.objects.filter(created__lt=timezone.now() - older_than)
    return old.exclude(deliveries__state=_State.WAITING).delete()[1].get("hooks.Event", 0)


def _wait(attempts: int, outcome: Outcome) -> timedelta | None:
    """How long until the next attempt; None where there is none. Spread, so that not all come at once."""
    if outcome.status == _GONE or attempts > len(WAITS):
        return None
    own = WAITS[attempts - 1] * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311 - no secret
    return min(max(own, timedelta(seconds=outcome.wait)), _LONGEST_WAIT)


def _note_health(hook: Hook, outcome: Outcome, *, given_up: bool) -> None:
    """What the attempt means for the hook itself: whether it is to go on."""
    now, rows = timezone.now(), Hook.objects.filter(pk=hook.pk)
    if outcome.arrived:
        rows.update(failing_since=None)
        return
    rows.filter(failing_since=None).update(failing_since=now)
    if outcome.status == _GONE:
        hook_stop(hook=hook, why=Hook.Stopped.GONE)
    elif given_up and rows.filter(failing_since__lt=now - SWITCHED_OFF_AFTER).exists():
        hook_stop(hook=hook, why=Hook.Stopped.FAILING)


def _enqueue(delivery: Delivery, attempts: int, *, queue: Queue, wait: timedelta | None = None) -> None:
    job_enqueue(
        kind=HOOK_DELIVER,
        payload={"delivery": delivery.pk, "attempt": attempts},
        queue=queue,
        subject=f"event:{delivery.event_id.hex}",
        not_before=timezone.now() + wait if wait else None,
    )
