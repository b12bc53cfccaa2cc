"""The printing face: found wherever it lies, tilt and warp taken out."""

import cv2
import numpy as np
import pytest

from retrieval.blocks.face import carved_faces
from retrieval.blocks.scan import scan_of
from retrieval.blocks.sheet import fit_sheet
from retrieval.blocks.units import unit_of
from retrieval.errors import BadMesh
from retrieval.synth.blocks import block_mesh

X_UP = np.array([[0.0, 0, 1], [1, 0, 0], [0, 1, 0]])
FACE_DOWN = np.diag([1.0, -1, -1])


def _turned(points: np.ndarray, angle: float) -> np.ndarray:
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    return points @ turn.T


def _same_relief(face, drawn) -> float:
    """Correlation of a face's heights with the drawn ones, warp and all, at few pixels."""
    seen = face.turned(0, mirrored=True).height
    wanted = cv2.resize(drawn.height, seen.shape[::-1], interpolation=cv2.INTER_AREA)
    return float(np.corrcoef(seen.ravel(), wanted.ravel())[0, 1])


def _off_sheet(face, drawn) -> float:
    """How far the tops of a face's strokes lie from its sheet, in millimetres."""
    heights = face.turned(0, mirrored=True).height
    distance = cv2.resize(drawn.carving.distance, heights.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return float(np.median(np.abs(heights[distance > 0.3])))


def test_the_carved_side_of_a_closed_block_is_found_and_its_warp_taken_out(drawn):
    (face,) = carved_faces(scan_of(drawn.mesh.vertices, drawn.mesh.faces))
    assert face.size == pytest.approx((110, 80), abs=1.5)
    assert face.spread < 0.25
    assert face.bend > 1.0
    assert _off_sheet(face, drawn) < 0.2
    assert 0.8 < face.depth < 4
    assert face.unit.name == "mm"


@pytest.mark.parametrize("axes", [np.eye(3), FACE_DOWN, X_UP], ids=["up", "down", "x"])
def test_any_axis_may_be_up(drawn, axes):
    points = _turned(drawn.mesh.vertices, 0.2) @ axes.T / 1000 + 5
    (face,) = carved_faces(scan_of(points, drawn.mesh.faces))
    assert face.unit.name == "m"
    assert sorted(face.size) == pytest.approx([80, 110], abs=2)
    assert face.spread < 0.25


@pytest.mark.parametrize("flip", [1, -1])
def test_an_open_sheet_is_seen_from_its_front_whichever_way_it_lies(drawn, flip):
    mesh = block_mesh(drawn.height, drawn.carving.pitch, closed=False)
    points = mesh.vertices * (1, flip, flip)  # a half turn about x
    (face,) = carved_faces(scan_of(points, mesh.faces))
    rotated = face if flip == 1 else face.turned(2, mirrored=False)
    assert max(_same_relief(rotated, drawn), _same_relief(face, drawn)) > 0.5


def test_table_and_debris_are_left_out(drawn):
    low = float(drawn.mesh.vertices[:, 2].min())
    table = np.array([[-150, -250, low], [260, -250, low], [260, 150, low], [-150, 150, low]], float)
    dirt = np.array([[140, -40, 3.0], [150, -40, 3.0], [145, -30, 3.0]])
    count = len(drawn.mesh.vertices)
    faces = np.concatenate(
        [drawn.mesh.faces, count + np.array([[0, 1, 2], [0, 2, 3]]), count + 4 + np.array([[0, 1, 2]])]
    )
    found = carved_faces(scan_of(np.concatenate([drawn.mesh.vertices, table, dirt]), faces))
    assert found[0].size == pytest.approx((110, 80), abs=2)


def test_hardly_any_strokes_on_deep_ground_are_not_taken_for_blocks_on_a_table():
    chisel = np.random.default_rng(1).standard_normal((400, 600)).astype(np.float32)
    height = np.minimum(-0.9, 3 * cv2.GaussianBlur(chisel, (0, 0), 5) - 1.5)  # in steps of 0.2 mm
    rows = np.arange(30, 370, 50)
    for row in rows:
        height[row : row + 6, 500:540] = height[row : row + 36, 516:522] = 0
    height[10:16, 10:590] = height[384:390, 10:590] = height[10:390, 10:16] = height[10:390, 584:590] = 0
    mesh = block_mesh(height, 0.2)
    (face,) = carved_faces(scan_of(mesh.vertices, mesh.faces))
    assert face.size == pytest.approx((120, 80), abs=1)
    assert face.depth == pytest.approx(1.7, abs=0.3)


def test_the_map_of_places_follows_turns_and_flips(drawn):
    (face,) = carved_faces(scan_of(drawn.mesh.vertices, drawn.mesh.faces))
    place = drawn.mesh.vertices[40_000]
    for quarters in range(4):
        for mirrored in (False, True):
            other = face.turned(quarters, mirrored=mirrored)
            column, row, level = other.to_grid[:, :3] @ place + other.to_grid[:, 3]
            height = level - other.sheet[round(row), round(column)]
            assert other.height[round(row), round(column)] == pytest.approx(height, abs=0.3)


def test_a_bare_board_has_no_carving():
    mesh = block_mesh(np.zeros((80, 120), np.float32), 1.0)
    with pytest.raises(BadMesh, match="no carving") as refused:
        carved_faces(scan_of(mesh.vertices, mesh.faces))
    assert refused.value.code == "block_no_carving"


def test_the_sheet_of_the_tops_is_fitted_through_ground_and_debris():
    y, x = np.mgrid[-1:1:200j, -1:1:300j]
    bent = 1.2 * x**2 - 0.5 * x * y + 0.3 * y
    rows, columns = np.mgrid[:200, :300]
    field = (bent - 1.5 * ((columns % 20 > 3) & (rows % 25 > 3))).astype(np.float32)
    field[50:60, 100:110] += 5
    sheet = fit_sheet(field, np.ones(field.shape, bool))
    assert np.abs(sheet.over(field.shape) - bent).max() < 0.1


@pytest.mark.parametrize(
    ("edge", "unit"), [(300, "mm"), (0.3, "m"), (30, "cm"), (300_000, "um"), (1200, "mm"), (90, "mm")]
)
def test_units_are_found_by_what_a_block_can_be(edge, unit):
    found = unit_of(edge, name="x")
    assert found.name == unit
    assert found.assumed


@pytest.mark.parametrize(("edge", "unit"), [(1e-6, None), (1e8, None), (300, "m"), (0.3, "mm")])
def test_units_that_cannot_be_are_refused(edge, unit):
    with pytest.raises(BadMesh, match="blocks are 25 to 1,500 mm") as refused:
        unit_of(edge, name="x", unit=unit)
    assert refused.value.code == "block_unit"
    assert "--unit" in refused.value.hint
