"""Rims and frames around a carving, and tight cuts that strokes fill: the strokes are read."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from retrieval.render.face.plane import reading_plane
from retrieval.render.ink import virtual_print
from retrieval.render.relief import read_relief
from retrieval.types import Mesh
from tests.retrieval.carving import carved, character, moved, sheet, solid, turn

DEPTH = 0.16
UPRIGHT = read_relief(sheet(carved(character(129), depth=DEPTH))).height
RIM = "A rim that stands higher than the strokes was left out of the print."
BACK = "The winding of the triangles shows the back: the raised strokes decided which side is read."


def rimmed(times: float, *, width: float = 0.08, wall: float = 0.05) -> np.ndarray:
    """Heights of a character with a rim so many times as high as its strokes; lengths in half widths."""
    heights = carved(character(129), depth=DEPTH)
    steps = np.linspace(-1, 1, 129)
    x, y = np.meshgrid(steps, steps)
    inward = 1 - np.maximum(abs(x), abs(y))
    rim = np.clip(1 - (inward - width) / wall, 0, 1)
    return np.maximum(heights, -DEPTH + times * DEPTH * rim)


def inwards(mesh: Mesh) -> Mesh:
    return Mesh(mesh.vertices, mesh.faces[:, ::-1].copy())


@pytest.mark.parametrize("times", [1.5, 2, 4])
@pytest.mark.parametrize("make", [sheet, lambda heights: solid(heights, bottom=-1.2)], ids=["sheet", "block"])
def test_the_strokes_are_inked_within_a_higher_rim(times, make):
    mesh = make(rimmed(times))
    for one in (mesh, inwards(mesh), moved(mesh, turn("x", 7) @ turn("y", -4), scale=30)):
        relief = read_relief(one)
        assert np.corrcoef(relief.height.ravel(), UPRIGHT.ravel())[0, 1] > 0.98
        assert 0.2 < (virtual_print(relief.height) < 128).mean() < 0.45
        assert set(relief.notes) - {BACK} == {RIM}


@pytest.mark.parametrize("width", [0.01, 0.02, 0.05, 0.12])
def test_a_rim_may_be_narrow_or_wide(width):
    relief = read_relief(sheet(rimmed(2, width=width)))
    assert np.corrcoef(relief.height.ravel(), UPRIGHT.ravel())[0, 1] > 0.98


@pytest.mark.parametrize("sides", [(0,), (1,), (2,), (0, 1), (1, 3), (0, 1, 2)])
@pytest.mark.parametrize("times", [2, 3])
def test_a_rim_may_stand_along_some_sides_alone(sides, times):
    """As the rest of a frame does, or a scan that is curled up at one edge."""
    heights = carved(character(129), depth=DEPTH)
    for side in sides:
        turned = np.rot90(heights, side)  # a view: what is written there is in the heights
        turned[:6] = (times - 1) * DEPTH
    for make in (sheet, lambda heights: solid(heights, bottom=-1.2)):
        for one in (make(heights), inwards(make(heights))):
            relief = read_relief(one)
            assert np.corrcoef(relief.height.ravel(), UPRIGHT.ravel())[0, 1] > 0.95
            assert RIM in relief.notes


def test_a_frame_as_high_as_the_strokes_is_printed_and_read_from_the_front():
    mesh = sheet(rimmed(1))
    for one in (mesh, inwards(mesh)):
        relief = read_relief(one)
        assert relief.to_plane[2, 2] > 0
        assert RIM not in relief.notes
        assert (virtual_print(relief.height)[:, 20:30] < 128).mean() > 0.3


def test_a_carving_without_a_rim_says_nothing():
    assert read_relief(sheet(carved(character(129), depth=DEPTH))).notes == ()


@pytest.mark.parametrize("wall", [0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("stroke", [0.06, 0.11, 0.17])
@pytest.mark.parametrize("cut", [0, 0.1, 0.17, 0.2])
def test_a_tight_cut_is_read_from_the_front_however_thick_its_strokes(stroke, wall, cut):
    """In the tightest, where they are four fifths of the surface, the winding helps."""
    edge = int(cut * 257)
    strokes = character(257, stroke=stroke)[edge : 257 - edge, edge : 257 - edge]
    mesh = sheet(carved(strokes, depth=0.2, wall=wall)[::2, ::2])
    assert reading_plane(mesh).rotation[2, 2] > 0.8
    if cut <= 0.1:
        assert reading_plane(inwards(mesh)).rotation[2, 2] > 0.8


@pytest.mark.parametrize("wall", [0.05, 0.1])
@pytest.mark.parametrize(("rows", "margin"), [(1, 9), (2, 4), (2, 9), (3, 4), (3, 9)])
def test_a_character_that_is_a_box_is_read_from_the_front(rows, margin, wall):
    """As 口, 日 and 目 are: strokes run all along the outline, and are lower in the middle."""
    strokes = np.zeros((129, 129), bool)
    strokes[margin : 129 - margin, margin : 129 - margin] = True
    edges = np.linspace(margin, 129 - margin, rows + 1).astype(int)
    for top, bottom in pairwise(edges):
        strokes[top + 5 : bottom - 4, margin + 10 : 119 - margin] = False
    mesh = sheet(carved(strokes, depth=DEPTH, wall=wall))
    for one in (mesh, inwards(mesh)):
        assert reading_plane(one).rotation[2, 2] > 0.8


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_heavy_strokes_with_a_little_ground_around_are_read_from_the_front(number):
    """The ground along the edge is no frame seen from behind. Drawn from an open typeface."""
    path = Path(__file__).parent / "drawn" / f"heavy-{number}.png"
    heights = cv2.imread(str(path), cv2.IMREAD_UNCHANGED).astype(float) / 255
    mesh = sheet(DEPTH * heights)
    for one in (mesh, inwards(mesh)):
        assert reading_plane(one).rotation[2, 2] > 0.8
