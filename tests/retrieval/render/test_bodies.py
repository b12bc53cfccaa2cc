"""Thick blocks, and scans that hold more than the carving: the carving alone is read, and a note says so."""

import numpy as np
import pytest

from retrieval.errors import BadMesh
from retrieval.render.face.sides import axes
from retrieval.render.ink import virtual_print
from retrieval.render.relief import read_relief
from retrieval.types import Mesh
from tests.retrieval.carving import carved, character, moved, sheet, solid, turn

# A block of 14 mm, so that one unit is 7 mm, carved 1.1 mm deep.
HEIGHTS = carved(character(129), depth=0.16)
UPRIGHT = read_relief(sheet(HEIGHTS)).height
TABLE = "The large plane that the block lies on was left out."


def block(millimetres: float, inclined: float = 0.0, heights: np.ndarray = HEIGHTS) -> Mesh:
    """A closed block so thick, its face inclined to its base by so many degrees."""
    body = solid(heights, bottom=-millimetres / 7 - 0.2)
    half = len(body.vertices) // 2
    face = body.vertices[:half] @ turn("x", inclined).T
    return Mesh(np.concatenate([face, body.vertices[half:]]), body.faces)


def together(*meshes: Mesh) -> Mesh:
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    faces = [mesh.faces + start for mesh, start in zip(meshes, starts, strict=False)]
    return Mesh(np.concatenate([mesh.vertices for mesh in meshes]), np.concatenate(faces).astype(np.int32))


def rough(size: float, place: tuple, *, cells: int = 60, seed: int = 0, noise: float = 0.02) -> Mesh:
    """A small square of rough surface, tilted by 30 degrees."""
    heights = np.random.default_rng(seed).normal(0, noise, (cells, cells))
    return moved(sheet(heights), turn("x", 30), scale=size, offset=place)


def plane(size: float, level: float) -> Mesh:
    heights = np.random.default_rng(2).normal(0, 0.0005, (80, 80))
    return moved(sheet(heights), np.eye(3), scale=size, offset=(0, 0, level))


def box(size: tuple, place: tuple) -> Mesh:
    """A bare board of twelve triangles."""
    board = solid(np.zeros((2, 2)), bottom=-2.0)
    corners = (board.vertices + np.array((0, 0, 1))) / 2
    return Mesh(corners * np.array(size) + np.array(place), board.faces)


def assert_read(mesh: Mesh, *, like: float = 0.99):
    relief = read_relief(mesh)
    assert np.corrcoef(relief.height.ravel(), UPRIGHT.ravel())[0, 1] > like
    assert 0.2 < (virtual_print(relief.height) < 128).mean() < 0.45
    return relief


@pytest.mark.parametrize("inclined", [0, 2])
@pytest.mark.parametrize("millimetres", [3, 5, 8, 12, 14, 20])
def test_a_thick_block_is_read_from_its_carved_side(millimetres, inclined):
    mesh = block(millimetres, inclined)
    assert assert_read(mesh).notes == ()
    assert_read(Mesh(mesh.vertices, mesh.faces[:, ::-1].copy()))
    assert_read(moved(mesh, turn("x", 7) @ turn("y", -5), scale=30))


def test_a_tall_block_that_lies_on_its_side_is_read_from_its_end():
    lying = read_relief(moved(block(20, 2), turn("x", 90)))
    assert np.corrcoef(lying.height.ravel(), UPRIGHT.ravel())[0, 1] > 0.99


def test_a_box_has_three_axes_and_nothing_carved():
    box = block(14, heights=np.zeros((33, 33)))
    assert len(axes(moved(box, turn("x", 20) @ turn("y", 30)))) == 3
    with pytest.raises(BadMesh) as caught:
        read_relief(box)
    assert caught.value.code == "mesh_no_relief"


def test_a_block_carved_on_both_sides_says_so():
    body = block(8)
    half = len(body.vertices) // 2
    body.vertices[half:, 2] -= HEIGHTS[::-1].ravel()
    relief = read_relief(body)
    assert relief.notes == ("Two sides look carved: the one whose strokes stand out more is read.",)


@pytest.mark.parametrize("body", [sheet(HEIGHTS), block(8)], ids=["sheet", "block"])
def test_crumbs_are_left_out(body):
    random = np.random.default_rng(0)
    crumbs = [
        rough(
            0.05, tuple(random.uniform([-1.5, -1.5, -0.3], [1.5, 1.5, 0.6])), cells=36, seed=seed, noise=0.5
        )
        for seed in range(30)
    ]
    assert assert_read(together(body, *crumbs)).notes == ("30 small loose pieces were left out.",)


def test_a_flake_above_the_carving_is_left_out():
    flaked = together(sheet(HEIGHTS), rough(0.14, (0.3, 0.2, 1.2)))
    assert assert_read(flaked).notes == ("1 small loose piece was left out.",)


def test_strokes_without_a_floor_are_no_crumbs_and_are_read_as_wound():
    mesh = sheet(carved(character(129), depth=0.16, floor=0))
    raised = (mesh.vertices[:, 2] > -0.1)[mesh.faces].all(axis=1)
    relief = read_relief(Mesh(mesh.vertices, mesh.faces[raised]))
    assert relief.notes == ()
    assert relief.to_plane[2, 2] > 0


@pytest.mark.parametrize("thick", [1.5, 2.5, 3.5, 7.7])
@pytest.mark.parametrize("size", [1.5, 3, 6])
def test_a_table_is_left_out(size, thick):
    scan = together(block(thick), plane(size, -thick / 7 - 0.2))
    assert assert_read(scan).notes == (TABLE,)
    assert_read(moved(scan, turn("x", 11), scale=20))


@pytest.mark.parametrize("gap", [0.0, 0.02, 0.06, 0.2])
@pytest.mark.parametrize("wall", [False, True])
def test_a_board_below_the_block_is_left_out(gap, wall):
    """Of a board both sides are seen, and none touches the block where it was scanned on pins; nor a wall."""
    board = [box((6, 6, 0.1), (0, 0, -1.05 - gap))] + [box((6, 0.1, 4), (0, 3, 1))] * wall
    assert TABLE in assert_read(together(solid(HEIGHTS, bottom=-1.0), *board)).notes


def test_a_table_that_is_one_surface_with_the_block_is_left_out():
    ground = -1 + np.random.default_rng(3).normal(0, 0.001, (301, 301))
    ground[86:215, 86:215] = HEIGHTS
    assert assert_read(sheet(ground)).notes == (TABLE,)


@pytest.mark.parametrize("depth", [0.05, 0.16, 0.3])
def test_a_flat_floor_is_no_table(depth):
    strokes = character(129)
    assert read_relief(sheet(carved(strokes, depth=depth, floor=0.0))).notes == ()
    solid_square = np.zeros((129, 129), bool)
    solid_square[40:90, 40:90] = True
    assert TABLE not in read_relief(sheet(carved(solid_square, depth=depth, floor=0.0))).notes
