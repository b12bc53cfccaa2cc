"""All that is ever done to a hook; what becomes of its messages is in ``deliveries``."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from webapp.core.errors import Conflict, Refused
from webapp.hooks.models import TRIAL, Delivery, EventKind, Hook, Mark
from webapp.hooks.sending.addresses import target_of
from webapp.hooks.sending.signing import check_of, made_salt, secret_of

OLD_SECRET_HOLDS = timedelta(days=1)
MOST_HOOKS = 50
_LONGEST_NAME = 100
_State = Delivery.State


def hook_create(*, user, name: str, url: str, events: Iterable[str]) -> tuple[Hook, str]:
    """A new hook, and its signing secret, which can be seen at no later time.

    Raises:
        Refused: name, address or kinds of event do not do, or there are too many hooks.
        Conflict: there is a hook to this address.
    """
    values = _checked(name, url, events)
    if Hook.objects.count() >= MOST_HOOKS:
        raise Refused(f"there are {MOST_HOOKS} webhooks already", hint="delete one", code="too_many_hooks")
    salt = made_salt()
    hook = Hook(**values, salt=salt, check_word=check_of(salt), created_by=user)
    _save(hook)
    return hook, secret_of(salt)


def hook_change(*, hook: Hook, name: str, url: str, events: Iterable[str]) -> Hook:
    """Change of what a hook is notified, and where.

    Raises:
        Refused, Conflict: as ``hook_create``.
    """
    for field, value in _checked(name, url, events).items():
        setattr(hook, field, value)
    _save(hook, "name", "url", "events")
    _forget_unwanted()
    return hook


@transaction.atomic
def hook_switch(*, hook: Hook, active: bool) -> None:
    """Switch a hook on or off. Off, it is notified of nothing, and what was on its way to it is given up.

    Raises:
        Refused: its secret was made with another key than the installation has now.
    """
    if active and hook.check_word != check_of(hook.salt):
        raise Refused(
            "its secret was created with another key of the installation",
            hint="create a new secret and give it to the receiver",
            code="key_changed",
        )
    if active:
        Hook.objects.filter(pk=hook.pk).update(active=True, stopped="", failing_since=None)
    else:
        hook_stop(hook=hook)
    hook.refresh_from_db()


@transaction.atomic
def hook_stop(*, hook: Hook, why: str = "") -> None:
    """Switch a hook off, and give up what is on its way to it. why: a ``Hook.Stopped``; none if by hand."""
    Hook.objects.filter(pk=hook.pk).update(active=False, stopped=why)
    on_its_way = Delivery.objects.filter(hook=hook, state=_State.WAITING).exclude(event__kind=TRIAL)
    on_its_way.update(
        state=_State.FAILED, next_try=None, error_code="switched_off", error="the webhook was switched off"
    )
    _forget_unwanted()


def hook_delete(*, hook: Hook) -> None:
    """Delete a hook with its deliveries."""
    hook.delete()
    _forget_unwanted()


@transaction.atomic
def secret_renew(*, hook: Hook) -> str:
    """A new signing secret, which can be seen at no later time. The one before signs too for a day."""
    locked = Hook.objects.select_for_update().get(pk=hook.pk)
    still_good = locked.check_word == check_of(locked.salt)
    locked.old_salt = locked.salt if still_good else ""
    locked.old_until = timezone.now() + OLD_SECRET_HOLDS if still_good else None
    locked.salt = made_salt()
    locked.check_word = check_of(locked.salt)
    locked.save(update_fields=["salt", "check_word", "old_salt", "old_until"])
    hook.refresh_from_db()
    return secret_of(locked.salt)


def _checked(name: str, url: str, events: Iterable[str]) -> dict:
    name, url, wanted = name.strip(), url.strip(), set(events)
    if not name or len(name) > _LONGEST_NAME or "\0" in name:
        raise Refused(
            "a webhook needs a name", hint=f"of {_LONGEST_NAME} characters at most", code="bad_hook_name"
        )
    target_of(url)
    if not wanted or not wanted <= set(EventKind.values):
        raise Refused(
            "choose at least one event", hint=f"some of {', '.join(EventKind.values)}", code="bad_events"
        )
    return {"name": name, "url": url, "events": [kind for kind in EventKind.values if kind in wanted]}


def _save(hook: Hook, *fields: str) -> None:
    try:
        with transaction.atomic():
            hook.save(update_fields=fields or None)
    except IntegrityError:
        raise Conflict(
            "there is already a webhook for this address",
            hint="change that webhook",
            code="same_address",
            retryable=False,
        ) from None


def _forget_unwanted() -> None:
    """Facts that no hook is for are not checked any more, so that their marks would grow stale."""
    wanted = {
        kind
        for events in Hook.objects.filter(active=True).values_list("events", flat=True)
        for kind in events
    }
    Mark.objects.exclude(kind__in=wanted).delete()
