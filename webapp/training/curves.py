"""A run's curves as the server draws them: points in, places on the sheet out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from webapp.overview.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Mark

_STEPS = 4
_LEAST_STEP = 0.005
_HALF_A_WORD = 18.0


@dataclass(frozen=True)
class Curve:
    """One line over the run's share. places: "x,y x,y ..."; rows: what the same says as a table.

    last: its newest value; None, as the rest is empty, where there is none yet.
    """

    key: str
    title: str
    places: str
    ends: tuple[float, float] | None
    below: list[Mark]
    beside: list[Mark]
    rows: list[tuple[str, float]]

    width, height, left, top = WIDTH, HEIGHT, LEFT, TOP
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    @property
    def empty(self) -> bool:
        return not self.rows

    @property
    def last(self) -> float | None:
        return self.rows[-1][1] if self.rows else None


def curves_of(points: Sequence[dict]) -> list[Curve]:
    """Loss, MRR@5 on the validation side, likeness to the vectors of before. points: as a run has them."""
    return [
        curve("loss", _("Loss"), points),
        curve("mrr", _("MRR@5 on the validation side"), points),
        curve("kept", _("Likeness to what it said before"), points),
    ]


def curve(key: str, title: str, points: Sequence[dict]) -> Curve:
    """The line of the points that have a value of this key."""
    told = [(float(point["share"]), float(point[key])) for point in points if point.get(key) is not None]
    told = [(share, value) for share, value in told if math.isfinite(share) and math.isfinite(value)]
    if not told:
        return Curve(key, title, "", None, [], [], [])
    low, high, step = _scale([value for _, value in told])
    places = [(_x(share), _y(value, low, high)) for share, value in told]
    digits = max(0, -math.floor(math.log10(step)))
    marks = [low + step * place for place in range(round((high - low) / step) + 1)]
    return Curve(
        key,
        title,
        " ".join(f"{x:g},{y:g}" for x, y in places),
        places[-1],
        [Mark(min(_x(part / 4), WIDTH - _HALF_A_WORD), f"{25 * part} %") for part in range(5)],
        [Mark(_y(value, low, high), f"{value:.{digits}f}") for value in marks],
        [(f"{share:.0%}", round(value, 4)) for share, value in told],
    )


def _scale(values: Sequence[float]) -> tuple[float, float, float]:
    """Lowest and highest line of the sheet, and the step between lines: 1, 2 or 5 times a power of ten."""
    least, most = min(values), max(values)
    rough = max((most - least) / _STEPS, _LEAST_STEP)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * (1 - 1e-9))
    low = math.floor(least / step) * step
    return low, max(math.ceil(most / step) * step, low + step), step


def _x(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * min(1.0, max(0.0, share)), 2)


def _y(value: float, low: float, high: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - low) / (high - low), 2)
