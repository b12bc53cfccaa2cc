"""How well a print fits the carving under it, whatever its ink, its paper and its stroke weight."""

from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.register.fit import Fit
from retrieval.register.forms import ItemForm, slopes

# Standard deviation, in pixels of the item's frame, by which the print is softened.
_SOFT = 0.8
# Where ink is missing, or there is too much of it, over a stretch this wide: likely wear, or a neighbour.
_STRETCH, _MUCH = 2.5, 0.2


@dataclass(frozen=True)
class Likeness:
    """How like a print and a carving are.

    score: share of the print's edges that the carving explains, in [0, 1].
    correlation: of inks, in [-1, 1].
    residual: mean robust error of ink, in [0, 1].
    covered: share of the print's ink that lies under the carving's square, in [0, 1].
    """

    score: float
    correlation: float
    residual: float
    covered: float


def likeness(fit: Fit, item: ItemForm, whole: float) -> Likeness:
    """Judge a fit. whole: all of the print's ink, in pixels of the item's frame."""
    inside = fit.inside > 0
    if inside.sum() < 64:
        return Likeness(0.0, 0.0, 1.0, 0.0)
    ink = np.clip(fit.found, 0, 1)
    correlation = _correlation(fit.found[inside], item.ink[inside])
    residual = float(np.average(np.abs(ink - item.ink)[inside], weights=fit.weights[inside] + 1e-6))
    covered = float(min(ink.sum() / max(whole, 1e-6), 1.0))
    return Likeness(_explained(fit, item, ink), correlation, residual, covered)


def _explained(fit: Fit, item: ItemForm, ink: np.ndarray) -> float:
    """R squared of the print's slopes from the carving's, where it does not look worn."""
    rows = np.stack([*item.slopes, slopes(cv2.GaussianBlur(fit.found, (0, 0), _SOFT))])
    worn = cv2.GaussianBlur(ink - item.ink, (0, 0), _STRETCH) / _MUCH
    trust = fit.inside / (1 + np.square(np.square(worn)))
    return _r_squared(rows * np.sqrt(trust))


def _r_squared(rows: np.ndarray) -> float:
    """How much of the last row the others explain. rows: (R, 2, S, S) float32."""
    flat = rows.reshape(len(rows), -1)
    gram = (flat @ flat.T).astype(np.float64)
    known, total = gram[:-1, -1], gram[-1, -1]
    if total < 1e-6:
        return 0.0
    curve = gram[:-1, :-1] + np.eye(len(known)) * (1e-4 * np.trace(gram) + 1e-9)
    return float(np.clip(known @ np.linalg.solve(curve, known) / total, 0, 1))


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / max(np.sqrt((a @ a) * (b @ b)), 1e-6))
