"""The 214 radicals, and the characters filed under them."""

from dataclasses import dataclass
from functools import lru_cache

from webapp.characters.readings import readings_of
from webapp.characters.tables import rows


@dataclass(frozen=True)
class Radical:
    """number: 1 to 214. strokes: of the radical itself. forms: how it looks inside characters, itself first.

    names: its readings, the Vietnamese first.
    """

    number: int
    character: str
    strokes: int
    forms: str
    names: str


@dataclass(frozen=True)
class Filing:
    """Where a character is filed. strokes: all of its strokes; None where that is not known."""

    radical: int
    residual: int
    strokes: int | None


@lru_cache(maxsize=1)
def radicals() -> tuple[Radical, ...]:
    """All of them, by number."""
    found = rows("SELECT number, character, strokes, forms FROM radical ORDER BY number")
    return tuple(
        Radical(number, character, strokes, character + forms.replace(character, ""), _names(character))
        for number, character, strokes, forms in found
    )


@lru_cache(maxsize=1)
def radical_by_form() -> dict[str, int]:
    """The number of the radical that a sign is a form of."""
    return {form: radical.number for radical in radicals() for form in radical.forms}


@lru_cache(maxsize=128)
def filed_under(radical: int, residual: int | None = None) -> frozenset[str]:
    """Characters under a radical, with so many strokes besides it where that is said."""
    if residual is None:
        found = rows("SELECT characters FROM place WHERE radical = ?", radical)
    else:
        found = rows("SELECT characters FROM place WHERE radical = ? AND residual = ?", radical, residual)
    return frozenset("".join(characters for (characters,) in found))


def filing_of(character: str) -> Filing | None:
    """Where one character is filed; None for what is in no dictionary of radicals."""
    found = rows("SELECT radical, residual, strokes FROM character WHERE code = ?", ord(character))
    return Filing(*found[0]) if found else None


def _names(character: str) -> str:
    by_language = {reading.language: reading.text for reading in readings_of(character)}
    return by_language.get("sino-vi") or by_language.get("vi") or by_language.get("zh", "")
