"""The height map of a relief: the same however the scan lies, and the right side of it."""

import re

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import BadMesh
from retrieval.render.face.plane import reading_plane
from retrieval.render.relief import read_relief
from retrieval.types import FACE, Mesh
from tests.retrieval.carving import carved, character, moved, sheet, solid, turn

STROKES = character()
HEIGHTS = carved(STROKES)
SHEET = sheet(HEIGHTS)
UPRIGHT = read_relief(SHEET)
# How the carved sheet may lie: in each coordinate plane, Z-up or Y-up, facing either way.
LYING = {
    "facing +z": np.eye(3),
    "facing -z": turn("y", 180),
    "facing +y, as Y-up programs lay it down": turn("x", -90),
    "facing -y, standing in a Z-up scene": turn("x", 90),
    "facing +x, standing": turn("z", 90) @ turn("x", 90),
    "facing -x, standing": turn("z", -90) @ turn("x", 90),
}


def likeness(height: np.ndarray, other: np.ndarray = UPRIGHT.height) -> float:
    return float(np.corrcoef(height.ravel(), other.ravel())[0, 1])


def test_the_map_is_what_was_carved():
    height = UPRIGHT.height
    assert height.shape == (256, 256)
    assert height.dtype == np.float32
    assert height.min() >= 0
    assert height.max() <= 1
    raised = height > FACE - 0.05
    rows, columns = np.nonzero(raised)
    # The character fills most of the square, in its middle, its aspect kept.
    assert 0.8 < max(np.ptp(rows), np.ptp(columns)) / 256 < 0.95
    assert abs(rows.min() + rows.max() - 255) < 14
    assert abs(columns.min() + columns.max() - 255) < 14
    wide, high = np.ptp(np.nonzero(STROKES)[1]), np.ptp(np.nonzero(STROKES)[0])
    assert np.ptp(columns) / np.ptp(rows) == pytest.approx(wide / high, rel=0.05)
    # The bar is at the top and the post on the left: upright and not mirrored.
    assert raised[:128].sum() > raised[128:].sum()
    assert raised[:, :128].sum() > raised[:, 128:].sum()
    assert np.median(height[raised]) == pytest.approx(FACE, abs=0.02)
    assert np.percentile(height, 5) < 0.1


def test_the_numbers_that_go_with_it():
    assert UPRIGHT.tilt_degrees < 0.5
    assert UPRIGHT.inlier_share > 0.95
    assert UPRIGHT.notes == ()
    tilted = read_relief(moved(SHEET, turn("x", 12), scale=50))
    assert tilted.tilt_degrees == pytest.approx(12, abs=0.5)
    assert tilted.units_per_pixel == pytest.approx(50 * UPRIGHT.units_per_pixel, rel=0.01)


def test_to_plane_puts_the_face_at_zero_and_the_character_in_the_square():
    relief = read_relief(moved(SHEET, turn("x", 12) @ turn("y", -7), scale=3, offset=(9, 8, 7)))
    face = np.argwhere(STROKES) / 128 - 1
    points = np.column_stack([face[:, 1], -face[:, 0], np.zeros(len(face)), np.ones(len(face))])
    points[:, :3] = points[:, :3] @ (turn("x", 12) @ turn("y", -7)).T * 3 + [9, 8, 7]
    placed = points @ relief.to_plane.T
    assert np.abs(placed[:, 2]).max() < 0.02
    assert np.abs(placed[:, :2]).max() < 1
    assert np.abs(placed[:, :2]).max() > 0.8
    # No shear, no mirroring.
    turned = relief.to_plane[:3, :3] * relief.units_per_pixel * 128
    np.testing.assert_allclose(turned @ turned.T, np.eye(3), atol=1e-6)
    assert np.linalg.det(turned) == pytest.approx(1)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    st.floats(-25, 25),
    st.floats(-25, 25),
    st.floats(-3, 3),
    st.tuples(*[st.floats(-1000, 1000)] * 3),
    st.sampled_from(sorted(LYING)),
)
def test_tilt_units_place_and_up_axis_are_taken_out(about_x, about_y, power, offset, lying):
    tilt = turn("x", about_x) @ turn("y", about_y)
    relief = read_relief(moved(SHEET, LYING[lying] @ tilt, scale=10.0**power, offset=offset))
    # Near the edge of what is still tilt, the nearest way up may leave a turn of a few degrees.
    assert likeness(relief.height) > 0.97


@pytest.mark.parametrize("lying", LYING)
def test_every_coordinate_plane_reads_upright(lying):
    assert likeness(read_relief(moved(SHEET, LYING[lying])).height) > 0.999


def test_it_is_the_same_every_time():
    again = read_relief(Mesh(SHEET.vertices.copy(), SHEET.faces.copy()))
    np.testing.assert_array_equal(again.height, UPRIGHT.height)
    np.testing.assert_array_equal(again.to_plane, UPRIGHT.to_plane)


