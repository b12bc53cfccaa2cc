"""The virtual print: the raised face prints, walls and floor do not."""

import cv2
import numpy as np
import pytest

from retrieval.render.ink import virtual_print
from retrieval.render.relief import read_relief
from retrieval.types import FACE
from tests.retrieval.carving import carved, character, sheet

STROKES = character(256)


def height_map(strokes: np.ndarray = STROKES, *, wall: float = 0.05, floor: float = 0.02) -> np.ndarray:
    heights = carved(strokes, depth=1.0, wall=wall, floor=floor * 5)
    return np.clip(FACE * (1 + heights), 0, 1).astype(np.float32)


def overlap(picture: np.ndarray, strokes: np.ndarray = STROKES) -> float:
    """Intersection over union of the inked pixels and the drawn strokes."""
    ink = picture < 128
    return (ink & strokes).sum() / (ink | strokes).sum()


def test_it_is_black_on_white_with_soft_edges():
    picture = virtual_print(height_map())
    assert picture.shape == (256, 256)
    assert picture.dtype == np.uint8
    assert set(np.unique(picture)) >= {0, 255}
    grey = (picture > 10) & (picture < 245)
    edge = cv2.morphologyEx(STROKES.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((7, 7), np.uint8))
    assert 0.005 < grey.mean() < 0.1
    assert edge[grey].mean() > 0.95


@pytest.mark.parametrize(("wall", "least"), [(0.02, 0.93), (0.05, 0.88), (0.15, 0.68)])
def test_only_the_raised_face_prints(wall, least):
    assert overlap(virtual_print(height_map(wall=wall))) > least


def test_left_over_tilt_is_taken_up_by_the_paper():
    slope = np.linspace(-0.1, 0.1, 256, dtype=np.float32)
    tilted = np.clip(height_map() + slope[None, :], 0, 1)
    assert overlap(virtual_print(tilted)) > 0.8


def test_an_uneven_floor_stays_white():
    rough = height_map(floor=0.025)
    assert overlap(virtual_print(rough)) > 0.85
    raised = np.where(STROKES, rough, rough + 0.2 * np.linspace(0, 1, 256, dtype=np.float32)[:, None])
    assert overlap(virtual_print(np.minimum(raised, FACE).astype(np.float32))) > 0.8


@pytest.mark.parametrize("level", [0.0, 0.3])
def test_a_floor_without_strokes_stays_white(level):
    assert virtual_print(np.full((256, 256), level, np.float32)).min() == 255


def test_a_mirrored_block_prints_mirrored():
    height = height_map()
    flipped = virtual_print(np.ascontiguousarray(height[:, ::-1]))
    assert np.abs(flipped[:, ::-1].astype(int) - virtual_print(height)).mean() < 0.5


def test_it_prints_what_was_carved():
    relief = read_relief(sheet(carved(character())))
    ink = virtual_print(relief.height) < 128
    assert 0.15 < ink.mean() < 0.4
    assert ink[:128].sum() > ink[128:].sum()
    assert ink[:, :128].sum() > ink[:, 128:].sum()
