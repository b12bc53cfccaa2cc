"""Gauss-Newton, coarse to fine: the affine transform that lays a carving over a print.

Inverse compositional (Baker and Matthews, IJCV 2004): slopes are taken of the item, which is clean and whose
slopes are made once; robust weights forgive missing ink, and neighbours in the picture.
"""

from dataclasses import dataclass

import numpy as np

from retrieval.register.forms import ItemForm, PrintForm
from retrieval.register.kernels import descend
from retrieval.register.placing import STARTS

# Errors of ink where none is wanted, and of none where some is; weight of what the picture does not show.
LIMITS = np.array([0.6, 0.4, 0.3])
# Turned, scaled alike and moved.
_SIMILAR = np.array(
    [[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], float
)
_AFFINE = np.eye(6)
# Near the rim stand neighbours: less weight there. Sums to 1.
_RIM = np.exp(-8 * np.square(np.clip(np.abs((2 * np.arange(32) + 1) / 32 - 1) - 0.5, 0, None)))
_WINDOW = (_RIM[:, None] * _RIM / _RIM.sum() ** 2).astype(np.float32)
_STEPS_SIMILAR, _STEPS_COARSE, _STEPS_FINE = 6, 8, 8
MOST_STEPS = STARTS * _STEPS_SIMILAR + _STEPS_COARSE + _STEPS_FINE


@dataclass(frozen=True)
class Fit:
    """Where a carving came to lie.

    warp: (6,) float64, from the item's frame to the print's.
    found: (64, 64) float32, the print's ink in the item's frame; inside: where the picture shows it, else 0.
    weights: (64, 64) float32, how much each pixel counted in the last step.
    steps: how many were taken.
    """

    warp: np.ndarray
    found: np.ndarray
    inside: np.ndarray
    weights: np.ndarray
    steps: int


@dataclass(frozen=True)
class CoarseFit:
    """Where a carving came to lie at few pixels.

    warp: (6,) float64. agreement: correlation of inks, in [-1, 1]. steps: how many were taken.
    """

    warp: np.ndarray
    agreement: float
    steps: int


def fit_coarse(picture: PrintForm, item: ItemForm, starts: np.ndarray) -> CoarseFit:
    """The best of what first places lead to. starts: (N, 6) float64."""
    tried = [_Work(picture, item, 0) for _ in starts]
    for work, start in zip(tried, starts, strict=True):
        work.descend(start, _SIMILAR, _STEPS_SIMILAR)
    best = max(tried, key=_Work.agreement)
    best.descend(best.warp, _AFFINE, _STEPS_COARSE)
    return CoarseFit(best.warp, best.agreement(), sum(work.steps for work in tried))


def fit_fine(picture: PrintForm, item: ItemForm, coarse: CoarseFit) -> Fit:
    """Improve a coarse fit to the end; at most ``MOST_STEPS`` steps are taken in both together."""
    fine = _Work(picture, item, 1)
    fine.descend(coarse.warp, _AFFINE, _STEPS_FINE)
    return Fit(fine.warp, fine.found, fine.inside, fine.weights, coarse.steps + fine.steps)


class _Work:
    """One level of a pair, and room for what a step makes."""

    def __init__(self, picture: PrintForm, item: ItemForm, place: int) -> None:
        self._picture, self._level = picture.levels[place], item.levels[place]
        self.found, self.inside, self.weights = np.empty_like(self._level)
        self.warp, self.steps = np.zeros(6), 0

    def descend(self, start: np.ndarray, freedom: np.ndarray, most: int) -> None:
        """Go on from a warp."""
        self.warp = start.copy()
        self.steps += descend(
            self._picture,
            self._level,
            self.warp,
            freedom,
            most,
            LIMITS,
            self.found,
            self.inside,
            self.weights,
        )

    def agreement(self) -> float:
        """Correlation of the print and the carving as they lie, in [-1, 1]."""
        a, b = self.found, self._level[0]
        a, b = a - (_WINDOW * a).sum(), b - (_WINDOW * b).sum()
        together = (_WINDOW * a * b).sum()
        agreement = float(together / max(np.sqrt((_WINDOW * a * a).sum() * (_WINDOW * b * b).sum()), 1e-9))
        return agreement if np.isfinite(agreement) else -1.0
