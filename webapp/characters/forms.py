"""What belongs to what, by codepoints alone: bases, selectors, compatible and private characters."""

from functools import lru_cache

from common.han import HAN, PRIVATE, RADICALS, SELECTORS, Ranges, within
from webapp.characters.tables import rows


def is_selector(char: str) -> bool:
    """Whether it selects a form of the character before it."""
    return _within(char, SELECTORS)


def is_han(char: str) -> bool:
    """Whether it is a Han character, a radical's sign or a stroke; private ones are not known to be."""
    return _within(char, HAN)


def is_private(char: str) -> bool:
    """Whether its meaning is agreed upon among those who use it, and by nobody else."""
    return _within(char, PRIVATE)


def base_of(text: str) -> str:
    """The character that ``text`` is a form of, itself or with a selector; empty for any other text.

    It is for looking up what holds for every form, such as the radical. Two forms are never the same for it.
    """
    rest = text[1:]
    return text[0] if text and (not rest or (len(rest) == 1 and is_selector(rest))) else ""


@lru_cache(maxsize=1024)
def also_written(text: str) -> tuple[str, ...]:
    """Other characters that Unihan names as written for the same: to be shown, not to be searched along.

    For a form with a selector, its base; for a compatibility ideograph and a radical's sign, the unified
    one; and the other way.
    """
    base = base_of(text)
    if not base:
        return ()
    others = [
        other for found in rows("SELECT others FROM variant WHERE code = ?", ord(base)) for other in found[0]
    ]
    return tuple([base] if base != text else others)


def unified_of(char: str) -> str:
    """The ideograph that a radical's sign looks like, by EquivalentUnifiedIdeograph; else the same again."""
    if not _within(char, RADICALS):
        return char
    return next(iter(also_written(char)), char)


def _within(char: str, ranges: Ranges) -> bool:
    return len(char) == 1 and within(ord(char), ranges)
