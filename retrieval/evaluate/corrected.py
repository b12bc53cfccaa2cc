"""Scores corrected for labels that were led by a ranking, by those that were given blind.

Who answers seeing a ranking leans towards what stands first in it, so that such labels favour the model that
ranked. Blind queries are chosen by lot, so that what is measured on them is not led, and holds for all; they
are few, and by chance of other kinds than the rest. So each kind's blind mean is weighted by the kind's share
of all queries: sum over kinds h of W_h * mean_h, the post-stratified mean (Cochran, Sampling Techniques,
1977, section 5A.9). It is the mean of all queries, less what the others' labels lean, kind by kind.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from retrieval.evaluate.metrics import Interval

LEAST_BLIND = 30
"""With fewer blind queries there is no corrected score worth telling."""

_LEAST_OF_A_KIND = 5
_RESAMPLES = 2_000
_TAIL = 2.5
_SEED = 20_241
_REST = ""


def corrected_mean(scores: np.ndarray, blind: np.ndarray, kinds: Sequence[str]) -> Interval:
    """The post-stratified mean of the blind queries' scores, with its 95 % bootstrap interval.

    scores: (N,) of all queries, or differences of two models' scores. blind: (N,) bool. kinds: N words; those
    of fewer than 5 blind queries count as one kind. Blind queries are resampled 2,000 times within each kind,
    with a fixed seed. Raises ValueError where lengths differ or nothing is blind.
    """
    scores, blind = np.asarray(scores, float), np.asarray(blind, bool)
    if not len(scores) == len(blind) == len(kinds) or not blind.any():
        raise ValueError("a correction needs a score, a kind and whether it is blind of each, and one blind")
    joined = np.array(_joined(blind, kinds))
    random = np.random.default_rng(_SEED)
    mean, drawn = 0.0, np.zeros(_RESAMPLES)
    for kind in sorted(set(joined)):
        among = joined == kind
        weight = among.mean()
        mean += weight * scores[among & blind].mean()
        drawn += weight * _resampled(scores[among & blind], random)
    low, high = np.percentile(drawn, (_TAIL, 100 - _TAIL))
    return Interval(float(mean), float(low), float(high))


def leaning(scores: np.ndarray, blind: np.ndarray) -> Interval:
    """By how much the queries answered seeing a ranking score higher than the blind ones, with its interval.

    scores: (N,) in [0, 1]. blind: (N,) bool. Raises ValueError unless there are some of both.
    """
    scores, blind = np.asarray(scores, float), np.asarray(blind, bool)
    if blind.all() or not blind.any():
        raise ValueError("how labels lean can be measured only where some are blind and some are not")
    random = np.random.default_rng(_SEED)
    drawn = _resampled(scores[~blind], random) - _resampled(scores[blind], random)
    low, high = np.percentile(drawn, (_TAIL, 100 - _TAIL))
    return Interval(float(scores[~blind].mean() - scores[blind].mean()), float(low), float(high))


def _joined(blind: np.ndarray, kinds: Sequence[str]) -> list[str]:
    """The kinds, those with too few blind queries as one; where even that has none, all are one."""
    found = Counter(kind for kind, one in zip(kinds, blind, strict=True) if one)
    joined = [kind if found[kind] >= _LEAST_OF_A_KIND else _REST for kind in kinds]
    rest = [one for kind, one in zip(joined, blind, strict=True) if kind == _REST]
    return [_REST] * len(joined) if rest and not any(rest) else joined


def _resampled(scores: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(2000,) means of as many scores drawn with replacement."""
    # To draw queries with replacement is to draw how often each different score comes up.
    values, counts = np.unique(scores, return_counts=True)
    return random.multinomial(len(scores), counts / len(scores), size=_RESAMPLES) @ values / len(scores)
