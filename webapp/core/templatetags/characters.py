"""Characters on pages: always a picture that can be seen, and words that can be read out."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

from webapp.core.characters import codepoints
from webapp.core.glyphs import has_glyph

register = template.Library()


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
        return format_html('<img class="glyph" src="{}" alt="{}">', drawn, text)
    if stand_in:
        return format_html('<img class="glyph stand-in" src="{}" alt="{}">', stand_in, text)
    return format_html('<span class="code">{}</span>', codepoints(text))
