"""Unihan's fields, as the readings and places in which they are looked up."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from common.han import RADICALS, within

_PLACE = re.compile(r"(\d+)('*)\.(-?\d+)")
_VARIANTS = (
    "kCompatibilityVariant",
    "kZVariant",
    "kSemanticVariant",
    "kTraditionalVariant",
    "kSimplifiedVariant",
)


@dataclass(frozen=True)
class RadicalPlace:
    """A character's place in the dictionary of radicals. residual: strokes besides the radical, 0 or more."""

    radical: int
    residual: int


def field(unihan: sqlite3.Connection, name: str) -> Iterator[tuple[str, list[str]]]:
    """Every character that has the field, and the field's words."""
    for character, value in unihan.execute(
        "SELECT UCS, value FROM unihan WHERE property = ? ORDER BY UCS", (name,)
    ):
        yield character, value.split()


def places(words: list[str]) -> list[RadicalPlace]:
    """Of kRSUnicode, the usual one first. A simplified radical counts as the one that it simplifies."""
    found = [_PLACE.fullmatch(word) for word in words]
    return [RadicalPlace(int(match[1]), max(0, int(match[3]))) for match in found if match]


def mandarin(unihan: sqlite3.Connection) -> dict[str, list[str]]:
    """Pinyin readings, the customary one first."""
    readings: dict[str, list[str]] = {}
    for name in ("kMandarin", "kTGHZ2013", "kHanyuPinyin"):
        for character, words in field(unihan, name):
            spoken = [reading for word in words for reading in word.rpartition(":")[2].split(",")]
            readings.setdefault(character, []).extend(spoken)
    return readings


def hangul(words: list[str]) -> list[str]:
    """Of kHangul, without the letters that say where a reading is from."""
    return [word.partition(":")[0] for word in words]


def variants(unihan: sqlite3.Connection) -> dict[str, list[str]]:
    """Other characters for the same, both ways: to be named beside a character, never to stand for it."""
    found: dict[str, list[str]] = {}
    for character, other in (*_named_variants(unihan), *_radical_signs(unihan)):
        for one, another in ((character, other), (other, character)):
            if one != another and another not in found.setdefault(one, []):
                found[one].append(another)
    return found


def _named_variants(unihan: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for name in _VARIANTS:
        for character, words in field(unihan, name):
            for word in words:
                yield character, chr(int(word.partition("<")[0].removeprefix("U+"), 16))


def _radical_signs(unihan: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Signs of radicals with their ideographs, by EquivalentUnifiedIdeograph; strokes left out."""
    rows = unihan.execute("SELECT radical_character, radical_CJKUI FROM radeqv ORDER BY radical_character")
    for sign, unified in rows:
        if unified and within(ord(sign), RADICALS):
            yield sign, unified
