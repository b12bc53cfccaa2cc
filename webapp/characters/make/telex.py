"""Vietnamese syllables out of telex, the way in which they are typed: "ddieepj" is "điệp"."""

import re
import unicodedata

_LETTERS = (
    ("dd", "đ"),
    ("aa", "â"),
    ("ee", "ê"),
    ("oo", "ô"),
    ("aw", "ă"),
    ("ow", "ơ"),
    ("uw", "ư"),
    ("w", "ư"),
)
_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_SYLLABLE = re.compile(r"(gi(?=[aeouyăâêôơư])|qu|[bcdđghklmnpqrstvx]*)([aeiouyăâêôơư]+)([cghmnpt]*)")
_MARKED = "ăâêôơư"


def syllable(telex: str) -> str | None:
    """The syllable as it is written; None where the letters are none."""
    text = telex.lower()
    tone = _TONES.get(text[-1:], "")
    text = text[:-1] if tone else text
    for typed, letter in _LETTERS:
        text = text.replace(typed, letter)
    found = _SYLLABLE.fullmatch(text)
    if not found:
        return None
    start, vowels, end = found.groups()
    place = _place_of_tone(vowels, end)
    toned = vowels[: place + 1] + tone + vowels[place + 1 :]
    return unicodedata.normalize("NFC", start + toned + end)


def _place_of_tone(vowels: str, end: str) -> int:
    """Which of the vowels bears the tone."""
    marked = [place for place, letter in enumerate(vowels) if letter in _MARKED]
    if marked:
        return marked[-1]
    if end:
        return len(vowels) - 1
    return 1 if len(vowels) == 3 else 0
