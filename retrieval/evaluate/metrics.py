"""How good rankings are, and how sure that is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

DEPTH = 5
_RESAMPLES = 2_000
_LEVEL = 0.95
_SEED = 20_241
_VALUES_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Interval:
    """A mean over queries and its 95 % bootstrap interval, all in [0, 1]."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """The scores of one group of queries. queries: how many there are."""

    queries: int
    mrr_at_5: Interval
    recall_at_1: Interval
    recall_at_5: Interval


def rank_of_first(found: Sequence[str], relevant: Collection[str], depth: int = DEPTH) -> int:
    """The rank, from 1, of the first relevant item among the first ``depth``; 0 where there is none."""
    return next((rank for rank, item in enumerate(found[:depth], start=1) if item in relevant), 0)


def scores_of(ranks: Sequence[int]) -> Scores:
    """Score a group of queries by the ranks of their first relevant items (0 = none in five).

    MRR@5 is the mean of 1 / rank. Recall@n is the share of queries with a relevant item among the
    first n, as metric learning counts it. Intervals are percentiles of 2,000 resamples of the
    queries, drawn with a fixed seed. Raises ValueError for no queries.
    """
    if not len(ranks):
        raise ValueError("a score needs at least one query")
    rank = np.asarray(ranks, dtype=np.int64)
    found = rank > 0
    values = np.stack((np.where(found, 1 / np.maximum(rank, 1), 0), rank == 1, found), axis=1)
    means, resampled = values.mean(axis=0), _resampled_means(values)
    tail = 100 * (1 - _LEVEL) / 2
    low, high = np.percentile(resampled, (tail, 100 - tail), axis=0)
    intervals = (Interval(*map(float, one)) for one in zip(means, low, high, strict=True))
    return Scores(len(rank), *intervals)


def _resampled_means(values: np.ndarray) -> np.ndarray:
    """Means of resamples, with replacement, of the rows of (N, M) values: (2000, M)."""
    random = np.random.default_rng(_SEED)
    count = len(values)
    some = max(1, _VALUES_AT_ONCE // count)
    parts = []
    for start in range(0, _RESAMPLES, some):
        chosen = random.integers(count, size=(min(some, _RESAMPLES - start), count))
        parts.append(values[chosen].mean(axis=1))
    return np.concatenate(parts)
