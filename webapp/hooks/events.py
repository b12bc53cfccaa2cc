"""Events, recorded in the transaction in which they happen: hooks are notified of each, and of no more."""

from collections.abc import Iterable

from django.db import transaction

from webapp.hooks.models import TRIAL, Delivery, Event, Hook
from webapp.jobs.kinds import JobKind, Queue
from webapp.jobs.services import jobs_enqueue

# {"delivery": pk of Delivery, "attempt": how many were made before}
HOOK_DELIVER = JobKind("hook.deliver", queue="batch")


def is_wanted(kind: str) -> bool:
    """Whether any hook is to be notified of this kind."""
    return bool(_hooks_for(kind))


@transaction.atomic
def event_record(*, kind: str, data: dict) -> Event | None:
    """Record an event that the caller's transaction brings about, and have the hooks for it notified.

    data: ids, links within the installation, and counts; nothing of persons. Returns None where there is no
    hook for it.
    """
    hooks = _hooks_for(kind)
    if not hooks:
        return None
    event = Event.objects.create(kind=kind, data=data)
    deliver(event, hooks, queue="batch")
    return event


def links_to(page: str, api: str = "") -> dict[str, str]:
    """Where to look, for an event's data: paths within the installation. api: by default as the page.

    Written out, and held against the real addresses by tests: to look them up, a worker would load the code
    of every page, for a second, in the middle of a transaction.
    """
    return {"page": f"/{page}", "api": f"/api/v1/{api or page}"}


@transaction.atomic
def trial_send(*, hook: Hook) -> Delivery:
    """Send a message that means nothing, to see whether it arrives. It is tried once."""
    event = Event.objects.create(kind=TRIAL, data={"hook": hook.pk})
    return deliver(event, [hook], queue="interactive")[0]


def deliver(event: Event, hooks: Iterable[Hook], *, queue: Queue) -> list[Delivery]:
    """A delivery of the event to each of the hooks, and the work of making it."""
    made = Delivery.objects.bulk_create(Delivery(hook=hook, event=event) for hook in hooks)
    jobs_enqueue(
        kind=HOOK_DELIVER,
        payloads=[{"delivery": one.pk, "attempt": 0} for one in made],
        queue=queue,
        subject=f"event:{event.pk.hex}",
    )
    return made


def _hooks_for(kind: str) -> list[Hook]:
    return [hook for hook in Hook.objects.filter(active=True).order_by("pk") if kind in hook.events]
