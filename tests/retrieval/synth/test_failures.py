"""Prints that failed: ink is gone, or more is there, or another character shows; never is all lost."""

import numpy as np
import pytest

from retrieval.synth.failures import Failure, bad_placing, cut_badly, failed_ink, pick_failure
from retrieval.synth.glyphs import distance_field
from retrieval.synth.prints import draw_print, vary_print
from retrieval.synth.scene import Placing, draw_scene
from retrieval.synth.textures import Textures


@pytest.fixture(scope="module")
def textures() -> Textures:
    return Textures(np.random.default_rng(0), count=4)


@pytest.fixture(scope="module")
def field() -> np.ndarray:
    """A cross in a frame, as a distance field."""
    ink = np.zeros((112, 112), bool)
    ink[:, 50:62] = ink[50:62] = True
    ink[:, :8] = ink[:, -8:] = ink[:8] = ink[-8:] = True
    return distance_field(ink)


def _ink(field: np.ndarray, random: np.random.Generator, textures: Textures):
    scene = draw_scene(field, [], (64, 64), Placing(fill=(0.8, 0.8)), random, textures)
    return np.clip(scene.distance / 2 + 0.5, 0, 1).astype(np.float32), scene


@pytest.mark.parametrize("seed", range(30))
def test_ink_goes_missing_but_never_all_of_it(seed, field, textures):
    random = np.random.default_rng(seed)
    ink, scene = _ink(field, random, textures)
    left = failed_ink(ink, scene.distance, scene.size, Failure.MISSING, random, textures)
    assert (left <= ink + 1e-6).all()
    assert 0.25 * ink.sum() < left.sum() < 0.99 * ink.sum()


@pytest.mark.parametrize("seed", range(30))
def test_flooded_there_is_more_ink_and_none_is_lost(seed, field, textures):
    random = np.random.default_rng(seed)
    ink, scene = _ink(field, random, textures)
    more = failed_ink(ink, scene.distance, scene.size, Failure.FLOODED, random, textures)
    assert (more >= ink - 1e-6).all()
    assert more.max() <= 1
    assert more.sum() > 1.03 * ink.sum()


def test_a_bad_crop_is_printed_as_ever_but_placed_elsewhere(field, textures):
    random = np.random.default_rng(1)
    ink, scene = _ink(field, random, textures)
    assert failed_ink(ink, scene.distance, scene.size, Failure.CROP, random, textures) is ink
    placings = [bad_placing(np.random.default_rng(seed)) for seed in range(300)]
    shifts = np.array([np.abs(placing.off).max() for placing in placings])
    assert (shifts <= 0.5).all()
    assert 0.5 < (shifts > 0.12).mean() < 0.9
    assert min(placing.fill[0] for placing in placings) < 0.5 < 1 < max(each.fill[0] for each in placings)


def test_a_placing_off_the_middle_moves_the_character(field, textures):
    def middle(off: tuple[float, float]) -> np.ndarray:
        still = Placing(fill=(0.5, 0.5), stretch=0, turn=0, shear=0, shift=0, bend=0, beside=0, off=off)
        scene = draw_scene(field, [], (60, 60), still, np.random.default_rng(3), textures)
        rows, columns = np.nonzero(scene.own > 0)
        return np.array([columns.mean(), rows.mean()])

    moved = middle((0.1, -0.2)) - middle((0.0, 0.0))
    assert moved == pytest.approx([6, -12], abs=0.6)


def test_a_real_crop_cut_badly_shows_part_of_another():
    gray, other = np.full((40, 30), 200, np.uint8), np.full((50, 60), 180, np.uint8)
    gray[10:30, 10:20] = 20
    other[::2] = 0
    seen = set()
    for seed in range(20):
        cut = cut_badly(gray, other, np.random.default_rng(seed))
        assert (cut.shape, cut.dtype) == (gray.shape, np.uint8)
        seen.add((cut[:3] != gray[:3]).any() or (cut[-3:] != gray[-3:]).any())
    assert seen >= {True}


def test_pictures_without_a_failure_are_drawn_as_they_were(field, textures):
    plain = draw_print(field, [field] * 4, np.random.default_rng(5), textures)
    again = draw_print(field, [field] * 4, np.random.default_rng(5), textures, failure=None)
    assert np.array_equal(plain, again)


@pytest.mark.parametrize("failure", list(Failure))
def test_pictures_of_every_failure_are_pictures(failure, field, textures):
    random = np.random.default_rng(6)
    for _ in range(40):
        drawn = draw_print(field, [field] * 4, random, textures, failure=failure)
        varied = vary_print(drawn, random, textures, failure=failure)
        for picture in (drawn, varied):
            assert picture.dtype == np.uint8
            assert min(picture.shape) >= 24
            assert max(picture.shape) <= 96


def test_each_failure_comes_by_lot():
    random = np.random.default_rng(7)
    assert {pick_failure(random) for _ in range(100)} == set(Failure)
