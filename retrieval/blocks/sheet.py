"""The curved sheet that the tops of a block's strokes lie in: tilt and warp, fitted robustly."""

from dataclasses import dataclass

import cv2
import numpy as np

_DEGREE = 3
_ROUNDS = 12
_WIDE, _NARROW = 9, 30  # windows along the longer edge, in each of which the highest places are tops
_MOST = 60_000  # points
_LEAST = 1e-3  # of all heights: nearer to the sheet is on it


@dataclass(frozen=True)
class Sheet:
    """A polynomial of low order over a grid, each edge of which runs from -1 to 1.

    weights: (T,) of its terms, in the heights' unit.
    spread: how far tops lie from it, robustly, in the heights' unit.
    share: of the tops that lie on it, in [0, 1].
    """

    weights: np.ndarray
    spread: float
    share: float

    def over(self, shape: tuple[int, int]) -> np.ndarray:
        """Its heights on a grid of (H, W) pixels, float32, whose edges are where those of the fitted were."""
        across, down = (((2 * np.arange(side) + 1) / side - 1)[:, None] for side in shape[::-1])
        powers = [np.hstack([way**power for power in range(_DEGREE + 1)]) for way in (across, down)]
        table = np.zeros((_DEGREE + 1, _DEGREE + 1))
        for weight, (i, j) in zip(self.weights, _TERMS, strict=True):
            table[i, j] = weight
        return (powers[1] @ table.T @ powers[0].T).astype(np.float32)

    def bend(self) -> float:
        """How far it is from a plane, from its highest to its lowest."""
        straight = self.weights.copy()
        straight[[place for place, (i, j) in enumerate(_TERMS) if i + j <= 1]] = 0
        return float(np.ptp(Sheet(straight, 0, 0).over((40, 40))))


_TERMS = [(i, j) for i in range(_DEGREE + 1) for j in range(_DEGREE + 1) if i + j <= _DEGREE]
_CUBIC = np.array([i + j == _DEGREE for i, j in _TERMS])


def fit_sheet(field: np.ndarray, inside: np.ndarray) -> Sheet:
    """The sheet through the tops of a field of heights.

    Tops are the highest places of many small windows; those that hold ground or debris alone fall out by
    Tukey's weights, whose scale follows the spread of what is left.

    field: (H, W) float32. inside: (H, W) bool, which pixels are the block.
    """
    # In shares of what is there to see, so that the file's unit, and where it lies, make no difference.
    seen = field[inside]
    level, span = (float(np.median(seen)), float(np.ptp(seen)) or 1.0) if len(seen) else (0.0, 1.0)
    found = _fitted_twice(np.where(inside, (field - level) / span, 0).astype(np.float32), inside)
    weights = found.weights * span
    weights[0] += level
    return Sheet(weights, found.spread * span, found.share)


def _fitted_twice(field: np.ndarray, inside: np.ndarray) -> Sheet:
    points = _tops(field, inside, _WIDE)
    if len(points) < 3 * len(_TERMS):
        level = float(np.median(field[inside])) if inside.any() else 0.0
        return Sheet(np.array([level] + [0.0] * (len(_TERMS) - 1)), 0.0, 0.0)
    first = _fitted(points, np.zeros(len(_TERMS)), np.inf)
    # Of narrow windows many hold ground alone; they count where their highest lies near the sheet.
    return _fitted(_tops(field, inside, _NARROW), first.weights, 3 * first.spread + _LEAST)


def _fitted(points: np.ndarray, start: np.ndarray, near: float) -> Sheet:
    """A sheet through points (N, 3) that lie so near to one that is known; from scratch where near is inf."""
    terms = np.stack([points[:, 0] ** i * points[:, 1] ** j for i, j in _TERMS], axis=1)
    known = np.isfinite(near)
    kept = np.abs(points[:, 2] - terms @ start) < near
    if kept.sum() < 3 * len(_TERMS):
        return Sheet(start, near / 3, float(kept.mean()))
    terms, heights, weights, solution = terms[kept], points[kept, 2], np.ones(kept.sum()), start
    scale = 1e-9
    for step in range(_ROUNDS):
        early = step < _ROUNDS // 2 and not known
        rows = terms * weights[:, None]
        # A bow comes first: what is still free to swing would follow a lost corner down.
        stiff = np.where(_CUBIC & early, 1e3, 1e-9) * len(heights)
        solution = np.linalg.solve(terms.T @ rows + np.diag(stiff), rows.T @ heights)
        off = heights - terms @ solution
        # At first what lies under the sheet, where no strokes are, pulls less than what lies over it.
        middle = np.percentile(off, 60) if early else 0.0
        scale = 1.4826 * float(np.median(np.abs(off - middle))) + _LEAST / 10
        weights = np.square(np.clip(1 - np.square((off - middle) / (4.0 * scale)), 0, None))
    return Sheet(solution, scale, float((np.abs(off) < 4 * scale).mean()))


def _tops(field: np.ndarray, inside: np.ndarray, windows: int) -> np.ndarray:
    """(N, 3) across, down and height of the highest places of windows."""
    rows, columns = field.shape
    low = float(field[inside].min()) if inside.any() else 0.0
    filled = np.where(inside, field, low).astype(np.float32)
    smooth = cv2.blur(filled, (3, 3))
    window = max(3, max(field.shape) // windows) | 1
    summit = cv2.dilate(smooth, np.ones((window, window), np.uint8))
    rim = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    span = float(np.percentile(field[inside], 99) - np.percentile(field[inside], 1)) if inside.any() else 0
    y, x = np.nonzero(rim & (smooth >= summit - 0.04 * span))
    every = max(1, len(y) // _MOST)
    y, x = y[::every], x[::every]
    return np.stack([(2 * x + 1) / columns - 1, (2 * y + 1) / rows - 1, smooth[y, x]], axis=1).astype(float)
