"""Webhooks: one message, signed, sent to one receiver."""

import time

from webapp.hooks.deliveries import delivery_give_up, delivery_note
from webapp.hooks.events import HOOK_DELIVER
from webapp.hooks.models import TRIAL, Delivery, Hook
from webapp.hooks.selectors import salts_of
from webapp.hooks.sending.attempt import post
from webapp.hooks.sending.messages import message_body, message_headers
from webapp.hooks.services import hook_stop
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress


def hook_deliver(payload: dict, progress: JobProgress) -> None:
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
    body = message_body(delivery.event)
    headers = message_headers(delivery.event, salts=salts, body=body, timestamp=int(time.time()))
    outcome = post(hook.url, body, headers)
    with progress.writing():
        delivery_note(delivery=delivery, outcome=outcome)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    delivery_give_up(pk=payload["delivery"], code=code, error=error)


JOB = JobHandler(kind=HOOK_DELIVER, run=hook_deliver, on_give_up=_on_give_up)
