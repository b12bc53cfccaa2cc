"""Places where boxes and text certainly meet: short runs that stand once in each."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

LONGEST = 4000
"""Boxes that are aligned as one part at most."""
MARGIN = 100
"""Characters before and after a page's part of a text that are looked at as well."""
RUN = 4
"""So many characters in a row; three repeat too often in a book, five are seldom all read rightly."""


def anchors(read: Sequence[int], text: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of a box and a character, both rising, at which runs of ``RUN`` begin that occur once in each.

    read: what each box looks most like, as a code. text: codes of the text.
    """
    ours, theirs = _once(read), _once(text)
    pairs = sorted((place, theirs[run]) for run, place in ours.items() if run in theirs)
    return _longest_rising(pairs)


def _once(codes: Sequence[int]) -> dict[tuple[int, ...], int]:
    found: dict[tuple[int, ...], int] = {}
    twice = set()
    for place in range(len(codes) - RUN + 1):
        run = tuple(codes[place : place + RUN])
        if found.setdefault(run, place) != place:
            twice.add(run)
    return {run: place for run, place in found.items() if run not in twice and min(run) >= 0}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs that rises in both, by patience sorting."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, (_, column) in enumerate(pairs):
        pile = bisect_left(tails, column)
        before.append(at[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(column)
            at.append(place)
        else:
            tails[pile], at[pile] = column, place
    chain, place = [], at[-1] if at else -1
    while place >= 0:
        chain.append(pairs[place])
        place = before[place]
    return chain[::-1]


def cuts(found: Sequence[tuple[int, int]], boxes: int, length: int, every: int) -> list[tuple[int, int]]:
    """Anchors at which an alignment may be cut into parts of at least ``every`` boxes; with both ends.

    The first and the last anchors are left out: a part wants some text around what it begins with.
    """
    chosen = [(0, 0)]
    for row, column in found[1:-1]:
        if row - chosen[-1][0] >= every and boxes - row >= every // 2:
            chosen.append((row, column))
    parts = pairwise([*chosen, (boxes, length)])
    return [corner for part in parts for corner in _shortened(*part)] + [(boxes, length)]


def _shortened(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """A part's beginning, and where nothing fits for long, places in it at which it is cut all the same."""
    pieces = -(-(end[0] - start[0]) // LONGEST) or 1
    steps = ((place * (end[axis] - start[axis]) // pieces for axis in (0, 1)) for place in range(pieces))
    return [(start[0] + down, start[1] + across) for down, across in steps]


def reach(found: Sequence[tuple[int, int]], boxes: int, length: int) -> tuple[int, int]:
    """From which to which character a text may be of these boxes: it may be a book's, and they one page's."""
    if not found:
        return 0, length
    (row, column), (last_row, last_column) = found[0], found[-1]
    return (
        max(0, column - 2 * row - MARGIN),
        min(length, last_column + 2 * (boxes - last_row) + MARGIN),
    )


def band(boxes: int, length: int, most: int) -> np.ndarray:
    """Where the path of a part may go: everywhere, or in a band where that is more than ``most`` cells.

    Returns:
        (N + 1, 2) int64: the first and the last column of each row. A band lies about the straight line.
    """
    if (boxes + 1) * (length + 1) <= most:
        return np.tile(np.array([0, length], np.int64), (boxes + 1, 1))
    half = max(most // (2 * (boxes + 1)), -(-length // max(boxes, 1)) + 1)
    middle = np.arange(boxes + 1) * length // max(boxes, 1)
    return np.stack([np.clip(middle - half, 0, length), np.clip(middle + half, 0, length)], axis=1)
