"""Charts as the server draws them, bars and lines: numbers in, places on a sheet out, without a script."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.core.pages.numbers import percent, written

WIDTH, HEIGHT = 640.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 8.0, 10.0, 24.0
_GAP = 0.22  # of a column's width
_LABELS = 12
_STEPS = 4  # of a line chart's scale, about
_LEAST_STEP = 0.005
_HALF_A_WORD = 18.0


@dataclass(frozen=True)
class Series:
    """One colour of a chart. key: names the colour in the style sheet. values: one a column, 0 or more."""

    key: str
    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Rect:
    """A piece of a column, in the sheet's units. key: its series'. text: what it stands for."""

    key: str
    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True)
class Mark:
    """A word beside an axis, at one place of it."""

    at: float
    text: str


class Sheet:
    """What a chart is drawn on: its size, and the edges of what is drawn, in the sheet's units."""

    width, height, left, top = WIDTH, HEIGHT, LEFT, TOP
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM


@dataclass(frozen=True)
class BarChart(Sheet):
    """Columns of stacked pieces, with what the same says as a table. empty: whether all values are 0."""

    title: str
    rects: list[Rect]
    below: list[Mark]
    beside: list[Mark]
    series: list[Series]
    rows: list[tuple[str, list[int]]]

    @property
    def empty(self) -> bool:
        return not any(value for _, values in self.rows for value in values)


@dataclass(frozen=True)
class LineChart(Sheet):
    """One line over a share in [0, 1]. places: "x,y x,y ..."; rows: what the same says as a table.

    last: its newest value; None, as the rest is empty, where there is none yet.
    """

    key: str
    title: str
    places: str
    ends: tuple[float, float] | None
    below: list[Mark]
    beside: list[Mark]
    rows: list[tuple[str, float]]

    @property
    def empty(self) -> bool:
        return not self.rows

    @property
    def last(self) -> float | None:
        return self.rows[-1][1] if self.rows else None


def bar_chart(title: str, labels: Sequence[str], series: Sequence[Series]) -> BarChart:
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
    return BarChart(
        title=title,
        rects=rects,
        below=_below(labels, wide),
        beside=[Mark(_height_at(part * top, 0, top), f"{round(part * top):,}") for part in (0, 0.5, 1)],
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
            y = _height_at(below + value, 0, top)
            text = f"{label}: {one.name} {value:,}"
            rects.append(
                Rect(
                    one.key,
                    round(x, 2),
                    round(y, 2),
                    round(width, 2),
                    round(_height_at(below, 0, top) - y, 2),
                    text,
                )
            )
        below += value
    return rects


def _below(labels: Sequence[str], wide: float) -> list[Mark]:
    every = max(1, math.ceil(len(labels) / _LABELS))
    return [
        Mark(round(LEFT + (place + 0.5) * wide, 2), label)
        for place, label in enumerate(labels)
        if place % every == 0
    ]


def line_chart(key: str, title: str, points: Sequence[tuple[float, float]]) -> LineChart:
    """The line of points, (share, value) each, in their order; those that are not finite are left out."""
    finite = [(share, value) for share, value in points if math.isfinite(share) and math.isfinite(value)]
    if not finite:
        return LineChart(key, title, "", None, [], [], [])
    low, high, step = _scale([value for _, value in finite])
    places = [
        (_across(min(1.0, max(0.0, share))), round(_height_at(value, low, high), 2))
        for share, value in finite
    ]
    digits = max(0, -math.floor(math.log10(step)))
    marks = [low + step * place for place in range(round((high - low) / step) + 1)]
    return LineChart(
        key,
        title,
        " ".join(f"{x:g},{y:g}" for x, y in places),
        places[-1],
        [Mark(min(_across(part / 4), WIDTH - _HALF_A_WORD), f"{25 * part} %") for part in range(5)],
        [Mark(round(_height_at(value, low, high), 2), written(value, digits)) for value in marks],
        [(percent(share), round(value, 4)) for share, value in finite],
    )


def _height_at(value: float, low: float, high: float) -> float:
    """Where a value stands on a sheet whose scale goes from ``low`` to ``high``."""
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - low) / (high - low)


def _across(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 2)


def _scale(values: Sequence[float]) -> tuple[float, float, float]:
    """Lowest and highest line of the sheet, and the step between lines: 1, 2 or 5 times a power of ten."""
    least, most = min(values), max(values)
    rough = max((most - least) / _STEPS, _LEAST_STEP)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * (1 - 1e-9))
    low = math.floor(least / step) * step
    return low, max(math.ceil(most / step) * step, low + step), step
