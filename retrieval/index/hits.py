"""Put lists of hits together: several searches into one, several vectors of one id into one."""

import numpy as np

from common.errors import BadInput
from retrieval.index.checks import checked_count
from retrieval.types import Hits

NONE = -1


def no_hits(queries: int, k: int) -> Hits:
    """Hits with nothing in them: ids all -1, distances all inf."""
    return Hits(np.full((queries, k), NONE, np.int64), np.full((queries, k), np.inf, np.float32))


def nearest_columns(ids: np.ndarray, distances: np.ndarray, k: int) -> np.ndarray:
    """Where each id's nearest hit stands, for the k ids that are nearest; equal distances by rising id.

    Args:
        ids: (Q, n) int64, with repeats; -1 = none.
        distances: (Q, n) float32.
        k: at least 1.

    Returns:
        (Q, k) int64 columns of ``ids``, -1 where there are fewer ids.
    """
    # A lexicographic sort takes its last key first: by id, then nearest first within an id.
    order = np.lexsort((distances, ids), axis=1)
    ids, distances = np.take_along_axis(ids, order, 1), np.take_along_axis(distances, order, 1)
    dropped = ids == NONE
    dropped[:, 1:] |= ids[:, 1:] == ids[:, :-1]
    first = np.lexsort((ids, distances, dropped), axis=1)[:, :k]
    columns = np.full((len(ids), k), NONE, np.int64)
    columns[:, : first.shape[1]] = np.where(
        np.take_along_axis(dropped, first, 1), NONE, np.take_along_axis(order, first, 1)
    )
    return columns


def best_first(ids: np.ndarray, distances: np.ndarray, k: int) -> Hits:
    """Keep each id's nearest hit, and of those the k nearest; equal distances by rising id.

    ids: (Q, n) int64, -1 = none. distances: (Q, n) float32.
    """
    found = no_hits(len(ids), k)
    if not ids.shape[1]:
        return found
    distances = distances.astype(np.float32)
    columns = nearest_columns(ids, distances, k)
    there = columns != NONE
    found.ids[there] = np.take_along_axis(ids, columns, 1)[there]
    found.distances[there] = np.take_along_axis(distances, columns, 1)[there]
    return found


def merge_hits(a: Hits, b: Hits, k: int) -> Hits:
    """The k nearest of two searches for the same queries; an id found by both counts once.

    a, b: hits of Q queries, any number each. Returns (Q, k) hits. Raises BadInput for unequal Q.
    """
    checked_count(k)
    if len(a.ids) != len(b.ids):
        raise BadInput(f"hits of {len(a.ids)} and of {len(b.ids)} queries cannot be merged")
    ids = np.concatenate((a.ids, b.ids), axis=1)
    return best_first(ids, np.concatenate((a.distances, b.distances), axis=1), k)
