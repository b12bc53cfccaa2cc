"""Charts as the server draws them: numbers in, places on the sheet out. No script takes part."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 8.0, 10.0, 24.0
_GAP = 0.22  # of a column's width
_LABELS = 12


@dataclass(frozen=True)
class Series:
    """One colour of a chart. key: names the colour in the style sheet. values: one a column, 0 or more."""

    key: str
    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Rect:
    """A piece of a column, in the sheet's units. key: its series'. said: what it stands for."""

    key: str
    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True)
class Mark:
    """A word beside an axis, at one place of it."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Columns of stacked pieces, with what the same says as a table. empty: whether all values are 0."""

    title: str
    rects: list[Rect]
    below: list[Mark]
    beside: list[Mark]
    series: list[Series]
    rows: list[tuple[str, list[int]]]

    width, height, left, top = WIDTH, HEIGHT, LEFT, TOP
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    @property
    def empty(self) -> bool:
        return not any(value for _, values in self.rows for value in values)


def bar_chart(title: str, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """Stacked columns, one for each label, the first series at the bottom.

    Raises:
        ValueError: a series has not one value for each label.
    """
    columns = list(zip(*(one.values for one in series), strict=True)) if series else []
    if len(columns) != len(labels):
        raise ValueError(f"{len(labels)} labels for {len(columns)} columns")
    top = nice_top(max((sum(column) for column in columns), default=0))
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    rects = []
    for place, (label, column) in enumerate(zip(labels, columns, strict=True)):
        x = LEFT + (place + _GAP / 2) * wide
        rects += _stacked(x, wide * (1 - _GAP), label, column, series, top)
    return Chart(
        title=title,
        rects=rects,
        below=_below(labels, wide),
        beside=[Mark(_y(part * top, top), f"{round(part * top):,}") for part in (0, 0.5, 1)],
        series=list(series),
        rows=[(label, list(column)) for label, column in zip(labels, columns, strict=True)],
    )


def nice_top(value: float) -> int:
    """The least of 2, 4, 10, 20, 40, 100, ... that is not below ``value``: its half is a whole number."""
    if value <= 2:
        return 2
    power = 10 ** math.floor(math.log10(value))
    return next(int(step * power) for step in (1, 2, 4, 10) if step * power >= value and step * power >= 2)


def _stacked(x: float, width: float, label: str, column, series, top: int) -> list[Rect]:
    rects, below = [], 0
    for value, one in zip(column, series, strict=True):
        if value:
            y = _y(below + value, top)
            said = f"{label}: {one.name} {value:,}"
            rects.append(
                Rect(one.key, round(x, 2), round(y, 2), round(width, 2), round(_y(below, top) - y, 2), said)
            )
        below += value
    return rects


def _y(value: float, top: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top


def _below(labels: Sequence[str], wide: float) -> list[Mark]:
    every = max(1, math.ceil(len(labels) / _LABELS))
    return [
        Mark(round(LEFT + (place + 0.5) * wide, 2), label)
        for place, label in enumerate(labels)
        if place % every == 0
    ]
