"""Matching by hand-made features: gradient histograms, correlation, structural similarity."""

from collections.abc import Callable, Sequence

import numpy as np

from retrieval.evaluate.methods import classical
from retrieval.index.hits import best_first
from retrieval.types import Hits

_READINGS = 2


def hog_method() -> "FeatureMethod":
    """Histograms of oriented gradients (Dalal and Triggs, CVPR 2005)."""
    return FeatureMethod("hog", classical.hog_features)


def template_method() -> "FeatureMethod":
    """Normalised correlation of the pictures themselves."""
    return FeatureMethod("template", classical.template_features)


class FeatureMethod:
    """Hand-made features compared by cosine; items are read as seen and flipped, the nearer counts."""

    def __init__(self, name: str, features: Callable[[np.ndarray], np.ndarray]) -> None:
        self.name = name
        self.about: dict = {}
        self._features = features
        self._parts: list[np.ndarray] = []

    def add_items(self, heights: Sequence[np.ndarray]) -> None:
        """See `Method.add_items`."""
        strokes = np.stack([classical.height_strokes(height) for height in heights])
        both = np.stack((self._features(strokes), self._features(strokes[:, :, ::-1].copy())), axis=1)
        self._parts.append(both)

    def rank(self, pictures: Sequence[np.ndarray], k: int) -> Hits:
        """See `Method.rank`."""
        queries = self._features(np.stack([classical.print_strokes(picture) for picture in pictures]))
        likeness = [queries @ part.reshape(-1, part.shape[-1]).T for part in self._parts]
        nearest = [one.reshape(len(queries), -1, _READINGS).max(axis=2) for one in likeness]
        return _ranked(1 - np.concatenate(nearest, axis=1), k)


class SsimMethod:
    """Structural similarity of every query with every item, as seen and flipped, the nearer counts."""

    name = "ssim"

    def __init__(self) -> None:
        self.about: dict = {}
        self._items: list[list[tuple]] = []

    def add_items(self, heights: Sequence[np.ndarray]) -> None:
        """See `Method.add_items`."""
        for height in heights:
            strokes = classical.height_strokes(height)
            both = (strokes, np.ascontiguousarray(strokes[:, ::-1]))
            self._items.append([(one, classical.local_statistics(one)) for one in both])

    def rank(self, pictures: Sequence[np.ndarray], k: int) -> Hits:
        """See `Method.rank`."""
        distances = np.empty((len(pictures), len(self._items)), np.float32)
        for row, picture in enumerate(pictures):
            query = classical.print_strokes(picture)
            of_query = classical.local_statistics(query)
            for column, readings in enumerate(self._items):
                likeness = (classical.ssim(query, one, of_query, of_one) for one, of_one in readings)
                distances[row, column] = 1 - max(likeness)
        return _ranked(distances, k)


def _ranked(distances: np.ndarray, k: int) -> Hits:
    ids = np.broadcast_to(np.arange(distances.shape[1]), distances.shape)
    return best_first(ids, distances, k)
