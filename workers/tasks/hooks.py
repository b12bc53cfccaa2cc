"""Webhooks: one message, signed, sent to one receiver."""

import json
import time

from webapp.hooks.deliveries import delivery_give_up, delivery_note
from webapp.hooks.models import TRIAL, Delivery, Event, Hook
from webapp.hooks.selectors import salts_of
from webapp.hooks.sending import post
from webapp.hooks.services import hook_stop
from webapp.hooks.signing import signature
from workers.runtime.runner import Progress

_AGENT = "Mocban-Webhooks/1"


def hook_deliver(payload: dict, progress: Progress) -> None:
    """Make one attempt at ``payload["delivery"]``, unless another job made it, or it is not wanted any more.

    A worker that dies between sending and noting it sends the same message again: the receiver knows it by
    its id.
    """
    wanted = Delivery.objects.select_related("hook", "event").filter(pk=payload["delivery"])
    delivery = wanted.filter(state=Delivery.State.WAITING, attempts=payload["attempt"]).first()
    if delivery is None:
        return
    hook = delivery.hook
    if not hook.active and delivery.event.kind != TRIAL:
        with progress.writing():
            delivery_give_up(pk=delivery.pk, code="switched_off", error="the webhook was switched off")
        return
    salts = salts_of(hook)
    if not salts:
        with progress.writing():
            delivery_give_up(pk=delivery.pk, code="key_changed", error="the installation's key changed")
            hook_stop(hook=hook, why=Hook.Stopped.KEY_CHANGED)
        return
    body = body_of(delivery.event)
    outcome = post(hook.url, body, _headers(delivery.event, salts, body))
    with progress.writing():
        delivery_note(delivery=delivery, outcome=outcome)


def body_of(event: Event) -> bytes:
    """The message: the very same bytes at every attempt."""
    told = {"type": event.kind, "timestamp": event.created.isoformat(), "data": event.data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _headers(event: Event, salts: list[str], body: bytes) -> dict[str, str]:
    now = int(time.time())
    return {
        "User-Agent": _AGENT,
        "webhook-id": event.message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(salts, message=event.message_id, timestamp=now, body=body),
    }
