"""The characters of a text that somebody typed, as far as they stand on a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from common.han import HAN, PRIVATE, SELECTORS, within

UNREAD = "□"
"""What stands in a transcription for a character that nobody could read."""
_UNREAD = frozenset("□■〓？")


@dataclass(frozen=True)
class PageText:
    """Characters of some pages, in reading order.

    characters: each one codepoint, or two with a variation selector, exactly as typed; ``UNREAD`` for one
    that was not read. starts: which of them begin a line; of as many.
    """

    characters: tuple[str, ...]
    starts: tuple[bool, ...]


def text_of(lines: Iterable[str]) -> PageText:
    """The characters of some lines. Spaces, punctuation, digits and letters of alphabets are left out."""
    characters: list[str] = []
    starts: list[bool] = []
    for line in lines:
        found = characters_of(line)
        characters += found
        starts += [place == 0 for place in range(len(found))]
    return PageText(tuple(characters), tuple(starts))


def characters_of(line: str) -> list[str]:
    """Han and private characters of a line, each with its variation selector."""
    found: list[str] = []
    follows = False
    for char in line:
        code = ord(char)
        if within(code, SELECTORS):
            if follows:
                found[-1] += char
            follows = False
            continue
        follows = within(code, HAN) or within(code, PRIVATE)
        if follows or char in _UNREAD:
            found.append(char if follows else UNREAD)
    return found
