"""What may be read of hooks and of their deliveries."""

from django.db.models import Count, Max, Q, QuerySet

from webapp.hooks.models import Delivery, Hook
from webapp.hooks.sending.signing import check_of


def hooks_all() -> QuerySet[Hook]:
    """Every hook by name, each with when its last message arrived, and how many wait or failed."""
    state = Delivery.State
    return Hook.objects.annotate(
        arrived=Max("deliveries__tried", filter=Q(deliveries__state=state.DELIVERED)),
        waiting=Count("deliveries", filter=Q(deliveries__state=state.WAITING)),
        failed=Count("deliveries", filter=Q(deliveries__state=state.FAILED)),
    ).order_by("name", "pk")


def deliveries_of(hook: Hook) -> QuerySet[Delivery]:
    """A hook's deliveries, the newest first."""
    return Delivery.objects.filter(hook=hook).select_related("event", "hook").order_by("-pk")


def salts_of(hook: Hook) -> list[str]:
    """The salts of the secrets that sign now, the newest first; none where the installation's key changed."""
    if hook.check_word != check_of(hook.salt):
        return []
    return [hook.salt, *([hook.old_salt] if hook.old_holds else [])]
