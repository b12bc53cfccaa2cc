"""Vectors laid out on a plane, and pairs of them that are nearly the same."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from retrieval.index.exact import ExactIndex
from retrieval.layout.umap_process import umap_places

Report = Callable[[int, int], None]

SIDE = 10_000
"""Of a map, in whole numbers."""

_SEED = 7
_NEIGHBOURS = 15
_MOST_DUPLICATES = 32  # of one vector
_APART = 0.3  # of UMAP's unit: points of one cluster can still be told from each other
_AT_ONCE = 512


def lay_out(vectors: np.ndarray, report: Report) -> np.ndarray:
    """(N, D) unit vectors to (N, 2) places by UMAP, in a process of its own.

    Few points have no neighbourhoods worth the name: those are laid along their two main directions.
    """
    if len(vectors) <= 2 * _NEIGHBOURS:
        return main_directions(vectors)
    ids, distances = neighbours(vectors, _NEIGHBOURS, report)
    count = len(vectors)
    return umap_places(
        vectors, ids, distances, apart=_APART, seed=_SEED, waiting=lambda: report(count, 2 * count)
    )


def map_places(vectors: np.ndarray, report: Report) -> np.ndarray:
    """(N, D) unit vectors to (N, 2) whole numbers from 0 to ``SIDE``, both directions to one scale."""
    places = lay_out(vectors, report)
    if not len(places):
        return np.zeros((0, 2), int)
    low = places.min(axis=0)
    size = max(1e-9, float((places.max(axis=0) - low).max()))
    return np.rint((places - low) / size * SIDE).astype(int)


def main_directions(vectors: np.ndarray) -> np.ndarray:
    """(N, D) to (N, 2): the two directions in which they differ most; 0 for what is not there."""
    places = np.zeros((len(vectors), 2), np.float32)
    if len(vectors) > 1:
        left, size, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
        found = (left * size)[:, :2]
        places[:, : found.shape[1]] = found
    return places


def near_duplicates(vectors: np.ndarray, distance: float, report: Report) -> Mapping[tuple[int, int], float]:
    """Pairs of rows that are no farther from each other than ``distance``, the lower row first.

    vectors: (N, D) unit vectors. At most the 32 nearest of each are looked at.
    """
    ids, distances = neighbours(vectors, min(1 + _MOST_DUPLICATES, len(vectors)), report)
    pairs: dict[tuple[int, int], float] = {}
    for row, column in zip(*np.nonzero((distances <= distance) & (ids >= 0)), strict=True):
        one, other = sorted((int(row), int(ids[row, column])))
        if one != other:
            pairs[one, other] = float(distances[row, column])
    return pairs


def neighbours(vectors: np.ndarray, k: int, report: Report) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of each vector by exact search, itself first: (N, k) positions and distances."""
    index = ExactIndex(vectors)
    ids = np.empty((len(vectors), k), np.int64)
    distances = np.empty((len(vectors), k), np.float32)
    for start in range(0, len(vectors), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        hits = index.search(vectors[rows], k)
        ids[rows], distances[rows] = hits.ids, hits.distances
        # As many steps again are kept for what comes after, of which nobody knows how far it is.
        report(min(len(vectors), start + _AT_ONCE), 2 * len(vectors))
    return ids, distances


def sample(ids: Sequence[int], most: int) -> list[int]:
    """At most so many of some ids, drawn at random but the same each time; sorted."""
    if len(ids) <= most:
        return sorted(ids)
    return sorted(np.random.default_rng(_SEED).choice(sorted(ids), most, replace=False).tolist())


def sample_groups(ids: Sequence[tuple[int, int]], most: int) -> list[int]:
    """At most so many of (id, group): of each group in proportion, and some of every one. Sorted ids.

    Half of the places are shared out evenly, as far as a group has so many; the rest goes by size.
    """
    if len(ids) <= most:
        return [one for one, _ in ids]
    groups: dict[int, list[int]] = {}
    for one, group in ids:
        groups.setdefault(group, []).append(one)
    even = most // (2 * len(groups))
    least = {group: min(len(some), even) for group, some in groups.items()}
    rest, left = most - sum(least.values()), len(ids) - sum(least.values())
    random = np.random.default_rng(_SEED)
    picked = []
    for group, some in groups.items():
        count = least[group] + rest * (len(some) - least[group]) // left
        picked += random.choice(some, count, replace=False).tolist()
    return sorted(picked)
