"""Where a block comes to lie on a picture: as it is stored, sent and read."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

WORKER, PERSON = "worker", "person"
_LARGEST = 20.0
_LEAST_AREA = 1e-3


@dataclass(frozen=True)
class Fit:
    """A block's height map laid over a picture.

    Each frame is the whole of its picture, whatever its sides: x to the right and y down, both from -1 to 1.
    The height map lies as its file does, so that that of a mirrored block is turned over: its determinant is
    below 0.

    Args:
        transform: (a, b, c, d, e, f): the height map's (x, y) lies on the picture's
            (a x + b y + c, d x + e y + f).
        agreement: correlation of the inks, in [-1, 1]; None where nobody measured it.
        residual: mean difference of the inks, in [0, 1]; None where nobody measured it.
        by: "worker", or "person" who moved it.
        turn: degrees counterclockwise by which the height map's file was turned then; None where that was not
            written down.
    """

    transform: tuple[float, ...]
    agreement: float | None = None
    residual: float | None = None
    by: str = WORKER
    turn: int | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None, *, turn: int | None = None) -> "Fit | None":
        """What ``stored`` keeps, for a height map that is kept turned by ``turn`` degrees now."""
        if stored is None:
            return None
        fit = cls(**{**stored, "transform": tuple(stored["transform"])})
        return fit if turn is None else fit.kept_at(turn)

    def kept_at(self, turn: int) -> "Fit":
        """The same place on the picture, of the height map once its file is turned by ``turn`` degrees."""
        transform = self.transform
        for _ in range((turn - (turn if self.turn is None else self.turn)) // 90 % 4):
            a, b, c, d, e, f = transform
            transform = (b, -a, c, e, -d, f)
        return replace(self, transform=transform, turn=turn)

    @property
    def is_sound(self) -> bool:
        """Whether something can be laid by it, and its numbers can be stored."""
        if len(self.transform) != 6 or not all(_is_within(one, _LARGEST) for one in self.transform):
            return False
        a, b, _, d, e, _ = self.transform
        measured = [one for one in (self.agreement, self.residual) if one is not None]
        return abs(a * e - b * d) > _LEAST_AREA and all(_is_within(one, 1.0) for one in measured)

    def stored(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {
            "transform": [round(one, 5) for one in self.transform],
            "agreement": _rounded(self.agreement),
            "residual": _rounded(self.residual),
            "by": self.by,
            **({} if self.turn is None else {"turn": self.turn}),
        }


def _is_within(number: float, most: float) -> bool:
    return math.isfinite(number) and abs(number) <= most


def turned_over(transform: Sequence[float]) -> tuple[float, ...]:
    """The transform of the same block, its height map turned over left to right."""
    a, b, c, d, e, f = transform
    return (-a, b, c, -d, e, f)


def _rounded(measure: float | None) -> float | None:
    return None if measure is None else round(measure, 4)
