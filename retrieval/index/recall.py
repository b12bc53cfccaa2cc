"""How much of the truth an approximate search finds."""

from typing import Protocol

import numpy as np

from retrieval.index.exact import ExactIndex
from retrieval.types import Hits

# Two float32 sums of the same products may differ by this much.
_SAME_DISTANCE = 2e-6


class Searcher(Protocol):
    """Anything that finds the k nearest of (Q, D) queries."""

    def search(self, queries: np.ndarray, k: int) -> Hits: ...


def recall_against(index: Searcher, exact: ExactIndex, queries: np.ndarray, k: int) -> float:
    """The share, in [0, 1], of the k true neighbours that the index finds, averaged over queries.

    A hit at the same distance as the k-th true neighbour counts: among equals there is no truth.
    """
    true, found = exact.search(queries, k), index.search(queries, k)
    wanted = np.isfinite(true.distances).sum(axis=1)
    if not wanted.sum():
        return 1.0
    furthest = np.where(np.isfinite(true.distances), true.distances, -np.inf).max(axis=1, keepdims=True)
    right = (found.distances <= furthest + _SAME_DISTANCE) & (found.ids >= 0)
    return float(np.minimum(right.sum(axis=1), wanted).sum() / wanted.sum())
