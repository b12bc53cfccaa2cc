"""An item is as near as the nearest of its readings: the one rule, for a few hits and for a whole gallery."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.index.hits import NONE, nearest_columns
from retrieval.rank.gallery import Reading
from retrieval.types import Hits


@dataclass(frozen=True)
class Candidate:
    """An item that may be suggested for a query, by its nearest reading.

    distance: in [0, 2]. exemplar: the query whose picture drew it nearer, where one did.
    """

    reading: Reading
    distance: float
    exemplar: int | None = None

    @property
    def item(self) -> int:
        """The item's id."""
        return self.reading.item


def nearest_readings(hits: Hits, readings: Mapping[int, Reading], k: int) -> list[list[Candidate]]:
    """Each query's k nearest items, the nearest first; equal distances by rising item.

    hits: on vectors. readings: by the vectors' ids; a vector that is not among them belongs to no item.
    """
    ids, place = np.unique(hits.ids, return_inverse=True)
    items = [readings[one].item if one in readings else NONE for one in ids.tolist()]
    columns = nearest_columns(
        np.array(items, np.int64)[place].reshape(hits.ids.shape), hits.distances, k
    ).tolist()
    return [
        [Candidate(readings[ids[column]], distances[column]) for column in row if column != NONE]
        for row, ids, distances in zip(columns, hits.ids.tolist(), hits.distances.tolist(), strict=True)
    ]


def within_reach(vectors: np.ndarray, exemplars: np.ndarray, reach: float) -> list[tuple[float, int]]:
    """The vectors that an exemplar can move: (distance from the nearest, place), the nearest first.

    vectors: (N, D) float32 of unit length. exemplars: (E, D), at least one. reach: as in ``ExemplarRule``.
    """
    nearest = 1 - (vectors @ exemplars.T).max(axis=1)
    places = np.flatnonzero(nearest < reach)
    return sorted(zip(nearest[places].tolist(), places.tolist(), strict=True))


def order_gallery(
    vectors: np.ndarray, items: np.ndarray, queries: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A whole gallery by its distance from one thing; each item by its nearest pair of readings.

    Args:
        vectors: (N, D) float32 of unit length, the gallery's.
        items: (N,) int64, whose they are.
        queries: (R, D) float32, the readings of what is asked about.

    Returns:
        (M,) int64 items, the nearest first, and (M,) float32 distances in [0, 2]; M = 0 where there is
        nothing to compare.
    """
    if not len(queries) or not len(items):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    distances = np.clip(1 - (vectors @ queries.T).max(axis=1), 0, 2)
    columns = nearest_columns(items[None], distances[None], len(items))[0]
    columns = columns[columns != NONE]
    return items[columns], distances[columns].astype(np.float32)
