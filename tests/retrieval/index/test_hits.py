import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import BadInput
from retrieval.index.hits import merge_hits
from retrieval.types import Hits

ids = st.integers(-1, 12)
distances = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, 2.0])


@st.composite
def one_row(draw):
    """Hits of one query as a search returns them: nearest first, no id twice, gaps at the end."""
    found = draw(st.dictionaries(st.integers(0, 12), distances, max_size=6))
    pairs = sorted(found.items(), key=lambda pair: (pair[1], pair[0]))
    gaps = draw(st.integers(0, 2))
    return [one for one, _ in pairs] + [-1] * gaps, [far for _, far in pairs] + [np.inf] * gaps


def hits_of(row):
    return Hits(np.array([row[0]], np.int64).reshape(1, -1), np.array([row[1]], np.float32).reshape(1, -1))


def slow_best(pairs, k):
    """The slow twin: a dictionary of each id's best, sorted."""
    best = {}
    for one, far in pairs:
        if one is not None and one >= 0:
            best[one] = min(far, best.get(one, np.inf))
    found = sorted(best.items(), key=lambda pair: (pair[1], pair[0]))[:k]
    return found + [(-1, np.inf)] * (k - len(found))


def as_pairs(hits):
    return list(zip(hits.ids[0].tolist(), hits.distances[0].tolist(), strict=True))


@given(one_row(), one_row(), st.integers(1, 15))
def test_merging_keeps_the_nearest_of_both(a, b, k):
    merged = merge_hits(hits_of(a), hits_of(b), k)
    assert as_pairs(merged) == slow_best([*zip(*a, strict=True), *zip(*b, strict=True)], k)
    assert merged.ids.dtype == np.int64
    assert merged.distances.dtype == np.float32


@given(one_row(), one_row(), st.integers(1, 15))
def test_merging_does_not_care_for_order(a, b, k):
    one, other = merge_hits(hits_of(a), hits_of(b), k), merge_hits(hits_of(b), hits_of(a), k)
    assert as_pairs(one) == as_pairs(other)


def test_queries_do_not_mix():
    a = Hits(np.array([[1, 2], [3, -1]]), np.array([[0.1, 0.2], [0.3, np.inf]], np.float32))
    b = Hits(np.array([[5], [6]]), np.array([[0.15], [0.1]], np.float32))
    assert merge_hits(a, b, 2).ids.tolist() == [[1, 5], [6, 3]]


def test_searches_of_different_queries_do_not_merge():
    with pytest.raises(BadInput):
        merge_hits(hits_of(([1], [0.5])), Hits(np.zeros((2, 1), np.int64), np.zeros((2, 1), np.float32)), 1)
