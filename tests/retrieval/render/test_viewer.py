"""The viewer's mesh, read back with another library."""

import io
import json
import struct

import numpy as np
import pytest
import trimesh

from retrieval.render.relief import read_relief
from retrieval.render.viewer import viewer_glb
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


def test_it_is_small():
    assert len(viewer_glb(MESH, RELIEF, mirrored=False, max_faces=12_000)) < 400_000
