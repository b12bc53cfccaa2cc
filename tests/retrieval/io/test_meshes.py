"""Every mesh format that is read, from files written here."""

import json
import struct

import numpy as np
import pytest

from retrieval.io.mesh_formats import stl
from retrieval.io.meshes import read_mesh
from tests import meshes

VERTICES, FACES = meshes.relief(3, 12)


def corners(mesh) -> np.ndarray:
    """The mesh's triangles as (F, 9), in an order that does not depend on the file's, nor on
    which corner of a triangle comes first."""
    points = np.round(mesh.vertices[mesh.faces], 3) + 0.0
    rows = [min(np.roll(t, k, axis=0).ravel().tolist() for k in range(3)) for t in points]
    return np.array(sorted(rows))


EXPECTED = corners(type("M", (), {"vertices": VERTICES, "faces": FACES}))


def glb_scene(matrix, *, extra: dict | None = None) -> bytes:
    """The relief in a GLB whose node is placed by ``matrix`` (4, 4)."""
    data = meshes.glb(VERTICES, FACES)
    length = struct.unpack_from("<I", data, 12)[0]
    result = json.loads(data[20 : 20 + length])
    result["nodes"][0]["matrix"] = np.asarray(matrix, float).T.ravel().tolist()
    result.update(extra or {})
    return repacked(result, data[20 + length :])


def repacked(header: dict, rest: bytes) -> bytes:
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + rest


def ply_ascii(*, quads: bool) -> bytes:
    lines = ["ply", "format ascii 1.0", "comment made here", f"element vertex {len(VERTICES)}"]
    lines += ["property double x", "property double y", "property double z", "property uchar red"]
    count = len(FACES) // 2 if quads else len(FACES)
    lines += [f"element face {count}", "property list uchar int vertex_index", "end_header"]
    lines += [f"{x:.6f} {y:.6f} {z:.6f} 255" for x, y, z in VERTICES]
    if quads:
        half = len(FACES) // 2
        # relief() makes triangles (a, c, b) and (b, c, d) of each cell.
        pairs = zip(FACES[:half], FACES[half:], strict=True)
        lines += [f"4 {c} {d} {b} {a}" for (a, c, b), (_, _, d) in pairs]
    else:
        lines += [f"3 {a} {b} {c}" for a, b, c in FACES]
    return "\n".join([*lines, ""]).encode()


def ply_mixed(order: str) -> bytes:
    """Binary PLY with a quad among triangles, faces that carry a flag, and an element after them."""
    mark = "<" if order == "little" else ">"
    header = (
        f"ply\r\nformat binary_{order}_endian 1.0\r\nelement vertex {len(VERTICES)}\r\n"
        "property float x\r\nproperty float y\r\nproperty float z\r\nproperty float nx\r\n"
        f"element face {len(FACES) - 1}\r\nproperty uchar flag\r\n"
        "property list uchar uint vertex_indices\r\nelement edge 0\r\nproperty int vertex1\r\nend_header\r\n"
    )
    points = np.column_stack([VERTICES, np.zeros(len(VERTICES))]).astype(f"{mark}f4").tobytes()
    half = len(FACES) // 2
    (a, c, b), (_, _, d) = FACES[0], FACES[half]
    polygons = [[c, d, b, a], *FACES[1:half].tolist(), *FACES[half + 1 :].tolist()]
    rows = b"".join(struct.pack(f"{mark}BB{len(p)}I", 7, len(p), *p) for p in polygons)
    return header.encode() + points + rows


def obj_odd() -> bytes:
    """OBJ with colours, textures, a split line, comments, negative indices and a quad."""
    half = len(FACES) // 2
    lines = ["# made here", "mtllib gone.mtl", "o block"]
    lines += [f"v {x:.6f} {y:.6f} {z:.6f} 0.5 0.5 0.5" for x, y, z in VERTICES]
    lines += ["vt 0 0", "vn 0 0 1", "s off", "usemtl wood"]
    (a, c, b), (_, _, d) = FACES[0], FACES[half]
    count = len(VERTICES)
    lines.append(f"f {c + 1}/1/1 {d + 1}/1/1 {b + 1}//1 \\\n {a + 1}/1 # a quad")
    rest = [*FACES[1:half].tolist(), *FACES[half + 1 :].tolist()]
    lines += [f"f {a - count} {b - count}/1 {c - count}//1" for a, b, c in rest]
    return "\r\n".join([*lines, ""]).encode()


def stl_two_solids() -> bytes:
    half = len(FACES) // 2
    first = meshes.stl_ascii(VERTICES, FACES[:half], name="one of two")
    return first + meshes.stl_ascii(VERTICES, FACES[half:], name="two of two")


def off_commented() -> bytes:
    lines = meshes.off(VERTICES, FACES).decode().splitlines()
    lines[0] = "# before\nCOFF # colours"
    return "\r\n".join([lines[0], "", *lines[1:]]).encode()


FILES = {
    "binary.stl": (meshes.stl(VERTICES, FACES), "stl"),
    "ascii.stl": (meshes.stl_ascii(VERTICES, FACES), "stl"),
    "marked.stl": (b"\xef\xbb\xbf" + meshes.stl_ascii(VERTICES, FACES, name="字"), "stl"),
    "upper.stl": (meshes.stl_ascii(VERTICES, FACES).upper(), "stl"),
    "begins_with_solid.stl": (meshes.stl(VERTICES, FACES, header=b"solid block of wood"), "stl"),
    "plain.obj": (meshes.obj(VERTICES, FACES), "obj"),
    "odd.obj": (obj_odd(), "obj"),
    "binary.ply": (meshes.ply(VERTICES, FACES), "ply"),
    "ascii.ply": (ply_ascii(quads=False), "ply"),
    "quads.ply": (ply_ascii(quads=True), "ply"),
    "mixed_little.ply": (ply_mixed("little"), "ply"),
    "mixed_big.ply": (ply_mixed("big"), "ply"),
    "plain.off": (meshes.off(VERTICES, FACES), "off"),
    "commented.off": (off_commented(), "off"),
    "scene.glb": (meshes.glb(VERTICES, FACES), "glb"),
}


