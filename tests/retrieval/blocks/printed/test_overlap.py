"""A page stands evenly over the block that printed it, and unevenly over the same text by another hand."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from retrieval.blocks.printed.layover import Layover, Placed, lay_over
from retrieval.blocks.printed.overlap import inks_met, unlike_neighbours
from retrieval.blocks.printed.shelf import Match

_ROWS, _COLUMNS, _EVERY, _SIDE = 8, 12, 14.0, 10.0  # millimetres
_PITCH, _PIXELS = 0.2, 4.0  # millimetres a pixel of the face; pixels of the page a millimetre


def _strokes(random: np.random.Generator) -> list[np.ndarray]:
    """Five strokes of a character about its middle, each (2, 2) millimetres."""
    return [random.uniform(-4, 4, (2, 2)) for _ in range(5)]


def _drawn(
    middles: np.ndarray, characters: list[list[np.ndarray]], pixels: float, bend=lambda at: at
) -> np.ndarray:
    """(H, W) ink of characters at their middles, each point moved by ``bend``."""
    wide, high = (round(side * pixels) for side in ((_COLUMNS + 1) * _EVERY, (_ROWS + 1) * _EVERY))
    ink = np.zeros((high, wide), np.float32)
    for middle, strokes in zip(middles, characters, strict=True):
        for stroke in strokes:
            (x, y), (u, v) = np.rint(bend(middle + stroke) * pixels * 16).astype(int).tolist()
            cv2.line(ink, (x, y), (u, v), 1.0, max(1, round(1.2 * pixels)), cv2.LINE_AA, 4)
    return ink


def _bend(at: np.ndarray) -> np.ndarray:
    """Paper that shrank and crept: by up to a millimetre, but neighbours alike."""
    return at * (0.99, 1.01) + 0.8 * np.sin(at[..., ::-1] / 40)


@pytest.fixture
def scene():
    """A face, and the page that it printed on paper that crept; their middles and characters."""
    random = np.random.default_rng(6)
    rows, columns = np.mgrid[1 : _ROWS + 1, 1 : _COLUMNS + 1]
    middles = np.stack([columns.ravel(), rows.ravel()], axis=1) * _EVERY
    characters = [_strokes(random) for _ in middles]
    vectors = random.standard_normal((len(middles), 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    sides = np.full((len(middles), 2), _SIDE)
    face = Placed("own", middles, sides, vectors, _drawn(middles, characters, 1 / _PITCH), _PITCH)
    ink = _drawn(middles, characters, _PIXELS, _bend)
    page = Placed("page", _bend(middles) * _PIXELS, sides * _PIXELS, vectors, ink)
    return face, page, characters, random


def _match(page: Placed, face: Placed) -> Match:
    laid = lay_over(page, face, np.random.default_rng(0))
    assert isinstance(laid, Layover)
    return Match(face.name, laid, inks_met(page, face, laid))


def test_paper_creeps_but_characters_stand_as_their_neighbours_do(scene):
    face, page, _, _ = scene
    match = _match(page, face)
    assert match.inks.uneven_mm < 0.1
    assert match.inks.overlap > 0.9
    assert match.is_believed


def test_the_very_strokes_set_anew_stand_a_little_elsewhere_each(scene):
    face, page, characters, random = scene
    elsewhere = face.middles + random.normal(0, 0.3, face.middles.shape)
    twin = replace(face, name="twin", middles=elsewhere, ink=_drawn(elsewhere, characters, 1 / _PITCH))
    match = _match(page, twin)
    assert match.inks.overlap > 0.9  # inks alone would have it
    assert match.inks.uneven_mm > 0.25
    assert not match.is_believed


def test_a_block_some_of_whose_characters_were_recut_is_still_the_one(scene):
    face, page, characters, random = scene
    recut = [_strokes(random) if place % 5 == 0 else strokes for place, strokes in enumerate(characters)]
    match = _match(page, replace(face, ink=_drawn(face.middles, recut, 1 / _PITCH)))
    assert match.is_believed


def test_where_hardly_any_ink_meets_nothing_is_believed(scene):
    face, page, _, _ = scene
    assert not _match(page, replace(face, ink=np.zeros_like(face.ink))).is_believed


def test_a_push_is_unlike_its_neighbours_by_what_it_differs_from_their_median():
    places = np.stack([np.arange(20.0), np.zeros(20)], axis=1)
    pushes = np.full((20, 2), (0.5, -1.0))
    pushes[7] += (0.3, 0.4)
    away = unlike_neighbours(places, pushes)
    assert away[7] == pytest.approx(0.5)
    assert np.delete(away, 7) == pytest.approx(0)
