"""The viewer's mesh, read back with another library."""

import dataclasses
import io
import json
import struct
import time

import numpy as np
import pytest
import trimesh

from retrieval.render.normals import towards_reader
from retrieval.render.relief import read_relief
from retrieval.render.viewer import _shows_back, viewer_glb
from retrieval.types import Mesh
from tests.retrieval.carving import carved, character, moved, sheet, turn

STROKES = character(129)
MESH = moved(sheet(carved(STROKES)), turn("x", -90) @ turn("y", 6), scale=40, offset=(5, 5, 5))
RELIEF = read_relief(MESH)


def read_back(data: bytes) -> trimesh.Trimesh:
    scene = trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False)
    assert len(scene.geometry) == 1
    return next(iter(scene.geometry.values()))


def test_a_small_mesh_is_kept_as_it_is():
    mesh = read_back(viewer_glb(MESH, RELIEF, mirrored=False, max_faces=len(MESH.faces)))
    assert len(mesh.faces) == len(MESH.faces)
    assert len(mesh.vertices) == len(MESH.vertices)


def test_it_stands_in_plane_coordinates_and_faces_the_reader():
    mesh = read_back(viewer_glb(MESH, RELIEF, mirrored=False, max_faces=40_000))
    face = mesh.vertices[np.flatnonzero(STROKES.ravel())]
    assert np.abs(face[:, 2]).max() < 0.03
    assert np.abs(face[:, :2]).max() < 1
    assert mesh.vertices[:, 2].min() < -0.1
    assert np.median(mesh.face_normals[:, 2]) > 0.8
    assert face[:, 1].mean() > 0
    assert face[:, 0].mean() < 0


def test_lengths_come_back_in_the_meshs_own_units():
    data = viewer_glb(MESH, RELIEF, mirrored=True, max_faces=len(MESH.faces))
    result = json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]])
    points = read_back(data).vertices
    ends = [0, len(points) - 1]
    own = np.linalg.norm(np.subtract(*MESH.vertices[ends]))
    assert result["asset"]["extras"]["units"] * np.linalg.norm(np.subtract(*points[ends])) == pytest.approx(
        own, rel=1e-4
    )


def test_mirrored_turns_left_and_right_but_not_front_and_back():
    seen, flipped = (read_back(viewer_glb(MESH, RELIEF, mirrored=flag)) for flag in (False, True))
    np.testing.assert_allclose(flipped.vertices, seen.vertices * [-1, 1, 1], atol=1e-6)
    assert np.median(flipped.face_normals[:, 2]) > 0.8
    np.testing.assert_allclose(flipped.vertex_normals, seen.vertex_normals * [-1, 1, 1], atol=1e-5)


def test_its_normals_are_unit_and_those_of_the_surface():
    mesh = read_back(viewer_glb(MESH, RELIEF, mirrored=True))
    np.testing.assert_allclose(np.linalg.norm(mesh.vertex_normals, axis=1), 1, atol=1e-5)
    again = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    assert np.median((mesh.vertex_normals * again.vertex_normals).sum(axis=1)) > 0.99


