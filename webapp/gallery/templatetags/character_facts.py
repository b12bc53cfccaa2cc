"""What is known of an item's character, for its page."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from webapp.characters.components import UNENCODED, readable_description
from webapp.characters.forms import also_written, base_of
from webapp.characters.radicals import Filing, Radical, filing_of, radicals
from webapp.characters.readings import readings_of
from webapp.core.characters import codepoints
from webapp.core.templatetags.characters import LANGUAGE

register = template.Library()


@dataclass(frozen=True)
class Fact:
    """What one language, or one dictionary, says.

    language: of the text, for browsers; empty where it is the page's, but for the characters in it. note: on
    signs in it.
    """

    name: str
    text: str
    language: str = ""
    note: str = ""


@register.simple_tag
def character_facts(character: str) -> list[Fact]:
    """Readings, radical, components and other ways to write it; empty where nothing is known."""
    base = base_of(character)
    if not base:
        return []
    facts = [
        Fact(_language(reading.language), reading.text, reading.language.removeprefix("sino-"))
        for reading in readings_of(character)
    ]
    if filing := filing_of(base):
        facts.append(Fact(_("Radical"), _filed(radicals()[filing.radical - 1], filing)))
    if description := readable_description(base):
        note = _("(〓: a component without a codepoint)") if UNENCODED in description else ""
        facts.append(Fact(_("Components"), description, LANGUAGE, note))
    if others := also_written(character):
        facts.append(Fact(_("Also written"), ", ".join(f"{other} {codepoints(other)}" for other in others)))
    return facts


def _filed(radical: Radical, filing: Filing) -> str:
    values = {"number": radical.number, "character": radical.character, "strokes": filing.residual}
    return _("%(number)s %(character)s + %(strokes)s strokes") % values


def _language(code: str) -> str:
    names = {
        "sino-vi": _("Sino-Vietnamese"),
        "vi": _("Vietnamese"),
        "zh": _("Mandarin"),
        "ja": _("Japanese"),
        "ko": _("Korean"),
    }
    return names[code]
