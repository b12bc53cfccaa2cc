"""The order in which the characters of an old page are read: columns from the right, notes in their place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Protocol

_SMALL = 0.72  # of the usual width: a note's character
_FLAT = 0.55  # a flat character, such as that of "one", is as wide as others: its height tells nothing
_VERSE = (6, 8)  # characters of a column, above and below, in verse that is read over both registers


class Placed(Protocol):
    """Something with a place: left, top, width and height, on the page as it stands upright."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def w(self) -> float: ...
    @property
    def h(self) -> float: ...


class Separator(NamedTuple):
    """A ruled horizontal line that parts two registers, from x0 to x1 at the height y."""

    x0: float
    y: float
    x1: float


class Place(NamedTuple):
    """A box's place in what is read: its column and its order, each from 1 over the page."""

    column: int
    order: int


@dataclass
class _Spot:
    index: int
    x0: float
    y0: float
    x1: float
    y1: float
    small: bool = False

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass
class _Column:
    x: float
    width: float
    spots: list[_Spot] = field(default_factory=list)
    notes: list["_Column"] = field(default_factory=list)  # half columns within it


def order_boxes(boxes: Sequence[Placed], separators: Sequence[Separator] = ()) -> list[Place]:
    """Each box's column and order, in the order in which the boxes were given.

    Leaves come from right to left, registers of a leaf from top to bottom, columns of a register from right
    to left, a column from top to bottom. Of double notes the right half comes before the left. Verse of six
    and eight characters in two registers is read down each column over both.

    boxes: on a page without skew.
    separators: ruled lines between registers; those that run through characters are passed over.
    """
    if not boxes:
        return []
    spots = _spots(boxes)
    columns = [column for leaf in _leaves(spots, separators) for column in _leaf_columns(leaf, separators)]
    places = [Place(0, 0)] * len(boxes)
    order = 0
    for number, column in enumerate(columns, 1):
        for spot in _read_column(column):
            order += 1
            places[spot.index] = Place(number, order)
    return places


def _spots(boxes: Sequence[Placed]) -> list[_Spot]:
    spots = [_Spot(at, box.x, box.y, box.x + box.w, box.y + box.h) for at, box in enumerate(boxes)]
    sides = [max(spot.x1 - spot.x0, spot.y1 - spot.y0) for spot in spots]
    usual = _usual_side(sides)
    for spot, side in zip(spots, sides, strict=True):
        spot.small = side < _SMALL * usual
    return spots


