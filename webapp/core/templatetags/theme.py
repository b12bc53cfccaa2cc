"""Light or dark, for the frame of every page."""

from django import template

from webapp.core.pages.theme import THEMES, theme_of

register = template.Library()


@register.simple_tag(takes_context=True)
def theme(context) -> str:
    """``system``, ``light`` or ``dark``."""
    return theme_of(context.get("request"))


@register.simple_tag
def themes() -> list[tuple[str, str]]:
    """What can be chosen, as (value, words)."""
    return THEMES
