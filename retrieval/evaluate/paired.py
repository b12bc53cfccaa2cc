"""Whether one of two methods is better, by the same queries."""

import numpy as np

from retrieval.evaluate.metrics import Interval

_RESAMPLES = 2_000
_TAIL = 2.5
_SEED = 20_241


def paired_gain(old: np.ndarray, new: np.ndarray) -> Interval:
    """The mean of ``new - old`` with its 95 % paired bootstrap interval (Efron 1979), in [-1, 1].

    old, new: (N,) scores in [0, 1] of the same queries in the same order. Queries are resampled 2,000 times
    with a fixed seed, both methods' scores of a query staying together. Raises ValueError for no queries, or
    for unequal numbers of them.
    """
    if len(old) != len(new) or not len(old):
        raise ValueError("a comparison needs the same queries, and at least one")
    gains = np.asarray(new, float) - np.asarray(old, float)
    # To draw queries with replacement is to draw how often each different gain comes up.
    values, counts = np.unique(gains, return_counts=True)
    drawn = np.random.default_rng(_SEED).multinomial(len(gains), counts / len(gains), size=_RESAMPLES)
    low, high = np.percentile(drawn @ values / len(gains), (_TAIL, 100 - _TAIL))
    return Interval(float(gains.mean()), float(low), float(high))
