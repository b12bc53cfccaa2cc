"""Characters and codepoints, exactly: nothing here normalises, folds or equates."""

import re

from common.han import DESCRIPTIONS, HAN, PRIVATE, SELECTORS, within
from webapp.core.errors import Refused

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


def character_typed(text: str) -> str:
    """What a person or a program gave for a character: codepoints stand for what they name.

    Spaces around it are left out; else it stays as it is, whatever it is.
    """
    text = text.strip() or text
    try:
        return character_of(text)
    except ValueError:
        return text


def character_checked(text: str) -> str:
    """``text`` if it is one Han or private character, with its variation selector or without; or empty.

    Raises:
        Refused: it is anything else; each has its own reason.
    """
    codes = [ord(char) for char in text if not char.isspace()]
    bases = [code for code in codes if not within(code, SELECTORS)]
    what = f"{text[:_SHOWN]!r}"
    if text[:2] in ("U+", "u+"):
        raise Refused(f"{what} is no codepoint of Unicode", hint=_ONE, code="bad_codepoint")
    if text and not codes:
        raise Refused(f"{what} is not a character", hint=_ONE, code="not_han")
    if any(within(code, DESCRIPTIONS) for code in bases):
        hint = "enter the character itself; where it has no codepoint, one of the private use area"
        raise Refused(f"{what} describes a character", hint=hint, code="description_sequence")
    for code in bases:
        _check_base(code, what)
    if len(bases) > 1:
        raise Refused(f"{what} is several characters", hint=_ONE, code="several_characters")
    if text and (len(text) > 2 or within(ord(text[0]), SELECTORS) or len(codes) < len(text)):
        fault = f"{what} is not a character with one variation selector"
        raise Refused(fault, hint="enter the character, then at most one selector", code="loose_selector")
    return text


_SHOWN = 16
_ONE = "enter one character, or its codepoint as U+583D"
# Whole blocks and planes: whatever is not assigned there may become Han one day.
_HAN_BLOCKS = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x2E80, 0x2FDF), (0x20000, 0x3FFFD))


def _check_base(code: int, what: str) -> None:
    """Han, or private: that is how characters not yet in Unicode are written down. Raises Refused."""
    if within(code, HAN) or within(code, PRIVATE):
        return
    name = f"U+{code:04X}"
    if within(code, _HAN_BLOCKS):
        fault = f"{what} is not a character yet: {name} is not assigned in Unicode 17"
        raise Refused(fault, hint="look the codepoint up once more", code="unassigned_codepoint")
    raise Refused(f"{what} is not a character: {name} is no Han character", hint=_ONE, code="not_han")
