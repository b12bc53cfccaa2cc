"""Characters on pages: always a picture that can be seen, and words that can be read out."""

import re

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from common.han import DESCRIPTIONS, HAN, SELECTORS
from webapp.core.characters import codepoints
from webapp.core.pages.glyphs import has_glyph

register = template.Library()

LANGUAGE = "zh-Hant"
"""What characters are marked as, whatever the page's language: its fonts have the shapes of old prints.
``CHARACTER_LANGUAGE`` of the pages' scripts is the same."""

_SHOWN_SO = (*HAN, *DESCRIPTIONS, *SELECTORS)
_HAN = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _SHOWN_SO) + "]+")


@register.filter
def han(text: str) -> SafeString:
    """``text`` with its Han characters in elements of their language."""
    marked = _HAN.sub(lambda run: f'<span lang="{LANGUAGE}">{run[0]}</span>', conditional_escape(text or ""))
    return mark_safe(marked)  # noqa: S308 the text is escaped, and no character of Han is markup


register.filter("codepoints", codepoints)


def glyph_url(text: str) -> str | None:
    """Address of the character's picture; None where no font has it."""
    if not text or not has_glyph(text):
        return None
    return reverse("core:glyph", args=[codepoints(text).replace(" ", "-")])


@register.filter
def glyph_address(text: str) -> str:
    """Address of the character's picture; empty where no font has it."""
    return glyph_url(text) or ""


@register.simple_tag
def glyph(text: str, stand_in: str | None = None) -> str:
    """``text`` drawn by a font that has it, else ``stand_in`` (a print), else its codepoints in words."""
    if not text:
        return ""
    if drawn := glyph_url(text):
        return format_html('<img class="glyph" src="{}" alt="{}" lang="{}">', drawn, text, LANGUAGE)
    if stand_in:
        drawn = '<img class="glyph stand-in" src="{}" alt="{}" lang="{}">'
        return format_html(drawn, stand_in, text, LANGUAGE)
    return format_html('<span class="code">{}</span>', codepoints(text))
