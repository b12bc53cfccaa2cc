"""The product's own way of matching, as a method beside the others."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.embed import Embedder
from retrieval.evaluate.methods.by_name import EMBEDDING, MODEL
from retrieval.index.hits import no_hits
from retrieval.index.views import reading_views
from retrieval.rank import ArrayGallery, Ranker, Reading
from retrieval.register import item_form, print_form
from retrieval.types import Hits


class ModelMethod:
    """The product's own way: an embedding for each reading of an item, and the ranker that serves, which puts
    the very carving first by registration.
    """

    name = MODEL
    registers = True

    def __init__(self, weights: Path | str | None = None, *, embedder: Embedder | None = None) -> None:
        """weights: a file; the shipped one when None. embedder: a loaded model to use in its place."""
        self._embedder = embedder or Embedder.load(weights)
        self._vectors: list[np.ndarray] = []
        self._readings: list[Reading] = []
        self._forms: list[bytes] = []
        self._ranker: Ranker | None = None
        self._count = self._doubtful = 0

    @property
    def about(self) -> dict:
        """The model's name and fingerprint, and how many items are read in more than one way."""
        model = self._embedder
        return {"model": model.name, "fingerprint": model.fingerprint, "doubtful_items": self._doubtful}

    def add_items(self, heights: Sequence[np.ndarray]) -> None:
        """See `Method.add_items`."""
        embedded = self._embedder.embed_turned(list(heights))
        views = reading_views(embedded)
        for view in views:
            self._vectors.append(view.vector)
            self._readings.append(Reading(self._count + view.row, view.mirrored, turn=view.turn))
        if self.registers:
            self._forms += [item_form(height) for height in heights]
        self._doubtful += sum(count > 1 for count in Counter(view.row for view in views).values())
        self._count += len(heights)
        self._ranker = None

    def rank(self, pictures: Sequence[np.ndarray], k: int) -> Hits:
        """See `Method.rank`."""
        if self._ranker is None:
            vectors = np.reshape(self._vectors, (-1, self._embedder.width)).astype(np.float32)
            gallery = ArrayGallery(vectors, self._readings, forms=dict(enumerate(self._forms)))
            self._ranker = Ranker(gallery, self._embedder.confidence)
        vectors, hits = self._embedder.embed_queries(list(pictures)), no_hits(len(pictures), k)
        if self.registers:
            prints = [print_form(picture) for picture in pictures]
            rows = [one.items for one in self._ranker.rank_prints(vectors, prints, count=k)]
        else:
            rows = self._ranker.rank(vectors, count=k)
        for row, found in enumerate(rows):
            hits.ids[row, : len(found)] = [one.item for one in found]
            # Within a character, the order is that of registration, which has no distance.
            hits.distances[row, : len(found)] = sorted(one.distance for one in found)
        return hits


class EmbeddingMethod(ModelMethod):
    """The embedding alone, without the second stage."""

    name = EMBEDDING
    registers = False
