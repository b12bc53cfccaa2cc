"""Keys by which readings are compared. They are for readings alone: no character is ever changed by them."""

import unicodedata

# Tone marks of Vietnamese and of pinyin, as combining characters: grave, acute, macron, caron, tilde, hook,
# dot below. Circumflex, breve, horn and diaeresis are other letters, and stay where they are.
_TONES = frozenset("\u0300\u0301\u0304\u030c\u0303\u0309\u0323")
_DIGITS = {"1": "\u0304", "2": "\u0301", "3": "\u030c", "4": "\u0300"}


def exact_key(reading: str) -> str:
    """A reading with all its diacritics, in one spelling.

    The tone goes to the end, so that "hoà" and "hòa" are the same; "hai3" is "hǎi", "nv3" is "nǚ".
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", reading.strip().casefold()):
        (tones if char in _TONES else letters).append(char)
    text = "".join(letters)
    if not tones and text[-1:] in _DIGITS and text[:-1].replace("u\u0308", "u").isalpha():
        text, tones = text[:-1], [_DIGITS[text[-1]]]
        text = text.replace("v", "u\u0308") if text.isascii() and not set("aeiou") & set(text) else text
    return text + "".join(tones)


def bare_key(reading: str) -> str:
    """A reading without any diacritic or tone number: "chữ" is "chu", "đất" is "dat"."""
    plain = unicodedata.normalize("NFD", reading.strip().casefold()).replace("đ", "d")
    return "".join(char for char in plain if not unicodedata.combining(char)).rstrip("123456")