@pytest.mark.parametrize("thick", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("turned", [0, 180])
def test_a_closed_block_is_read_from_its_carved_side(thick, turned):
    block = moved(solid(HEIGHTS, bottom=-thick), turn("y", turned))
    assert likeness(read_relief(block).height) > 0.99


def test_the_strokes_decide_when_the_winding_is_wrong():
    inside_out = read_relief(Mesh(SHEET.vertices, SHEET.faces[:, ::-1].copy()))
    assert likeness(inside_out.height) > 0.999
    assert any("winding" in note for note in inside_out.notes)
    faces = SHEET.faces.copy()
    odd = np.random.default_rng(0).random(len(faces)) < 0.5
    faces[odd] = faces[odd, ::-1]
    assert likeness(read_relief(Mesh(SHEET.vertices, faces)).height) > 0.999


def test_a_tight_cut_is_read_from_the_side_that_stands_out_however_it_is_wound():
    tight = sheet(cv2.resize(carved(STROKES, depth=0.3)[45:-45, 50:-55], (129, 129)))
    expected = read_relief(tight)
    assert expected.to_plane[2, 2] > 0
    inside_out = read_relief(Mesh(tight.vertices, tight.faces[:, ::-1].copy()))
    np.testing.assert_allclose(inside_out.height, expected.height, atol=1e-5)
    # As an exporter does that negates x and leaves the triangles as they are.
    negated = read_relief(Mesh(tight.vertices * [-1, 1, 1], tight.faces))
    assert likeness(negated.height[:, ::-1], expected.height) > 0.99
    assert any("winding" in note for note in negated.notes)


def test_where_nothing_stands_out_the_winding_decides():
    x, y = np.meshgrid(np.linspace(0, 6 * np.pi, 97), np.linspace(0, 6 * np.pi, 97))
    waves = sheet(0.1 * np.sin(x) * np.sin(y))
    assert reading_plane(waves).rotation[2, 2] > 0.99
    assert reading_plane(Mesh(waves.vertices, waves.faces[:, ::-1].copy())).rotation[2, 2] < -0.99


@pytest.mark.parametrize(
    ("name", "heights"),
    [
        ("wide walls", carved(STROKES, wall=0.2, floor=0.04, depth=0.3)),
        ("rough floor", carved(STROKES, floor=0.05, seed=5)),
        ("floor that falls away", HEIGHTS + (HEIGHTS < -0.05) * np.linspace(0, -0.3, 257)[None, :]),
        ("thin strokes", carved(character(stroke=0.04), wall=0.06)),
    ],
)
def test_the_plane_is_the_faces_and_not_the_floors(name, heights):
    for about_x, about_y in [(0, 0), (9, -6), (-8, 10)]:
        rotation = turn("x", about_x) @ turn("y", about_y)
        relief = read_relief(moved(sheet(heights), rotation))
        normal = relief.to_plane[2, :3] / np.linalg.norm(relief.to_plane[2, :3])
        off = np.degrees(np.arccos(np.clip(normal @ rotation[:, 2], -1, 1)))
        assert off < 1.5, name


def test_chips_neighbours_and_noise_move_nothing_much():
    strokes = STROKES.copy()
    strokes[70:78, 60:66] = False
    strokes[:14, 90:150] = True
    strokes[-10:, 40:110] = True
    heights = carved(strokes, floor=0.03) + np.random.default_rng(2).normal(0, 0.003, strokes.shape)
    assert likeness(read_relief(sheet(heights)).height) > 0.93


def test_a_turned_cut_is_stood_upright():
    relief = read_relief(moved(SHEET, turn("z", 15)))
    assert likeness(relief.height) > 0.99
    assert relief.notes == ("Turned by 15 degrees, so that the scan's edges stand upright.",)


def test_a_polygon_cut_is_left_as_it_lies():
    x, y, _ = SHEET.vertices.T
    inside = np.abs(x) + np.abs(y) < 1.3
    cut = Mesh(SHEET.vertices, SHEET.faces[inside[SHEET.faces].all(axis=1)])
    relief = read_relief(moved(cut, turn("z", 8)))
    assert relief.notes == ()


def test_holes_are_floor():
    x, y, _ = SHEET.vertices.T
    hole = np.hypot(x - 0.5, y) < 0.1
    relief = read_relief(Mesh(SHEET.vertices, SHEET.faces[~hole[SHEET.faces].any(axis=1)]))
    assert likeness(relief.height) > 0.97
    assert np.isfinite(relief.height).all()


@pytest.mark.parametrize("heights", [np.zeros((40, 40)), np.add.outer(np.arange(40.0), np.arange(40.0)) / 40])
def test_a_flat_mesh_is_refused(heights):
    with pytest.raises(BadMesh) as caught:
        read_relief(sheet(heights), name="board.stl")
    assert caught.value.code == "mesh_no_relief"
    assert str(caught.value).startswith("board.stl: it is flat, ")
    assert re.search(r"measure [\d.]+ x [\d.]+ x [\d.e-]+$", str(caught.value))
    assert caught.value.hint
