"""How good rankings are, and how sure that is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from common.intervals import wilson_interval
from common.suggestions import SUGGESTIONS

DEPTH = SUGGESTIONS
_RESAMPLES = 2_000
_LEVEL = 0.95
_SEED = 20_241
# For each rank, 0 (not found) to 5: its part in MRR@5, in recall@1 and in recall@5.
_WORTH = np.array([[0, 0, 0], *([1 / rank, rank == 1, 1] for rank in range(1, DEPTH + 1))])


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


def rank_of_first(found: Sequence[object], relevant: Collection[object], depth: int = DEPTH) -> int:
    """The rank, from 1, of the first relevant item among the first ``depth``; 0 where there is none."""
    return next((rank for rank, item in enumerate(found[:depth], start=1) if item in relevant), 0)


def reciprocal_ranks(ranks: np.ndarray) -> np.ndarray:
    """(N,) each query's part in MRR@5, from the ranks of their first relevant items (0 = none in five)."""
    return np.where(ranks > 0, 1.0 / np.maximum(ranks, 1), 0.0)


def scores_of(ranks: Sequence[int] | np.ndarray) -> Scores:
    """Score a group of queries by the ranks of their first relevant items (0 = none in five).

    MRR@5 is the mean of 1 / rank. Recall@n is the share of queries with a relevant item among the
    first n, as metric learning counts it. Intervals are percentiles of 2,000 resamples of the
    queries, drawn with a fixed seed. Raises ValueError for no queries.
    """
    if not len(ranks):
        raise ValueError("a score needs at least one query")
    counts = np.bincount(np.asarray(ranks, dtype=np.int64), minlength=DEPTH + 1)
    # To draw queries with replacement is to draw how often each rank comes up.
    drawn = np.random.default_rng(_SEED).multinomial(len(ranks), counts / len(ranks), size=_RESAMPLES)
    tail = 100 * (1 - _LEVEL) / 2
    low, high = np.percentile(drawn @ _WORTH / len(ranks), (tail, 100 - tail), axis=0)
    means = counts @ _WORTH / len(ranks)
    return Scores(len(ranks), *(Interval(*map(float, one)) for one in zip(means, low, high, strict=True)))


def share_of(true: np.ndarray) -> Interval:
    """The share of True among (N,) bool, with Wilson's 95 % interval. Raises ValueError for none."""
    if not len(true):
        raise ValueError("a share needs at least one case")
    hits = int(np.count_nonzero(true))
    return Interval(hits / len(true), *wilson_interval(hits, len(true)))
