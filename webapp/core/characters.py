"""Characters and codepoints, exactly: nothing here normalises, folds or equates."""

import re

_CODEPOINT = re.compile(r"[Uu]\+([0-9A-Fa-f]{4,6})")


def codepoints(text: str) -> str:
    """``text`` as codepoints: "U+845B U+E0100" for an ideograph with a variation selector."""
    return " ".join(f"U+{ord(char):04X}" for char in text)


def character_of(text: str) -> str:
    """The characters that codepoints stand for; the inverse of ``codepoints``.

    Raises:
        ValueError: ``text`` is not one or more codepoints, or one lies outside Unicode.
    """
    words = text.split()
    found = [match for word in words if (match := _CODEPOINT.fullmatch(word))]
    if not words or len(found) < len(words):
        raise ValueError(f"{text!r} is not a codepoint; write it as U+583D")
    values = [int(match[1], 16) for match in found]
    if any(value > 0x10FFFF or 0xD800 <= value <= 0xDFFF for value in values):
        raise ValueError(f"{text!r} is outside Unicode")
    return "".join(map(chr, values))
