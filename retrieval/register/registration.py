"""A print laid over carvings: where each comes to lie, how well it fits, and why where none does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.register.fit import CoarseFit, Fit, fit_coarse, fit_fine
from retrieval.register.forms import SIDE, ItemForm, PrintForm
from retrieval.register.likeness import likeness
from retrieval.register.placing import Places

NO_INK = "no_ink"
NO_STROKES = "no_strokes"
ASTRAY = "astray"
BEHIND = "behind"
REFINED = 12
"""So many carvings, those that fit best at few pixels, are registered to the end."""
# A fit that turns a carving farther, or stretches it more, has lost its way.
_MOST_TURN = np.radians(20)
_MOST_STRETCH = 1.6


@dataclass(frozen=True)
class Registration:
    """One carving under one print.

    Args:
        transform: (2, 3) float64, from the carving's square, as the print reads it, to the whole picture; in
            both, x goes right and y down, from -1 to 1. None where there is none.
        score: how well the print's edges are those of the carving, in [0, 1].
        correlation: of inks, in [-1, 1].
        residual: mean difference of inks where they can be compared, in [0, 1].
        covered: share of the print's ink that lies under the carving's square, in [0, 1].
        steps: how many were taken, never more than ``fit.MOST_STEPS``.
        failed: "no_ink" (a picture without ink), "no_strokes" (a flat relief), "astray" (no place was found),
            "behind" (at few pixels, others fitted better), or empty.
    """

    transform: np.ndarray | None
    score: float
    correlation: float
    residual: float
    covered: float
    steps: int = 0
    failed: str = ""


class PrintOver:
    """One print, to be laid over carvings.

    Example:
        >>> import numpy as np
        >>> from retrieval.register import PrintOver, item_form, print_form, read_item_form
        >>> height = np.zeros((256, 256), np.float32)
        >>> height[40:216, 110:150] = height[100:140, 40:216] = 0.9
        >>> gray = np.full((90, 90), 230, np.uint8)
        >>> gray[18:72, 39:51] = gray[36:49, 17:72] = 40
        >>> (found,) = PrintOver(print_form(gray)).register([read_item_form(item_form(height))])
        >>> found.failed, found.correlation > 0.9
        ('', True)
    """

    def __init__(self, picture: PrintForm) -> None:
        self._picture = picture
        self._places = Places(picture)

    def register(self, items: Sequence[ItemForm]) -> list[Registration]:
        """Lay the print over each of some carvings. Never raises, and always ends."""
        able = [place for place, item in enumerate(items) if item.has_strokes and self._picture.has_ink]
        found = [_failed(NO_STROKES if self._picture.has_ink else NO_INK)] * len(items)
        starts = self._places.best([items[place] for place in able]) if able else ()
        coarse = {
            place: fit_coarse(self._picture, items[place], some)
            for place, some in zip(able, starts, strict=True)
        }
        best = sorted(able, key=lambda place: -coarse[place].agreement)
        for place in best[:REFINED]:
            found[place] = _registered(self._picture, items[place], coarse[place])
        for place in best[REFINED:]:
            found[place] = _failed(BEHIND, coarse[place].steps)
        return found


def _registered(picture: PrintForm, item: ItemForm, coarse: CoarseFit) -> Registration:
    fitted = fit_fine(picture, item, coarse)
    like = likeness(fitted, item, _ink_of(picture, fitted))
    numbers = (like.score, like.correlation, like.residual, like.covered)
    if not np.isfinite(numbers).all() or not _is_likely(fitted.warp):
        return _failed(ASTRAY, fitted.steps)
    return Registration(_to_picture(picture, fitted.warp), *numbers, steps=fitted.steps)


def _failed(reason: str, steps: int = 0) -> Registration:
    return Registration(None, 0.0, 0.0, 1.0, 0.0, steps, reason)


def _is_likely(warp: np.ndarray) -> bool:
    """Whether a print lies so: hardly turned, hardly stretched."""
    linear = warp.reshape(2, 3)[:, :2]
    turn = np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])
    long, short = np.linalg.svd(linear, compute_uv=False)
    return bool(abs(turn) < _MOST_TURN and long < _MOST_STRETCH * max(short, 1e-6))


def _to_picture(picture: PrintForm, warp: np.ndarray) -> np.ndarray:
    return (picture.to_picture @ np.vstack([warp.reshape(2, 3), [0, 0, 1]]))[:, :3]


def _ink_of(picture: PrintForm, fitted: Fit) -> float:
    """All of the print's ink, in pixels of the carving's frame as it lies now."""
    fine = picture.levels[1]
    area = abs(np.linalg.det(fitted.warp.reshape(2, 3)[:, :2]))
    return float(np.clip(fine, 0, 1).sum()) / max(area, 1e-6) * (SIDE / fine.shape[0]) ** 2
