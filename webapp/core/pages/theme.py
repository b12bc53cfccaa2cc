"""Light or dark: as the system says, or as the person chose, kept in a cookie."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

SYSTEM = "system"
THEMES = [(SYSTEM, _("System")), ("light", _("Light")), ("dark", _("Dark"))]
COOKIE = "mocban_theme"
COOKIE_AGE = 365 * 24 * 3600  # seconds


def theme_named(word: str) -> str:
    """The theme of this name; the system's where there is none such."""
    return word if word in dict(THEMES) else SYSTEM


def theme_of(request: HttpRequest | None) -> str:
    """What the browser that asks is to be shown; the system's where nobody asks."""
    return theme_named(request.COOKIES.get(COOKIE, "")) if request else SYSTEM
