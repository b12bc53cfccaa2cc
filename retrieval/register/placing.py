"""First places for a carving on a print: many tried at once, at few pixels."""

from collections.abc import Sequence

import numpy as np

from retrieval.register.forms import OUTLINE, ItemForm, PrintForm

_SCALES = np.geomspace(0.55, 1.5, 8)
_SHIFTS = np.linspace(-0.36, 0.36, 9)
# A character is hardly ever printed much wider or narrower than it was carved.
_MOST_STRETCH = 1.2
_WAYS = np.array([(scale, shift) for scale in _SCALES for shift in _SHIFTS])
_STRETCH = _WAYS[:, None, 0] / _WAYS[None, :, 0]
_DOWN, _ACROSS = np.nonzero((_STRETCH < _MOST_STRETCH) & (_STRETCH > 1 / _MOST_STRETCH))
_ROWS = np.arange(len(_WAYS) + 1)
_FIRST = np.searchsorted(_DOWN, _ROWS)  # of each way down, its first place
_PLACES = np.zeros((len(_DOWN), 6))
_PLACES[:, [0, 2]], _PLACES[:, [4, 5]] = _WAYS[_ACROSS], _WAYS[_DOWN]
_NEAR = 0.2
_U = (2 * np.arange(OUTLINE) + 1) / OUTLINE - 1
# Near the rim of a block's scan stand its neighbours: less weight there.
_EDGE = np.clip(np.abs(_U) - 0.5, 0, None)
_WINDOW = np.exp(-8 * (_EDGE[:, None] ** 2 + _EDGE[None, :] ** 2)).astype(np.float32).ravel()
_WINDOWS = (np.ones_like(_WINDOW), _WINDOW)
STARTS = 3


class Places:
    """A print as it looks from each of many places; made once for all carvings that are tried."""

    def __init__(self, picture: PrintForm) -> None:
        sampled = _weights(picture.outline.shape[0])  # (W, O, P)
        rows = (sampled.reshape(-1, sampled.shape[2]) @ picture.outline).reshape(len(_WAYS), OUTLINE, -1)
        found = np.empty((len(_PLACES), OUTLINE, OUTLINE), np.float32)
        for way, row in enumerate(rows):
            places = slice(_FIRST[way], _FIRST[way + 1])
            found[places] = np.matmul(row, sampled[_ACROSS[places]].transpose(0, 2, 1))
        flat = found.reshape(len(_PLACES), -1)
        self._seen = [_unit(flat, window) for window in _WINDOWS]

    def best(self, items: Sequence[ItemForm]) -> np.ndarray:
        """Of each of C carvings places that look like it: (C, 3, 6) float64.

        The best two by the whole of it, which lie apart, and the best by its middle.
        """
        outlines = np.stack([item.outline.ravel() for item in items])
        whole, middle = (
            _unit(outlines, window) @ seen.T for window, seen in zip(_WINDOWS, self._seen, strict=True)
        )
        first = whole.argmax(axis=1)
        near = np.abs(_PLACES[first][:, None] - _PLACES[None]).max(axis=2) < _NEAR
        second = np.where(near, -1, whole).argmax(axis=1)
        return _PLACES[np.stack([first, second, middle.argmax(axis=1)], axis=1)]


def _weights(side: int) -> np.ndarray:
    """(W, 16, side) float32: how each pixel of an outline is made of a picture's, along one way."""
    at = (_WAYS[:, :1] * _U + _WAYS[:, 1:] + 1) * side / 2 - 0.5
    return np.clip(1 - np.abs(at[..., None] - np.arange(side)), 0, 1).astype(np.float32)


def _unit(flat: np.ndarray, window: np.ndarray) -> np.ndarray:
    """(N, S S): less their weighted mean, of weighted length 1."""
    mean = (flat @ window / window.sum())[:, None]
    flat = (flat - mean) * np.sqrt(window)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
