"""The compiled loops against their slow twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.register import print_form
from retrieval.register.fit import LIMITS
from retrieval.register.kernels import composed, descend, is_sane, normal_equations, sample, tone
from tests.retrieval.register.pairs import carving, form, printed
from tests.retrieval.register.slow import slow_descend, slow_equations, slow_sample, slow_tone

HERE = np.array([1, 0, 0, 0, 1, 0], float)


def close_to_here(spread):
    return st.integers(0, 2**32 - 1).map(lambda seed: HERE + np.random.default_rng(seed).normal(0, spread, 6))


def pictures(seed, *sides):
    random = np.random.default_rng(seed)
    return [random.random((side, side)).astype(np.float32) for side in sides]


@settings(max_examples=30)
@given(close_to_here(0.5), st.integers(0, 1000))
def test_sampling_is_what_its_slow_twin_says(warp, seed):
    (picture,) = pictures(seed, 24)
    found, inside = np.empty((16, 16), np.float32), np.empty((16, 16), np.float32)
    sample(picture, warp, found, inside)
    expected, there = slow_sample(picture, warp, 16)
    assert np.array_equal(inside, there)
    assert np.allclose(found, expected, atol=1e-5)


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_the_tone_is_that_of_least_squares(seed):
    found, wanted, weights = pictures(seed, 16, 16, 16)
    assert np.allclose(tone(found, wanted, weights), slow_tone(found, wanted, weights), atol=1e-3)


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_the_equations_are_what_their_slow_twin_says(seed):
    found, *level, inside = pictures(seed, 16, 16, 16, 16, 16)
    inside, level, toned = (inside > 0.3).astype(np.float32), np.stack(level), np.array([1.3, -0.1])
    weights = np.empty_like(found)
    curve, slope = normal_equations(found, inside, level, toned, LIMITS, weights)
    expected = slow_equations(found, inside, level, toned, LIMITS)
    for made, wanted in zip((curve, slope, weights), expected, strict=True):
        assert np.allclose(made, wanted, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("place", [0, 1])
def test_a_descent_is_what_its_slow_twin_says(place):
    height = carving()
    picture, item = print_form(printed(height)), form(height)
    level, warp = item.levels[place], HERE + np.array([0.03, 0.02, 0.05, -0.02, -0.04, 0.03])
    expected, steps = slow_descend(picture.levels[place], level, warp, np.eye(6), 6, LIMITS)
    work = np.empty_like(level)
    taken = descend(picture.levels[place], level, warp, np.eye(6), 6, LIMITS, *work)
    assert taken == steps
    assert np.allclose(warp, expected, atol=2e-3)


@settings(max_examples=50)
@given(close_to_here(0.3), close_to_here(0.1))
def test_composing_is_matrix_multiplication(warp, small):
    matrices = [np.vstack([one.reshape(2, 3), [0, 0, 1]]) for one in (warp, small)]
    expected = (matrices[0] @ np.linalg.inv(matrices[1]))[:2].ravel()
    assert np.allclose(composed(warp, small - HERE), expected)


def test_what_cannot_be_turned_round_is_no_warp():
    assert not is_sane(composed(HERE, np.array([-1.0, 0, 0, 0, -1, 0])))
    assert not is_sane(np.full(6, np.nan))
    assert not is_sane(np.array([1, 0, 5.0, 0, 1, 0]))
    assert is_sane(HERE)
