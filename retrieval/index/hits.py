"""Put lists of hits together: several searches into one, several vectors of an item into one."""

from collections.abc import Callable, Mapping

import numpy as np

from retrieval.errors import BadInput
from retrieval.index.checks import checked_count
from retrieval.types import Hits

NONE = -1


def no_hits(queries: int, k: int) -> Hits:
    """Hits with nothing in them: ids all -1, distances all inf."""
    return Hits(np.full((queries, k), NONE, np.int64), np.full((queries, k), np.inf, np.float32))


def best_first(ids: np.ndarray, distances: np.ndarray, k: int) -> Hits:
    """Keep each id's nearest hit, and of those the k nearest; equal distances by rising id.

    ids: (Q, n) int64, -1 = none. distances: (Q, n) float32.
    """
    ids, distances = ids.astype(np.int64), distances.astype(np.float32)
    # A lexicographic sort takes its last key first: by id, then nearest first within an id.
    order = np.lexsort((distances, ids), axis=1)
    ids, distances = np.take_along_axis(ids, order, 1), np.take_along_axis(distances, order, 1)
    gone = ids == NONE
    gone[:, 1:] |= ids[:, 1:] == ids[:, :-1]
    ids[gone], distances[gone] = NONE, np.inf
    order = np.lexsort((ids, distances), axis=1)[:, :k]
    kept = Hits(np.take_along_axis(ids, order, 1), np.take_along_axis(distances, order, 1))
    return _padded(kept, k)


def merge_hits(a: Hits, b: Hits, k: int) -> Hits:
    """The k nearest of two searches for the same queries; an id found by both counts once.

    a, b: hits of Q queries, any number each. Returns (Q, k) hits. Raises BadInput for unequal Q.
    """
    checked_count(k)
    if len(a.ids) != len(b.ids):
        raise BadInput(f"hits of {len(a.ids)} and of {len(b.ids)} queries cannot be merged")
    ids = np.concatenate((a.ids, b.ids), axis=1)
    return best_first(ids, np.concatenate((a.distances, b.distances), axis=1), k)


def best_per_item(hits: Hits, item_of: Callable[[int], int | None] | Mapping[int, int], k: int) -> Hits:
    """Turn hits on vectors into hits on items, each item by its nearest vector.

    item_of: from a vector's id to its item's, as a function or a mapping; a vector whose item is
        None, or missing from the mapping, belongs to none (any more) and is dropped.
    Returns (Q, k) hits whose ids are items'.
    """
    checked_count(k)
    lookup = item_of.get if isinstance(item_of, Mapping) else item_of
    known, place = np.unique(hits.ids, return_inverse=True)
    items = [NONE if one == NONE else lookup(int(one)) for one in known]
    table = np.array([NONE if item is None else item for item in items], dtype=np.int64)
    return best_first(table[place].reshape(hits.ids.shape), hits.distances, k)


def _padded(hits: Hits, k: int) -> Hits:
    missing = k - hits.ids.shape[1]
    if missing <= 0:
        return hits
    rest = no_hits(len(hits.ids), missing)
    return Hits(np.hstack((hits.ids, rest.ids)), np.hstack((hits.distances, rest.distances)))
