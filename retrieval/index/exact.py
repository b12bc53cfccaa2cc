"""Exact search, in blocks small enough for the cache, over as many vectors as memory holds."""

import numpy as np

from retrieval.index.checks import checked_count, checked_ids, checked_vectors
from retrieval.index.hits import best_first, no_hits
from retrieval.types import Hits

_VECTORS_AT_ONCE = 16_384
_QUERIES_AT_ONCE = 256


class ExactIndex:
    """Every vector is compared with every query: the truth that faster searches are held against.

    vectors: (N, D) float, unit length, N may be 0.
    ids: (N,) whole numbers of at least 0, no two alike; 0 ... N-1 where none are given.

    Raises:
        BadInput: vectors or ids are anything else.

    Example:
        >>> import numpy as np
        >>> from retrieval.index import ExactIndex
        >>> index = ExactIndex(np.eye(3, dtype=np.float32), np.array([10, 11, 12]))
        >>> hits = index.search(np.array([[0.6, 0.8, 0.0]], np.float32), k=2)
        >>> hits.ids.tolist(), [round(float(one), 2) for one in hits.distances[0]]
        ([[11, 10]], [0.2, 0.4])
    """

    def __init__(self, vectors: np.ndarray, ids: np.ndarray | None = None) -> None:
        self._vectors = checked_vectors(vectors)
        self._ids = checked_ids(ids, len(self._vectors))

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def width(self) -> int:
        """D, the length of a vector."""
        return self._vectors.shape[1]

    def search(self, queries: np.ndarray, k: int) -> Hits:
        """Find the k nearest; equal distances by rising id.

        queries: (Q, D) float, unit length. Returns (Q, k) hits, padded with -1 and inf where there
        are fewer than k vectors. Raises BadInput for queries of another width, or not finite.
        """
        checked_count(k)
        queries = checked_vectors(queries, width=self.width, what="queries")
        found = no_hits(len(queries), k)
        for start in range(0, len(queries), _QUERIES_AT_ONCE):
            rows = slice(start, start + _QUERIES_AT_ONCE)
            some = self._search_block(queries[rows], k)
            found.ids[rows], found.distances[rows] = some.ids, some.distances
        return found

    def _search_block(self, queries: np.ndarray, k: int) -> Hits:
        best = no_hits(len(queries), k)
        for start in range(0, len(self._ids), _VECTORS_AT_ONCE):
            block = slice(start, start + _VECTORS_AT_ONCE)
            distances = np.clip(1 - queries @ self._vectors[block].T, 0, 2)
            ids, distances = _nearest(self._ids[block], distances, k)
            best = best_first(np.hstack((best.ids, ids)), np.hstack((best.distances, distances)), k)
        return best


def _nearest(ids: np.ndarray, distances: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of a block, in any order; where the k-th is tied, those with the lowest ids."""
    if distances.shape[1] <= k:
        return np.broadcast_to(ids, distances.shape), distances
    columns = np.argpartition(distances, k - 1, axis=1)[:, :k]
    kept = np.take_along_axis(distances, columns, 1)
    furthest = kept.max(axis=1, keepdims=True)
    for row in np.flatnonzero((distances <= furthest).sum(axis=1) > k):
        # The partition chose among equals as it pleased; choose again by id.
        tied = np.flatnonzero(distances[row] <= furthest[row])
        columns[row] = tied[np.lexsort((ids[tied], distances[row, tied]))[:k]]
    return ids[columns], np.take_along_axis(distances, columns, 1)
