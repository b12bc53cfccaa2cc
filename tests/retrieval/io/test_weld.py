"""Welding, against NumPy's own way of finding distinct rows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.io.weld import weld


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(0, 400), st.integers(1, 6))
def test_it_agrees_with_the_slow_twin(seed, count, values):
    points = np.random.default_rng(seed).integers(-values, values + 1, (count, 3)).astype(np.float32)
    distinct, where = weld(points)
    np.testing.assert_array_equal(distinct[where], points)
    assert len(distinct) == len(np.unique(points, axis=0))
    firsts = [np.flatnonzero(where == i)[0] for i in range(len(distinct))]
    assert firsts == sorted(firsts)


def test_a_negative_zero_is_zero():
    distinct, where = weld(np.array([[0.0, 1.0, 2.0], [-0.0, 1.0, 2.0]]))
    assert len(distinct) == 1
    assert where.tolist() == [0, 0]
