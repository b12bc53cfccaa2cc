"""What belongs to what, by codepoints alone: bases, selectors, compatible and private characters."""

from functools import lru_cache

from webapp.characters.tables import rows

_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_HAN = (
    (0x2E80, 0x2FDF),
    (0x31C0, 0x31E5),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFD))


def is_selector(char: str) -> bool:
    """Whether it selects a form of the character before it."""
    return _within(char, _SELECTORS)


def is_han(char: str) -> bool:
    """Whether it is a Han character, a radical's sign or a stroke; private ones are not known to be."""
    return _within(char, _HAN)


def is_private(char: str) -> bool:
    """Whether its meaning is agreed upon among those who use it, and by nobody else."""
    return _within(char, _PRIVATE)


def base_of(text: str) -> str:
    """The character that ``text`` is a form of, itself or with a selector; empty for any other text.

    It is for looking up what holds for every form, such as the radical. Two forms are never the same for it.
    """
    rest = text[1:]
    return text[0] if text and (not rest or (len(rest) == 1 and is_selector(rest))) else ""


@lru_cache(maxsize=1024)
def also_written(text: str) -> tuple[str, ...]:
    """Other characters that Unihan names as written for the same: to be shown, not to be searched along.

    For a form with a selector, its base; for a compatibility ideograph, the unified one; and the other way.
    """
    base = base_of(text)
    if not base:
        return ()
    others = [
        other for found in rows("SELECT others FROM variant WHERE code = ?", ord(base)) for other in found[0]
    ]
    return tuple([base] if base != text else others)


def _within(char: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    return len(char) == 1 and any(low <= ord(char) <= high for low, high in blocks)