@pytest.mark.parametrize("name", FILES)
def test_each_format_gives_the_same_triangles(name):
    data, kind = FILES[name]
    loaded = read_mesh(data, name=name)
    assert loaded.format == kind
    assert loaded.repairs == ()
    assert loaded.mesh.vertices.dtype == np.float64
    assert loaded.mesh.faces.dtype == np.int32
    assert len(loaded.mesh.vertices) == len(VERTICES)
    np.testing.assert_allclose(corners(loaded.mesh), EXPECTED, atol=2e-3)


def test_the_solids_of_a_file_are_joined_and_named():
    loaded = read_mesh(stl_two_solids(), name="two.stl")
    assert loaded.repairs == ("The 2 solids of the file were joined.",)
    np.testing.assert_allclose(corners(loaded.mesh), EXPECTED, atol=2e-3)


def test_a_long_text_is_read_piece_by_piece(monkeypatch):
    monkeypatch.setattr(stl, "_PIECE", 1000)
    loaded = read_mesh(meshes.stl_ascii(VERTICES, FACES), name="long.stl")
    np.testing.assert_allclose(corners(loaded.mesh), EXPECTED, atol=2e-3)


def test_bytes_after_the_last_triangle_are_left_out_and_said_so():
    loaded = read_mesh(meshes.stl(VERTICES, FACES, tail=b"painted by" * 3), name="tail.stl")
    assert loaded.repairs == ("30 bytes after the last triangle were left out.",)
    assert len(loaded.mesh.faces) == len(FACES)


def test_content_counts_and_not_the_name():
    loaded = read_mesh(meshes.ply(VERTICES, FACES), name="wrong.STL")
    assert loaded.format == "ply"
    assert loaded.repairs == ("The file is PLY, although its name ends in .stl.",)
    assert read_mesh(meshes.obj(VERTICES, FACES), name="no extension").format == "obj"


def test_a_glb_part_is_put_where_the_scene_has_it():
    matrix = np.diag([2.0, 3.0, 4.0, 1.0])
    matrix[:3, 3] = 5, 6, 7
    moved = read_mesh(glb_scene(matrix), name="scene.glb").mesh
    np.testing.assert_allclose(moved.vertices.min(0), VERTICES.min(0) * [2, 3, 4] + [5, 6, 7], atol=1e-4)
    np.testing.assert_allclose(moved.vertices.max(0), VERTICES.max(0) * [2, 3, 4] + [5, 6, 7], atol=1e-4)


def test_a_mirrored_glb_part_keeps_its_front_in_front():
    mesh = read_mesh(glb_scene(np.diag([-1.0, 1.0, 1.0, 1.0])), name="scene.glb").mesh
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    assert np.cross(b - a, c - a)[:, 2].sum() > 0


def test_two_parts_of_a_scene_are_joined():
    data = glb_scene(np.eye(4), extra={"nodes": [{"mesh": 0}, {"mesh": 0, "translation": [100, 0, 0]}]})
    result = json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]])
    result["scenes"] = [{"nodes": [0, 1]}]
    loaded = read_mesh(repacked(result, data[20 + struct.unpack_from("<I", data, 12)[0] :]), name="two.glb")
    assert len(loaded.mesh.faces) == 2 * len(FACES)
    assert loaded.repairs == ("The 2 parts of the scene were joined.",)


def test_a_few_broken_corners_cost_only_their_triangles():
    vertices = VERTICES.copy()
    vertices[30] = np.nan
    loaded = read_mesh(meshes.stl(vertices, FACES), name="nan.stl")
    assert loaded.repairs == ("6 triangles with corners that are not finite numbers were left out.",)
    assert len(loaded.mesh.faces) == len(FACES) - 6
    assert np.isfinite(loaded.mesh.vertices).all()


def test_a_point_far_away_is_left_out():
    vertices = VERTICES.copy()
    # A corner of the sheet, so that one triangle stretches and no stroke is lost.
    vertices[-1] += [500, 0, 0]
    loaded = read_mesh(meshes.stl(vertices, FACES), name="far.stl")
    assert loaded.repairs == ("1 triangle far away from all others was left out.",)
    assert np.ptp(loaded.mesh.vertices[:, 0]) < 20


def test_triangles_without_area_and_duplicate_vertices_are_taken_out():
    vertices = np.concatenate([VERTICES, VERTICES[:2]])
    faces = np.concatenate([FACES, [[4, 4, 5], [7, 8, 7]]])
    faces[faces == 0] = len(VERTICES)
    loaded = read_mesh(meshes.off(vertices, faces), name="twice.off")
    assert loaded.repairs == (
        "2 vertices on the same spot as another were merged.",
        "2 triangles without area were left out.",
    )
    assert len(loaded.mesh.vertices) == len(VERTICES)


def test_a_million_triangles_are_read():
    step = np.linspace(0, 1, 709)
    x, y = np.meshgrid(step, step)
    vertices = np.column_stack([x.ravel(), y.ravel(), np.sin(20 * x.ravel()) * 0.1])
    index = np.arange(709 * 709).reshape(709, 709)
    a, b, c, d = (p.ravel() for p in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]))
    faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([b, d, c])])
    loaded = read_mesh(meshes.stl(vertices, faces), name="large.stl")
    assert len(loaded.mesh.faces) == len(faces) > 1_000_000
    assert len(loaded.mesh.vertices) == len(vertices)
