"""The gallery's vectors by one model, read from the database, and followed as new ones are written."""

from dataclasses import dataclass

import numpy as np

from webapp.gallery.models import ItemVector
from webapp.registry.models import ModelVersion


@dataclass(frozen=True)
class UnindexedVectors:
    """Vectors that the index does not have yet.

    ids: (N,) int64 rising, of the rows. vectors: (N, D) float32 of unit length. newest: the largest id read.
    """

    ids: np.ndarray
    vectors: np.ndarray
    newest: int

    @classmethod
    def none_yet(cls, model: ModelVersion, *, newest: int) -> "UnindexedVectors":
        """None so far; those with an id above ``newest`` are to be read."""
        return cls(np.zeros(0, np.int64), np.zeros((0, model.width), np.float32), newest)

    def with_newer(self, model: ModelVersion) -> "UnindexedVectors":
        """This, and every vector written since."""
        ids, vectors = read_vectors(model, after=self.newest)
        if not len(ids):
            return self
        return UnindexedVectors(
            np.concatenate((self.ids, ids)), np.concatenate((self.vectors, vectors)), int(ids[-1])
        )


@dataclass(frozen=True)
class AllVectors:
    """Every vector of a model, to compare something with all of them; 70 MB for 90,000 items.

    ids: (N,) int64 rising, of the rows. items: (N,) int64, whose they are. vectors: (N, D) float32 of unit
    length.
    """

    model_id: int
    ids: np.ndarray
    items: np.ndarray
    vectors: np.ndarray

    @property
    def newest(self) -> int:
        """The largest id; 0 where there is none."""
        return int(self.ids[-1]) if len(self.ids) else 0

    @classmethod
    def read(cls, model: ModelVersion) -> "AllVectors":
        """All that are written now."""
        ids, vectors = read_vectors(model)
        rows = ItemVector.objects.filter(model=model).values_list("pk", "item")
        owners = dict(rows.iterator(chunk_size=10_000))
        kept = np.array([pk in owners for pk in ids.tolist()], bool)
        items = np.array([owners[pk] for pk in ids[kept].tolist()], np.int64)
        return cls(model.pk, ids[kept], items, vectors[kept])

    def with_newer(self, model: ModelVersion) -> "AllVectors":
        """This, and what was written since; all anew where a vector that it has is no more."""
        rows = ItemVector.objects.filter(model=model)
        if rows.filter(pk__lte=self.newest).count() != len(self.ids):
            return AllVectors.read(model)
        ids, vectors = read_vectors(model, after=self.newest)
        if not len(ids):
            return self
        owners = dict(rows.filter(pk__gt=self.newest).values_list("pk", "item"))
        items = np.array([owners.get(pk, 0) for pk in ids.tolist()], np.int64)
        return AllVectors(
            self.model_id,
            np.concatenate((self.ids, ids)),
            np.concatenate((self.items, items)),
            np.concatenate((self.vectors, vectors)),
        )


def read_vectors(model: ModelVersion, *, after: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Every vector of a model written after the one with this id.

    Returns (N,) int64 ids, rising, and (N, D) float32.
    """
    rows = ItemVector.objects.filter(model=model, pk__gt=after).order_by("pk").values_list("pk", "vector")
    ids: list[int] = []
    data = bytearray()
    for pk, vector in rows.iterator(chunk_size=4096):
        ids.append(pk)
        data += vector
    vectors = np.frombuffer(bytes(data), "<f4").reshape(len(ids), model.width)
    return np.array(ids, np.int64), vectors
