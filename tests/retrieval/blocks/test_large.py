"""Large binary files in pieces give the triangles that reading them whole gives."""

import tracemalloc

import numpy as np
import pytest

from retrieval.blocks.large import open_large
from retrieval.blocks.scan import Scan
from retrieval.blocks.sides import broad_sides
from retrieval.errors import BadMesh
from retrieval.io.encode import stl
from retrieval.io.meshes import read_soup
from retrieval.types import Mesh

_POINTS = np.random.default_rng(1).normal(0, 9, (60, 3))
_FACES = np.random.default_rng(2).integers(60, size=(101, 3))


def _ply(order: str = "<", real: str = "float", index: str = "int", more: bool = True, faces=_FACES) -> bytes:
    kinds = {"float": "f4", "double": "f8", "int": "i4", "uint": "u4", "ushort": "u2"}
    colour = [("red", "u1"), ("green", "u1")] if more else []
    vertices = np.zeros(len(_POINTS), [(axis, order + kinds[real]) for axis in "xyz"] + colour)
    for place, axis in enumerate("xyz"):
        vertices[axis] = _POINTS[:, place]
    rows = np.zeros(
        len(faces), [("n", "u1"), ("corners", order + kinds[index], (faces.shape[1],)), ("f", "u1")]
    )
    rows["n"], rows["corners"] = faces.shape[1], faces
    lines = ["ply", f"format binary_{'little' if order == '<' else 'big'}_endian 1.0"]
    lines += [f"element vertex {len(_POINTS)}", *(f"property {real} {axis}" for axis in "xyz")]
    lines += [f"property uchar {name}" for name, _ in colour]
    lines += [f"element face {len(faces)}", f"property list uchar {index} vertex_indices"]
    lines += ["property uchar flags", "end_header", ""]
    return "\n".join(lines).encode() + vertices.tobytes() + rows.tobytes()


def _pieces(path) -> np.ndarray:
    found = open_large(path, name=path.name)
    assert found is not None
    corners = np.concatenate(list(found.pieces(17)))
    assert len(corners) == found.count
    np.testing.assert_array_equal(corners, np.concatenate(list(found.pieces(1000))))
    return corners


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize(("real", "index"), [("float", "int"), ("double", "uint"), ("float", "ushort")])
def test_ply(tmp_path, order, real, index):
    path = tmp_path / "face.ply"
    path.write_bytes(_ply(order, real, index, more=index != "uint"))
    soup = read_soup(path.read_bytes(), name="face.ply", max_faces=1000)[1]
    np.testing.assert_allclose(_pieces(path), soup.vertices[soup.faces], rtol=1e-6)


def test_stl(tmp_path):
    path = tmp_path / "face.stl"
    path.write_bytes(stl(Mesh(_POINTS, _FACES.astype(np.int32))))
    np.testing.assert_allclose(_pieces(path), _POINTS[_FACES], rtol=1e-6)


def test_no_piece_stays_in_memory():
    piece = np.random.default_rng(3).normal(0, 9, (20_000, 3, 3)).astype(np.float32)
    scan = Scan("long", 30 * len(piece), lambda: (piece for _ in range(30)))
    tracemalloc.start()
    broad_sides(scan)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10 * piece.astype(np.float64).nbytes


def test_other_files_are_read_whole(tmp_path):
    path = tmp_path / "other"
    quads = np.arange(40).reshape(-1, 4)
    ascii_ply = b"ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\n1\n"
    for data in (_ply(faces=quads), ascii_ply, b"v 0 0 0\nf 1 1 1\n" * 20):
        path.write_bytes(data)
        assert open_large(path, name="other") is None


def test_a_file_that_ends_early_is_refused(tmp_path):
    path = tmp_path / "cut.ply"
    path.write_bytes(_ply()[:-40])
    with pytest.raises(BadMesh) as refused:
        open_large(path, name="cut.ply")
    assert refused.value.code == "mesh_truncated"


def test_a_triangle_without_its_vertex_is_refused(tmp_path):
    path = tmp_path / "odd.ply"
    path.write_bytes(_ply(faces=_FACES + 30))
    found = open_large(path, name="odd.ply")
    with pytest.raises(BadMesh) as refused:
        list(found.pieces(1000))
    assert refused.value.code == "mesh_bad_index"
