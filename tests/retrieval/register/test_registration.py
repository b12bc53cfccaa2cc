"""Prints laid over carvings: found where they were put, told apart, and never in trouble."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from retrieval.register import PrintOver, item_form, print_form, read_item_form
from retrieval.register.fit import MOST_STEPS
from retrieval.register.registration import BEHIND, NO_INK, NO_STROKES, REFINED
from tests.retrieval.register.pairs import carving, form, printed

CARVINGS = [carving(seed) for seed in range(8)]
FORMS = [form(height) for height in CARVINGS]


def register(gray, forms=FORMS):
    return PrintOver(print_form(gray)).register(forms)


def best(gray):
    return int(np.argmax([one.score for one in register(gray)]))


def turned(degrees, *, scale=0.28, shift=(8.0, 10.0), stretch=1.0):
    around = np.radians(degrees)
    linear = np.array([[np.cos(around), -np.sin(around)], [np.sin(around), np.cos(around)]]) * [
        scale,
        scale * stretch,
    ]
    middle = np.array([45, 45]) + np.array(shift) - 8
    return np.hstack([linear, (middle - linear @ [128, 128])[:, None]])


@pytest.mark.parametrize("place", range(8))
def test_the_carving_that_printed_it_fits_best(place):
    assert best(printed(CARVINGS[place])) == place


@pytest.mark.parametrize("place", range(0, 8, 2))
@pytest.mark.parametrize(
    "matrix",
    [
        turned(6),
        turned(-6),
        turned(3, stretch=1.12),
        turned(0, scale=0.2, shift=(20.0, 4.0)),
        turned(2, scale=0.33),
    ],
)
def test_it_is_found_wherever_and_however_large_it_was_printed(place, matrix):
    assert best(printed(CARVINGS[place], matrix)) == place


@pytest.mark.parametrize("degrees", [0, 5, -4])
def test_the_transform_leads_from_the_carving_to_the_picture(degrees):
    matrix = turned(degrees)
    found = register(printed(CARVINGS[0], matrix))[0]
    corners = np.array([[-0.5, -0.5, 1], [0.5, -0.5, 1], [0.5, 0.5, 1], [-0.5, 0.5, 1]])
    pixels = np.c_[(corners[:, :2] + 1) * 128 - 0.5, np.ones(4)]
    expected = (pixels @ matrix.T + 0.5) * 2 / 90 - 1
    assert np.abs(corners @ found.transform.T - expected).max() < 0.03


def test_polarity_does_not_matter():
    gray = printed(CARVINGS[3])
    assert best(255 - gray) == 3


@pytest.mark.parametrize("place", range(0, 8, 2))
def test_missing_ink_is_forgiven(place):
    gray = printed(CARVINGS[place])
    gray[30:48, 50:72] = 225
    gray[64:74, 20:44] = 225
    assert best(gray) == place


@pytest.mark.parametrize("place", range(0, 8, 2))
def test_neighbours_and_rules_are_forgiven(place):
    gray = printed(CARVINGS[place])
    gray[:6, 20:70:9] = 40
    gray[:6, 21:70:9] = 40
    gray[:, 86:88] = 60
    assert best(gray) == place


def test_thinner_and_broader_ink_is_forgiven():
    gray = printed(CARVINGS[5])
    window = np.ones((3, 3), np.uint8)
    assert best(cv2.erode(gray, window)) == best(cv2.dilate(gray, window)) == 5


def test_a_carving_turned_over_is_read_so_again():
    flipped = item_form(np.ascontiguousarray(CARVINGS[0][:, ::-1]))
    assert np.allclose(registration_form(flipped).ink, FORMS[0].ink, atol=0.02)


def registration_form(data):
    return read_item_form(data, mirrored=True)


def test_only_those_that_fit_well_at_few_pixels_are_registered_to_the_end():
    found = register(printed(CARVINGS[0]), [*FORMS, *FORMS])
    assert sum(one.failed == BEHIND for one in found) == 16 - REFINED
    assert not found[0].failed


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (64, 64)])
def test_a_picture_without_ink_is_laid_over_nothing(shape):
    found = register(np.full(shape, 200, np.uint8))
    assert {one.failed for one in found} == {NO_INK}


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_relief_without_strokes_is_passed_over(level):
    flat = form(np.full((256, 256), level, np.float32))
    found = register(printed(CARVINGS[0]), [flat, *FORMS])
    assert found[0].failed == NO_STROKES
    assert int(np.argmax([one.score for one in found])) == 1


def test_nothing_is_laid_over_nothing():
    assert register(printed(CARVINGS[0]), []) == []


@settings(max_examples=40)
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.5, 3.0, 20.0]),
)
def test_any_picture_over_any_relief_gives_finite_numbers_in_bounded_steps(gray, seed, grain):
    noise = np.random.default_rng(seed).random((256, 256)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), grain)
    noise = (noise - noise.min()) / max(noise.max() - noise.min(), 1e-6)
    for one in register(gray, [form(noise), FORMS[0]]):
        assert np.isfinite([one.score, one.correlation, one.residual, one.covered]).all()
        assert 0 <= one.score <= 1
        assert 0 <= one.covered <= 1
        assert one.steps <= MOST_STEPS
        assert (one.transform is None) == bool(one.failed)
        assert one.transform is None or np.isfinite(one.transform).all()


def test_the_same_twice():
    gray = printed(CARVINGS[2])
    assert [one.score for one in register(gray)] == [one.score for one in register(gray)]