def _usual_side(sides: Sequence[float]) -> float:
    """The side of the main text's characters: of two sizes the larger, where it is not a rare one."""
    ordered = sorted(sides)
    large = [side for side in ordered if side > 1.4 * ordered[len(ordered) // 4]]
    return median(large) if len(large) >= max(5, len(ordered) // 16) else median(ordered)


def _leaves(spots: list[_Spot], separators: Sequence[Separator]) -> list[list[_Spot]]:
    """The right leaf and the left one where registers would run over both; else all in one."""
    if not separators:
        return [spots]
    left, right = min(spot.x0 for spot in spots), max(spot.x1 for spot in spots)
    wide = [line for line in separators if line.x1 - line.x0 > 0.25 * (right - left)]
    one_sided = wide and all(line.x1 - line.x0 < 0.62 * (right - left) for line in wide)
    if not one_sided:
        return [spots]
    # Two leaves side by side, each with lines of its own: they meet where the lines of neither run.
    rights = [line for line in wide if line.x0 + line.x1 > left + right]
    lefts = [line for line in wide if line.x0 + line.x1 <= left + right]
    if not rights or not lefts:
        return [spots]
    # What stands between them, the fold, is read between them.
    inner = max(line.x1 for line in lefts), min(line.x0 for line in rights)
    groups: list[list[_Spot]] = [[], [], []]
    for spot in spots:
        groups[0 if spot.cx > inner[1] else 1 if spot.cx > inner[0] else 2].append(spot)
    return [group for group in groups if group]


def _registers(spots: list[_Spot], separators: Sequence[Separator]) -> list[list[_Spot]]:
    """The boxes of a leaf, parted at each line that runs over most of it and through next to none of them."""
    if not spots:
        return []
    left, right = min(spot.x0 for spot in spots), max(spot.x1 for spot in spots)
    heights = sorted(
        line.y
        for line in separators
        if min(line.x1, right) - max(line.x0, left) > 0.5 * (right - left) and _parts(line, spots)
    )
    registers: list[list[_Spot]] = []
    for upper, lower in zip([float("-inf"), *heights], [*heights, float("inf")], strict=True):
        inside = [spot for spot in spots if upper <= spot.cy < lower]
        if inside:
            registers.append(inside)
    return registers


def _parts(line: Separator, spots: list[_Spot]) -> bool:
    crossed = sum(
        spot.y0 + 0.25 * (spot.y1 - spot.y0) < line.y < spot.y1 - 0.25 * (spot.y1 - spot.y0) for spot in spots
    )
    return crossed <= 0.01 * len(spots)


def _columns(spots: list[_Spot]) -> list[_Column]:
    """Columns from right to left, each with its boxes.

    Notes stand in half columns. A half belongs to a column of large characters that it overlaps, where it
    stands beside none of them; what is left over makes columns of its own.
    """
    columns = _clustered([spot for spot in spots if not spot.small])
    left_over = []
    for half in _clustered([spot for spot in spots if spot.small]):
        near = [column for column in columns if _may_hold(column, half)]
        if near:
            min(near, key=lambda column: abs(column.x - half.x)).notes.append(half)
        else:
            left_over.append(half)
    for column in columns:
        column.spots += [spot for half in column.notes for spot in half.spots]
    return sorted(columns + _paired(left_over), key=lambda column: -column.x)


def _may_hold(column: _Column, half: _Column) -> bool:
    if abs(column.x - half.x) > 0.5 * (column.width + half.width):
        return False
    beside = sum(any(_side_by_side(note, spot) for spot in column.spots) for note in half.spots)
    return beside <= 0.3 * len(half.spots)


def _side_by_side(note: _Spot, spot: _Spot) -> bool:
    return min(note.y1, spot.y1) - max(note.y0, spot.y0) > 0.3 * (note.y1 - note.y0)


def _clustered(spots: list[_Spot]) -> list[_Column]:
    """Boxes that stand above each other: each joins the column that is nearest, within half a width."""
    if not spots:
        return []
    width = median(spot.x1 - spot.x0 for spot in spots)
    columns: list[_Column] = []
    for spot in sorted(spots, key=lambda spot: -spot.cx):
        if columns and abs(columns[-1].x - spot.cx) < 0.5 * width:
            column = columns[-1]
            column.spots.append(spot)
            column.x = sum(each.cx for each in column.spots) / len(column.spots)
        else:
            columns.append(_Column(spot.cx, width, [spot]))
    return columns


def _paired(halves: list[_Column]) -> list[_Column]:
    """Columns of notes alone, from halves sorted from right to left: each half with its nearer neighbour."""
    columns: list[_Column] = []
    rest = list(halves)
    while rest:
        gaps = [a.x - b.x for a, b in pairwise(rest[:3])]
        if gaps and gaps[0] < 1.8 * rest[0].width and (len(gaps) < 2 or gaps[0] <= 1.15 * gaps[1]):
            right, left = rest[:2]
            columns.append(_Column((right.x + left.x) / 2, right.width, right.spots + left.spots))
            rest = rest[2:]
        else:
            columns.append(rest.pop(0))
    return columns


def _read_column(column: _Column) -> list[_Spot]:
    """A column's boxes from top to bottom, the right half of each run of notes before its left half."""
    read: list[_Spot] = []
    notes: list[_Spot] = []
    gap = (
        1.5 * median(spot.x1 - spot.x0 for spot in column.spots if spot.small)
        if any(spot.small for spot in column.spots)
        else 0.0
    )
    for spot in sorted(column.spots, key=lambda spot: spot.cy):
        if not spot.small:
            read += _read_notes(notes)
            notes = []
            read.append(spot)
        else:
            if notes and spot.y0 - max(each.y1 for each in notes) > gap:
                read += _read_notes(notes)
                notes = []
            notes.append(spot)
    return read + _read_notes(notes)


def _read_notes(notes: list[_Spot]) -> list[_Spot]:
    if len(notes) < 2:
        return notes
    left, right = min(spot.cx for spot in notes), max(spot.cx for spot in notes)
    width = median(spot.x1 - spot.x0 for spot in notes)
    if right - left < 0.6 * width:
        return notes
    middle = (left + right) / 2
    return [spot for spot in notes if spot.cx > middle] + [spot for spot in notes if spot.cx <= middle]


def _leaf_columns(leaf: list[_Spot], separators: Sequence[Separator]) -> list[_Column]:
    """A leaf's columns in the order in which they are read."""
    registers = [_columns(register) for register in _registers(leaf, separators)]
    if len(registers) == 2 and all(
        len(columns) > 3 and median(len(column.spots) for column in columns) == count
        for columns, count in zip(registers, _VERSE, strict=True)
    ):
        return _read_as_verse(*registers)
    return [column for columns in registers for column in columns]


def _read_as_verse(above: list[_Column], below: list[_Column]) -> list[_Column]:
    """Six characters above and eight below: lines of verse, each read down its column over both registers."""
    rest = list(below)
    lines = []
    for upper in above:
        lower = min(rest, key=lambda column: abs(column.x - upper.x), default=None)
        if lower is not None and abs(lower.x - upper.x) < 0.6 * upper.width:
            rest.remove(lower)
            lines.append(_Column(upper.x, upper.width, upper.spots + lower.spots))
        else:
            lines.append(upper)
    return sorted(lines + rest, key=lambda column: -column.x)
