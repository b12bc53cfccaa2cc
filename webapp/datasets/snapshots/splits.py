"""Which side of a split a label is on: training, validation or test.

A side hangs on what the label shows alone, never on what else is in the set. So no item and no character
is ever on two sides, and none changes its side as the set grows. One thing is looked at beside it: a picture
that has several labels, out of several batches, is on the side of all of them, or on none.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from webapp.datasets.snapshots.manifest import Label, Match

TRAIN, VALIDATION, TEST, BETWEEN = "train", "validation", "test", "between"
SIDES = (TRAIN, VALIDATION, TEST)
T = TypeVar("T")
# Of a hundred objects, those below the first number are tested on, those below the second validated on.
_TEST, _VALIDATION = 10, 20


def with_sides(rows: Iterable[T], split: str, *, label_of: Callable[[T], Label]) -> Iterator[tuple[T, str]]:
    """Each row with its side: one of ``SIDES``, or "between", the same for all labels of a picture.

    Args:
        rows: labels, or what has one each; those of one picture stand side by side, as in a manifest.
        split: "block" or "character".
        label_of: the label of a row.

    Raises:
        KeyError: there is no such split.
    """
    for _, same in groupby(rows, key=lambda row: label_of(row).query):
        together = list(same)
        side = side_of_picture((label_of(row) for row in together), split)
        yield from ((row, side) for row in together)


def side_of_picture(labels: Iterable[Label], split: str) -> str:
    """The one side of all labels of a picture; "between" where each by itself would lie on another."""
    sides = {side_of(label, split) for label in labels}
    return sides.pop() if len(sides) == 1 else BETWEEN


def side_of(label: Label, split: str) -> str:
    """The side of a label, were it the only one of its picture.

    One of ``SIDES``, or "between" where its matches lie on different ones.

    split: "block", by the carved item, or "character", by the character that is carved; an item whose
    character nobody knows stands for itself there. A label without a match goes by its picture.

    Raises:
        KeyError: there is no such split.
    """
    key = SPLITS[split]
    sides = {_side(key(match)) for match in label.matches} or {_side(f"picture {label.query}")}
    return sides.pop() if len(sides) == 1 else BETWEEN


def _of_block(match: Match) -> str:
    return f"item {match.item}"


def _of_character(match: Match) -> str:
    return f"character {match.character}" if match.character else _of_block(match)


SPLITS: dict[str, Callable[[Match], str]] = {"block": _of_block, "character": _of_character}
"""The splits there are, each with what it must not let cross: a block, or a character."""


def _side(key: str) -> str:
    place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % 100
    return TEST if place < _TEST else VALIDATION if place < _VALIDATION else TRAIN
