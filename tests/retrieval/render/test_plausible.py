"""What is no single character says so: many of them, or nothing carved; and a character says nothing."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from common.carving_doubts import MANY_CHARACTERS as MANY
from common.carving_doubts import NOTHING_CARVED as NOTHING
from retrieval.io.meshes import read_mesh
from retrieval.render.plausible import doubts
from retrieval.render.relief import read_relief
from tests.retrieval.carving import carved, character, sheet, solid

SCANS = Path(__file__).parents[3].parent / "shared" / "data" / "real3d.zip"
X, Y = np.meshgrid(np.linspace(-1, 1, 129), np.linspace(-1, 1, 129))
AWAY = np.hypot(X, Y)


@pytest.mark.parametrize("stroke", [0.06, 0.11])
@pytest.mark.parametrize("cells", [3, 4, 6, 10])
def test_a_block_of_many_characters(cells, stroke):
    strokes = np.kron(np.ones((cells, cells), bool), character(400 // cells, stroke=stroke))
    assert MANY in read_relief(sheet(carved(strokes, depth=0.3 / cells, wall=0.05 / cells))).notes


@pytest.mark.parametrize(
    "heights",
    [
        np.random.default_rng(0).normal(0, 0.005, X.shape),
        np.sqrt(np.clip(2.2 - X**2 - Y**2, 0, None)),
        -np.sqrt(np.clip(2.2 - X**2 - Y**2, 0, None)),
        np.sqrt(1.5 - X**2),
        np.where(AWAY < 0.95, 0.02 * ((AWAY > 0.85) | (np.hypot(X - 0.1, Y) < 0.3)), -0.2),
    ],
    ids=["rough box", "dome", "bowl", "roll", "coin"],
)
def test_a_surface_on_which_nothing_is_carved(heights):
    assert NOTHING in read_relief(sheet(heights)).notes


STEP_X, STEP_Y = np.mod(2.5 * X, 1), np.mod(2.5 * Y, 1)


@pytest.mark.parametrize(
    "heights",
    [
        np.where(STEP_X < 0.5, 0, -0.12),
        np.where(np.mod(4 * (X + 0.4 * Y), 1) < 0.2, -0.1, 0),
        -0.15 * np.abs(STEP_X - 0.5),
        0.1 * np.sin(9 * (X + 0.5 * Y)),
        np.where((STEP_X < 0.5) ^ (STEP_Y < 0.5), 0, -0.12),
        np.where(np.hypot(np.mod(3 * X, 1) - 0.5, np.mod(3 * Y, 1) - 0.5) < 0.3, 0, -0.12),
    ],
    ids=["grooves", "slanting grooves", "folds", "waves", "squares", "dots"],
)
def test_a_pattern_is_no_character(heights):
    """What repeats itself beyond the edges of the scan."""
    assert NOTHING in read_relief(sheet(heights)).notes


@pytest.mark.parametrize("stroke", [0.03, 0.06, 0.11, 0.17])
def test_a_character_says_nothing(stroke):
    heights = carved(character(129, stroke=stroke), depth=0.16)
    assert read_relief(sheet(heights)).notes == ()
    assert read_relief(solid(heights, bottom=-0.8)).notes == ()


def test_a_stroke_alone_is_a_character():
    """一 is all of one piece, and fills its hull."""
    heights = np.zeros((256, 256), np.float32)
    heights[110:146, 20:236] = 0.9
    assert doubts(heights) == ()
    assert doubts(np.zeros((256, 256), np.float32)) == (NOTHING,)


@pytest.mark.skipif(not SCANS.is_file(), reason=f"the real carvings are not at {SCANS}")
@pytest.mark.parametrize(
    ("name", "notes"), [("block_b.ply", {MANY}), ("qian.ply", set()), ("canh_as_scanned.stl", set())]
)
def test_real_carvings(name, notes):
    with zipfile.ZipFile(SCANS) as scans:
        found = read_relief(read_mesh(scans.read(name), name=name).mesh).notes
    assert {MANY, NOTHING} & set(found) == notes
