"""How characters are read, and which are read so."""

from dataclasses import dataclass
from functools import lru_cache

from webapp.characters.forms import base_of
from webapp.characters.kana import romaji
from webapp.characters.keys import bare_key, exact_key
from webapp.characters.tables import rows_of_readings

LANGUAGES = ("sino-vi", "vi", "zh", "ja", "ko")
"""In this order they are shown. "vi": Nôm and Sino-Vietnamese readings, which no free source tells apart;
"sino-vi": certainly Sino-Vietnamese."""

_MOST_SHOWN = 5
_LONGEST = 40  # letters; no reading has as many


@dataclass(frozen=True)
class CharacterReading:
    """language: one of ``LANGUAGES``. text: the reading as it is written there."""

    language: str
    text: str


@lru_cache(maxsize=8192)
def readings_of(text: str) -> tuple[CharacterReading, ...]:
    """How the character is read: some readings of each language, the more usual first; often none.

    text: a character, possibly with a variation selector, which changes no reading. What is certainly
    Sino-Vietnamese is not named a second time.
    """
    base = base_of(text)
    if not base:
        return ()
    by_language: dict[str, dict[str, None]] = {}
    for language, words in rows_of_readings(
        "SELECT language, readings FROM spoken WHERE code = ?", ord(base)
    ):
        by_language.setdefault(language, {}).update(dict.fromkeys(words.split()))
    for word in by_language.get("sino-vi", ()):
        by_language.get("vi", {}).pop(word, None)
    return tuple(
        CharacterReading(language, ", ".join(list(by_language[language])[:_MOST_SHOWN]))
        for language in LANGUAGES
        if by_language.get(language)
    )


@lru_cache(maxsize=256)
def read_as(typed: str) -> dict[str, CharacterReading]:
    """Characters that are read exactly so, each with the reading. Kana may be typed as such, or in Latin."""
    return _read("key = ?", romaji(typed) or exact_key(typed), typed)


@lru_cache(maxsize=256)
def read_about_as(typed: str) -> dict[str, CharacterReading]:
    """Characters that are read so but for the diacritics, each with the reading.

    Kana and hangul have none, so that they are read exactly so or not at all.
    """
    return _read("bare = ? AND language NOT IN ('ja', 'ko')", bare_key(typed), typed)


def _read(where: str, key: str, typed: str) -> dict[str, CharacterReading]:
    if not key or len(typed) > _LONGEST:
        return {}
    found: dict[str, CharacterReading] = {}
    question = f"SELECT language, spelling, characters FROM reading WHERE {where}"  # noqa: S608
    for language, spelling, characters in rows_of_readings(question, key):
        for character in characters:
            found.setdefault(character, CharacterReading(language, spelling))
    return found
