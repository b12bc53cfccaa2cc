"""Spans of time on pages."""

from django import template

register = template.Library()


@register.filter
def as_time(minutes: int) -> dict[str, int]:
    """hours, and minutes beyond them; no work that is left takes less than a minute."""
    hours, rest = divmod(max(1, minutes), 60)
    return {"hours": hours, "minutes": rest}
