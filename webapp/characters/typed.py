"""What a person may have meant by what they typed. Nothing is normalised: codepoints stay as they are."""

import re
from dataclasses import dataclass

from webapp.characters.components import is_operator
from webapp.characters.forms import base_of, is_han, is_private
from webapp.characters.radicals import radical_by_form
from webapp.core.characters import character_of

_RADICAL = re.compile(
    r"(?:(?:r|radical|bộ)\s*)?(\d{1,3})\s*[.+]\s*(\d{1,2})|(?:r|radical|bộ)\s*(\d{1,3})", re.IGNORECASE
)
_SIGN = re.compile(r"(?:(?:r|radical|bộ)\s*)?(\S)\s*\+?\s*(\d{1,2})|(?:r|radical|bộ)\s*(\S)", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """Several of them may be meant at once.

    text: as typed, without spaces around it. character: exactly this one. radical: its number, with the
    strokes besides it, None for any. description: an ideographic description. components: each of these
    is somewhere in the character. reading: is so, in any language.
    """

    text: str
    character: str = ""
    radical: int = 0
    residual: int | None = None
    description: str = ""
    components: str = ""
    reading: str = ""


def read_typed(text: str) -> Typed:
    """Read a line of the search field."""
    text = text.strip()
    if not text or "\0" in text:
        return Typed("")
    try:
        character = character_of(text)
    except ValueError:
        character = ""
    if character:
        # No name and no character holds it, and PostgreSQL takes no question that does.
        return Typed("") if "\0" in character else Typed(text, character=character)
    if filed := _filing(text):
        return Typed(text, radical=filed[0], residual=filed[1])
    signs = "".join(text.split())
    if all(is_han(char) or is_operator(char) or is_private(char) for char in signs):
        return _written(text, signs)
    return Typed(text, character=text if base_of(text) else "", reading=text)


def _written(text: str, signs: str) -> Typed:
    described = signs if any(map(is_operator, signs)) else ""
    parts = "".join(char for char in signs if not is_operator(char))
    return Typed(text, character="" if described else text, description=described, components=parts)


def _filing(text: str) -> tuple[int, int | None] | None:
    """Radical and strokes besides it, of "r85+3", "85.3", "水 3", "bộ 85" and the like."""
    if match := _RADICAL.fullmatch(text):
        number, residual = int(match[1] or match[3]), match[2]
    elif match := _SIGN.fullmatch(text):
        number, residual = radical_by_form().get(match[1] or match[3], 0), match[2]
    else:
        return None
    return (number, int(residual) if residual is not None else None) if 1 <= number <= 214 else None
