"""Wilson's interval against printed numbers and against the equation it solves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.intervals import Z95, wilson_interval


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (0, 0, 0, 1),
        (8, 10, 0.4902, 0.9433),  # R's prop.test(correct=FALSE)
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (95, 100, 0.8882, 0.9785),
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), table I
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_of_known_shares(hits, count, low, high):
    assert wilson_interval(hits, count) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 10**6).flatmap(lambda count: st.tuples(st.integers(0, count), st.just(count))))
def test_holds_its_own_share_and_solves_its_equation(counted):
    hits, count = counted
    low, high = wilson_interval(hits, count)
    assert 0 <= low <= hits / count <= high <= 1
    for edge in (low, high):
        if edge not in (0, 1):
            assert (hits / count - edge) ** 2 == pytest.approx(Z95**2 * edge * (1 - edge) / count, abs=1e-9)


def test_all_of_some_is_not_left_out_by_a_hair():
    assert all(wilson_interval(count, count)[1] == 1.0 for count in range(1, 500))
    assert all(wilson_interval(0, count)[0] == 0.0 for count in range(1, 500))