@pytest.mark.parametrize("max_faces", [8_000, 3_000])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_large_mesh_is_reduced_and_keeps_its_shape(mirrored, max_faces):
    small = read_back(viewer_glb(MESH, RELIEF, mirrored=mirrored, max_faces=max_faces))
    assert max_faces / 2 < len(small.faces) <= max_faces
    placed = Mesh(np.asarray(small.vertices, float), np.asarray(small.faces, np.int32))
    relief = read_relief(placed)
    height = relief.height[:, ::-1] if mirrored else relief.height
    assert np.corrcoef(height.ravel(), RELIEF.height.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("cells", [145, 205, 320])
def test_no_more_triangles_than_promised_and_no_holes(cells):
    seen = np.linspace(0, 129 - 1e-9, cells).astype(int)
    mesh = sheet(carved(STROKES)[np.ix_(seen, seen)])
    small = read_back(viewer_glb(mesh, read_relief(mesh), mirrored=False))
    assert 15_000 < len(small.faces) <= 20_000
    x, y = (np.linspace(*np.percentile(small.vertices[:, axis], [2, 98]), 16) for axis in (0, 1))
    spots = np.stack([part.ravel() for part in np.meshgrid(x, y)], -1)
    assert covered(np.asarray(small.triangles)[:, :, :2], spots).all()


def covered(triangles: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whether each of the points, (P, 2), lies in one of the triangles, (F, 3, 2)."""

    def side(a, b, p):
        return (b[:, 0] - a[:, 0]) * (p[1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (p[0] - a[:, 0])

    a, b, c = (triangles[:, k] for k in range(3))
    sides = (np.stack([side(a, b, p), side(b, c, p), side(c, a, p)]) for p in points)
    return np.array([((s >= -1e-9).all(0) | (s <= 1e-9).all(0)).any() for s in sides])


def test_triangles_that_make_no_surface_are_reduced_soon_and_to_the_number():
    random = np.random.default_rng(1)
    points = random.uniform(-1, 1, (20_000, 3)) * [20, 20, 1]
    faces = random.integers(0, 20_000, (40_000, 3)).astype(np.int32)
    start = time.process_time()
    small = read_back(viewer_glb(Mesh(points, faces), RELIEF, mirrored=False))
    assert time.process_time() - start < 3
    assert 5_000 < len(small.faces) <= 20_000


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_mesh_that_is_wound_the_other_way_faces_the_reader_too(mirrored):
    inwards = Mesh(MESH.vertices, MESH.faces[:, ::-1].copy())
    turned = read_back(viewer_glb(inwards, RELIEF, mirrored=mirrored, max_faces=40_000))
    right = read_back(viewer_glb(MESH, RELIEF, mirrored=mirrored, max_faces=40_000))
    assert np.median(turned.face_normals[:, 2]) > 0.8
    np.testing.assert_allclose(turned.vertex_normals, right.vertex_normals, atol=1e-5)


def test_the_front_of_a_closed_block_decides_and_not_its_back():
    box = trimesh.creation.box([1.8, 1.8, 0.4])
    for part in range(3):
        box = box.subdivide()
        assert len(box.faces) == 12 * 4 ** (part + 1)
    relief = dataclasses.replace(RELIEF, to_plane=np.eye(4))
    for faces in (box.faces, box.faces[:, ::-1]):
        mesh = read_back(viewer_glb(Mesh(box.vertices, np.array(faces, np.int32)), relief, mirrored=False))
        up = mesh.triangles_center[:, 2] > 0.19
        assert (mesh.face_normals[up, 2] > 0.9).all()
        assert mesh.volume > 0


def slow_shows_back(points: np.ndarray, faces: np.ndarray) -> bool:
    """What the compiled loop does, in whole arrays."""
    corners = points[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    centres = corners.mean(axis=1)
    low, high = centres[:, :2].min(axis=0), centres[:, :2].max(axis=0)
    side = max(1, int(np.sqrt(len(faces)) / 6))
    x, y = ((centres[:, :2] - low) * side / (high - low).max()).astype(int).T
    upwards = np.argsort(centres[:, 2])
    topmost = np.full((side + 1) ** 2, -1)
    topmost[(x * (side + 1) + y)[upwards]] = upwards
    return bool(np.sign(normals[topmost[topmost >= 0]]).sum() < 0)


@pytest.mark.parametrize("seed", range(20))
def test_the_loops_over_triangles_do_what_whole_arrays_do(seed):
    random = np.random.default_rng(seed)
    points = random.normal(size=(200, 3)) * [1, 1, 0.2]
    faces = random.integers(200, size=(300, 3)).astype(np.int32)
    assert _shows_back(points, faces) == slow_shows_back(points, faces)
    corners = points[faces]
    away = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2] < 0
    expected = np.where(away[:, None], faces[:, ::-1], faces)
    np.testing.assert_array_equal(towards_reader(points, faces), expected)


def test_it_is_small():
    assert len(viewer_glb(MESH, RELIEF, mirrored=False, max_faces=12_000)) < 400_000
