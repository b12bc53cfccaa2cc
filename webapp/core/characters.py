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
    if text and (wrong := _wrong_with([*map(ord, text)])):
        code, reason, hint = wrong
        raise Refused(f"{text[:_SHOWN]!r} is {reason}", hint=hint, code=code)
    return text


_SHOWN = 16
_ONE = "enter one character"


def _wrong_with(codes: list[int]) -> tuple[str, str, str] | None:
    """Code, reason and hint of what is wrong; None for one character."""
    bases = [code for code in codes if not within(code, SELECTORS) and not chr(code).isspace()]
    if any(within(code, DESCRIPTIONS) for code in bases):
        hint = "enter the character itself; where it has no codepoint, one of the private use area"
        return "description_sequence", "a description of a character, not the character", hint
    if not all(map(_can_be_carved, bases)):
        return _not_han(next(code for code in bases if not _can_be_carved(code)))
    if len(bases) > 1:
        return "several_characters", "several characters", _ONE
    if all(chr(code).isspace() for code in codes):
        return _not_han(codes[0])
    if len(codes) > 2 or within(codes[0], SELECTORS) or (len(codes) == 2 and not within(codes[1], SELECTORS)):
        hint = "enter the character, then at most one selector"
        return "loose_selector", "not a character with one variation selector", hint
    return None


def _can_be_carved(code: int) -> bool:
    # Private codepoints are how characters not yet in Unicode are written down.
    return within(code, HAN) or within(code, PRIVATE)


def _not_han(code: int) -> tuple[str, str, str]:
    name = f"U+{code:04X}"
    if within(code, _HAN_BLOCKS):
        hint = "look it up once more; codepoints are compared with Unicode 17"
        return "unassigned_codepoint", f"no character yet: {name} is not assigned in Unicode 17", hint
    return "not_han", f"not a character: {name} is no Han character", f"{_ONE}, or its codepoint as U+583D"


# Whole blocks and planes: whatever is not assigned there may become Han one day.
_HAN_BLOCKS = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x2E80, 0x2FDF), (0x20000, 0x3FFFD))
