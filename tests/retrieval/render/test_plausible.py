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


@pytest.mark.parametrize("stroke", [0.06, 0.11])
def test_four_characters(stroke):
    one = character(200, stroke=stroke)
    strokes = np.block([[one, one[:, ::-1]], [one.T, one[::-1]]])
    assert read_relief(sheet(carved(strokes, depth=0.15, wall=0.03)[::3, ::3])).notes == (MANY,)


@pytest.mark.parametrize(("lines", "notes"), [(1, ()), (9, (MANY,))])
def test_four_characters_whose_gutters_are_narrow(lines, notes):
    """The gutters alone could be those of 㗊; so many strokes are of no single character."""
    random = np.random.default_rng(lines)
    four = np.zeros((256, 256), np.float32)
    for top, left in ((8, 8), (8, 134), (134, 8), (134, 134)):
        for start in random.choice(28, lines, replace=False) * 4:
            length = random.integers(60, 114)
            part = four[top : top + 114, left : left + 114]
            part = part if random.random() < 0.5 else part.T
            part[start : start + 4, :length] = 0.9
        four[top : top + 114, left : left + 4] = four[top : top + 4, left : left + 114] = 0.9
        four[top + 110 : top + 114, left : left + 114] = 0.9
    assert doubts(four) == notes


