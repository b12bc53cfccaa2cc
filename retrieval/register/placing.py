"""A first place for a carving on a print: many tried at once, at few pixels."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from retrieval.register.forms import OUTLINE, ItemForm, PrintForm
from retrieval.register.kernels import sample

_SCALES = (0.57, 0.66, 0.76, 0.87, 1.0, 1.15, 1.32, 1.5)
_SHIFTS = (-0.24, -0.16, -0.08, 0.0, 0.08, 0.16, 0.24)
# A character is hardly ever printed much wider or narrower than it was carved.
_MOST_STRETCH = 1.34
_PLACES = np.array(
    [
        (across, 0, x, 0, down, y)
        for across, down, x, y in product(_SCALES, _SCALES, _SHIFTS, _SHIFTS)
        if 1 / _MOST_STRETCH < across / down < _MOST_STRETCH
    ],
    float,
)
_NEAR = np.abs(_PLACES[:, None] - _PLACES[None]).max(axis=2) < 0.2
STARTS = 2


class Places:
    """A print as it looks from each of many places; made once for all carvings that are tried."""

    def __init__(self, picture: PrintForm) -> None:
        found = np.empty((len(_PLACES), OUTLINE, OUTLINE), np.float32)
        inside = np.empty((OUTLINE, OUTLINE), np.float32)
        for place, warp in enumerate(_PLACES):
            sample(picture.outline, warp, found[place], inside)
        self._seen = _unit(found)

    def best(self, items: Sequence[ItemForm], count: int = STARTS) -> np.ndarray:
        """Of each of C carvings the places with the best correlation: (C, count, 6) float64."""
        wanted = _unit(np.stack([item.outline for item in items]))
        likeness = wanted @ self._seen.T
        best = np.empty((len(items), count), int)
        for rank in range(count):
            best[:, rank] = likeness.argmax(axis=1)
            # The next one is to lie elsewhere: near ones end in the same place.
            likeness[_NEAR[best[:, rank]]] = -1
        return _PLACES[best]


def _unit(pictures: np.ndarray) -> np.ndarray:
    """(N, S S): less their mean, of length 1."""
    flat = pictures.reshape(len(pictures), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
