"""The ways of matching that can be evaluated by name, all behind the same two calls."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from common.errors import BadInput
from retrieval.errors import BadModel
from retrieval.evaluate import classical
from retrieval.evaluate.keypoints import ORB, SIFT, KeypointMethod
from retrieval.index.hits import best_first, no_hits
from retrieval.index.views import is_doubtful, reading_views
from retrieval.rank import ArrayGallery, Ranker, Reading
from retrieval.types import Hits

if TYPE_CHECKING:
    from retrieval.embed import Embedder

MODEL = "model"
METHODS = (MODEL, "hog", "template", "ssim", ORB, SIFT)
_READINGS = 2


class Method(Protocol):
    """A gallery that is filled once, and then asked."""

    name: str
    about: dict

    def add_items(self, heights: Sequence[np.ndarray]) -> None:
        """Take in items, numbered from 0 in the order they come: (256, 256) float32 height maps."""
        ...

    def rank(self, pictures: Sequence[np.ndarray], k: int) -> Hits:
        """The k most similar items for each of Q pictures, (H, W) uint8: (Q, k) hits on item numbers."""
        ...


def open_method(name: str, *, weights: Path | str | None = None) -> Method:
    """Make an empty gallery for a method.

    name: one of `METHODS`. weights: for "model", another file than the shipped one.
    Raises BadInput for an unknown name, BadModel for weights that cannot be used.
    """
    if name == MODEL:
        return ModelMethod(weights)
    if weights is not None:
        raise BadInput(f"the method {name} has no weights", hint="leave --weights out", code="bad_method")
    if name == "hog":
        return FeatureMethod(name, classical.hog_features)
    if name == "template":
        return FeatureMethod(name, classical.template_features)
    if name == "ssim":
        return SsimMethod()
    if name in (ORB, SIFT):
        return KeypointMethod(name)
    raise BadInput(
        f"there is no method {name!r}", hint=f"choose one of {', '.join(METHODS)}", code="bad_method"
    )


class ModelMethod:
    """The product's own way: an embedding for each reading of an item, and the ranker that serves."""

    name = MODEL

    def __init__(self, weights: Path | str | None = None, *, embedder: "Embedder | None" = None) -> None:
        """weights: a file; the shipped one when None. embedder: a loaded model to use in its place."""
        if weights is not None and not Path(weights).is_file():
            hint = "name a .safetensors file, or leave --weights out for the shipped model"
            raise BadModel(f"there is no file {weights}", hint=hint, code="model_missing")
        # Torch takes seconds to import, which the other methods and --help need not wait for.
        from retrieval.embed import Embedder

        self._embedder = embedder or Embedder.load(weights)
        self._vectors: list[np.ndarray] = []
        self._readings: list[Reading] = []
        self._ranker: Ranker | None = None
        self._count = self._doubtful = 0

    @property
    def about(self) -> dict:
        """The model's name and fingerprint, and how many items are read both ways."""
        model = self._embedder
        return {"model": model.name, "fingerprint": model.fingerprint, "doubtful_items": self._doubtful}

    def add_items(self, heights: Sequence[np.ndarray]) -> None:
        """See `Method.add_items`."""
        embedded = self._embedder.embed_heights(list(heights))
        for row, mirrored, vector in reading_views(embedded):
            self._vectors.append(vector)
            self._readings.append(Reading(self._count + row, mirrored))
        self._doubtful += sum(is_doubtful(one) for one in embedded.mirrored_probability)
        self._count += len(heights)
        self._ranker = None

    def rank(self, pictures: Sequence[np.ndarray], k: int) -> Hits:
        """See `Method.rank`."""
        if self._ranker is None:
            vectors = np.reshape(self._vectors, (-1, self._embedder.width)).astype(np.float32)
            self._ranker = Ranker(ArrayGallery(vectors, self._readings), self._embedder.confidence)
        vectors, hits = self._embedder.embed_prints(list(pictures)), no_hits(len(pictures), k)
        for row, found in enumerate(self._ranker.rank(vectors, count=k)):
            hits.ids[row, : len(found)] = [one.item for one in found]
            hits.distances[row, : len(found)] = [one.distance for one in found]
        return hits


class FeatureMethod:
    """Hand-made features compared by cosine; items are held as seen and flipped, the nearer counts."""

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