@pytest.mark.parametrize(
    "heights",
    [
        np.random.default_rng(0).normal(0, 0.005, X.shape),
        np.sqrt(np.clip(2.2 - X**2 - Y**2, 0, None)),
        -np.sqrt(np.clip(2.2 - X**2 - Y**2, 0, None)),
        np.sqrt(1.5 - X**2),
        np.where(AWAY < 0.95, 0.02 * ((AWAY > 0.85) | (np.hypot(X - 0.1, Y) < 0.3)), -0.2),
        np.where((AWAY < 0.85) & (np.maximum(abs(X), abs(Y)) > 0.2), 0.1, 0),
        np.where((AWAY < 0.85) & (AWAY > 0.3), 0.1, 0),
        np.where(AWAY - 0.1 * np.sign(np.sin(12 * np.arctan2(Y, X))) < 0.7, 0.2, 0),
        np.sqrt(np.clip(0.09 - (AWAY - 0.6) ** 2, 0, None)),
        np.sqrt(np.clip(0.02 - (AWAY - 0.7) ** 2, 0, None)),
        np.sqrt(np.clip(0.16 - Y**2 - np.clip(np.abs(X) - 0.5, 0, None) ** 2, 0, None)),
        np.where(AWAY < 0.8, 0.15, 0),
        -np.maximum(abs(X), abs(Y)),
        0.4 * (X**2 - Y**2),
        0.3 * np.exp(-20 * (AWAY - 0.6) ** 2),
        0.3 * np.exp(-8 * ((X - 0.4) ** 2 + Y**2)) + 0.25 * np.exp(-9 * ((X + 0.4) ** 2 + (Y - 0.3) ** 2)),
    ],
    ids=[
        "rough box",
        "dome",
        "bowl",
        "roll",
        "coin",
        "coin with a hole",
        "washer",
        "gear",
        "torus",
        "ring",
        "capsule",
        "disc",
        "pyramid",
        "saddle",
        "crater",
        "hills",
    ],
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


@pytest.mark.parametrize(
    "heights",
    [
        *[0.06 * np.sin(pitch * AWAY) for pitch in (12, 20, 30)],
        0.06 * np.sin(16 * np.hypot(X - 0.4, Y + 0.3)),
        *[0.06 * np.sin(20 * AWAY + arms * np.arctan2(Y, X)) for arms in (1, 2)],
        np.where(AWAY < 0.9, 0.06 * np.sin(20 * AWAY), -0.06),
        0.04 * np.sin(25 * Y + 3 * np.sin(2 * X) + 2 * np.exp(-8 * AWAY**2)),
        0.08 * np.sin(14 * X),
    ],
)
def test_a_surface_that_rises_and_falls_evenly_is_no_character(heights):
    """Ripples, spirals, a plate, grain and waves have one pitch, and no walls."""
    assert NOTHING in read_relief(sheet(heights)).notes


@pytest.mark.parametrize("lines", [2, 3, 4, 6])
@pytest.mark.parametrize("wall", [0.05, 0.12])
def test_parallel_strokes_are_a_character(lines, wall):
    """三 and 川 have one pitch too, but walls."""
    drawn = strokes(*[(0.15, y, 0.85, y) for y in np.linspace(0.15, 0.85, lines)], thick=0.5 / lines - 0.02)
    for each in (drawn, drawn.T):
        assert NOTHING not in read_relief(sheet(carved(each, wall=wall))).notes


@pytest.mark.parametrize("stroke", [0.03, 0.06, 0.11, 0.17])
def test_a_character_says_nothing(stroke):
    heights = carved(character(129, stroke=stroke), depth=0.16)
    assert read_relief(sheet(heights)).notes == ()
    assert read_relief(solid(heights, bottom=-0.8)).notes == ()


def strokes(*lines: tuple[float, float, float, float], thick: float = 0.1) -> np.ndarray:
    """(129, 129) bool: straight strokes from edge to edge of the scan, as (left, top, right, bottom)."""
    drawn = np.zeros((129, 129), bool)
    for left, top, right, bottom in np.array(lines) * 129:
        half = thick * 129 / 2
        rows, columns = np.indices(drawn.shape)
        drawn |= (abs(rows - (top + bottom) / 2) <= abs(bottom - top) / 2 + half) & (
            abs(columns - (left + right) / 2) <= abs(right - left) / 2 + half
        )
    return drawn


TIGHT = {
    "皿": [(x, 0.2, x, 0.9) for x in (0.1, 0.36, 0.64, 0.9)] + [(0.1, 0.2, 0.9, 0.2), (0, 0.94, 1, 0.94)],
    "曲": [(x, 0.2, x, 1) for x in (0.06, 0.94)] + [(x, 0, x, 1) for x in (0.36, 0.64)]
    + [(0, y, 1, y) for y in (0.2, 0.6, 0.94)],
    "門": [(x, 0, x, 1) for x in (0.06, 0.94)] + [(x, 0, x, 0.4) for x in (0.38, 0.62)]
    + [(a, y, b, y) for a, b in ((0, 0.38), (0.62, 1)) for y in (0.05, 0.22, 0.4)],
}  # fmt: skip


@pytest.mark.parametrize("name", TIGHT)
def test_a_character_that_is_cut_at_its_strokes_is_no_pattern(name):
    """Parts of it are alike, and run over the edges of the scan."""
    found = read_relief(sheet(carved(strokes(*TIGHT[name], thick=0.08), wall=0.03))).notes
    assert not {MANY, NOTHING} & set(found)


def test_a_stroke_alone_is_a_character():
    """一 is all of one piece, and fills its hull."""
    heights = np.zeros((256, 256), np.float32)
    heights[110:146, 20:236] = 0.9
    assert doubts(heights) == ()
    assert doubts(np.zeros((256, 256), np.float32)) == (NOTHING,)


def test_a_ring_is_a_character():
    """〇 is all of one round piece, with thinner strokes than a washer."""
    away = np.hypot(*(np.indices((256, 256)) - 127.5))
    assert doubts(0.9 * ((away < 100) & (away > 84)).astype(np.float32)) == ()
    assert doubts(0.9 * ((away < 100) & (away > 60)).astype(np.float32)) == (NOTHING,)


@pytest.mark.skipif(not SCANS.is_file(), reason=f"the real carvings are not at {SCANS}")
@pytest.mark.parametrize(
    ("name", "notes"),
    [("block_b.ply", {MANY}), ("qian.ply", set()), ("canh_as_scanned.stl", set()), ("ye_polygon.stl", set())],
)
def test_real_carvings(name, notes):
    with zipfile.ZipFile(SCANS) as scans:
        found = read_relief(read_mesh(scans.read(name), name=name).mesh).notes
    assert {MANY, NOTHING} & set(found) == notes
