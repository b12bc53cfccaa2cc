"""Every file that is refused: which code, and words a person can act on."""

import json
import re
import struct
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats import _3mf as reader_3mf
from retrieval.io.meshes import read_mesh
from retrieval.types import LoadedMesh
from tests import meshes
from tests.pictures import png
from tests.retrieval.io.dialects import _3mf
from tests.retrieval.io.dialects import glb as dialects
from tests.retrieval.io.test_meshes import repacked

VERTICES, FACES = meshes.relief(3, 6)
STL, ASCII = meshes.stl(VERTICES, FACES), meshes.stl_ascii(VERTICES, FACES)
OBJ, PLY, OFF, GLB = (write(VERTICES, FACES) for write in (meshes.obj, meshes.ply, meshes.off, meshes.glb))

MF3 = _3mf.PLAIN


def glb_with(change) -> bytes:
    length = struct.unpack_from("<I", GLB, 12)[0]
    result = json.loads(GLB[20 : 20 + length])
    change(result)
    return repacked(result, GLB[20 + length :])


def with_bad_index(data: bytes) -> bytes:
    return data.rstrip().rsplit(b" ", 1)[0] + b" 99999\n"


LINE_FACES = np.arange(9).reshape(3, 3)
FLAT_LINE = meshes.stl(np.column_stack([np.arange(9.0)] * 3), LINE_FACES)
ALL_NAN = meshes.stl(np.full((9, 3), np.nan), LINE_FACES)
NO_FACES = np.zeros((0, 3), int)

BAD = {
    "empty.stl": (b"", "mesh_empty"),
    "blank.obj": (b" \r\n\n", "mesh_empty"),
    "zeros.stl": (bytes(500), "mesh_empty"),
    "words.stl": (b"I am no mesh at all, only a letter to the museum. " * 9, "mesh_unknown_format"),
    "photo.stl": (png(1), "mesh_unknown_format"),
    "archive.obj": (b"PK\x03\x04" + bytes(300), "mesh_unknown_format"),
    "nothing.glb": (b"\x07" * 300, "mesh_unknown_format"),
    "zeros_first.stl": (bytes(3000) + STL, "mesh_truncated"),
    "scan.e57": (b"ASTM-E57" + bytes(2000), "mesh_points"),
    "scan.las": (b"LASF" + bytes(2000), "mesh_points"),
    "scan.pcd": (b"# .PCD v0.7 - Point Cloud Data\n", "mesh_points"),
    "scan.pts": (b"3\n0 0 0.5 9\n1 0 0.5 9\n0 1 0.5 9\n", "mesh_points"),
    "scan.xyz": (b"0 0 0.5\n1 0 0.5\n0 1 0.5\n", "mesh_points"),
    "scene.wrl": (b"#VRML V2.0 utf8\nShape {}", "mesh_other_format"),
    "scene.x3d": (b"<?xml version='1.0'?><X3D>", "mesh_other_format"),
    "scene.dae": (b"<?xml version='1.0'?><COLLADA>", "mesh_other_format"),
    "scene.fbx": (b"Kaydara FBX Binary  \0", "mesh_other_format"),
    "text.fbx": (b"; a scene that is told by its name alone", "mesh_other_format"),
    "scene.3ds": (b"MM\x20\0\0\0" + bytes(25) + b"\1", "mesh_other_format"),
    "scene.usda": (b"#usda 1.0\n", "mesh_other_format"),
    "scene.usdz": (b"PK\3\4" + bytes(26) + b"scene.usdc" + bytes(90) + b"\1", "mesh_other_format"),
    "old.vtk": (b"# vtk DataFile Version 3.0\nscan\nASCII\n", "mesh_other_format"),
    "new.vtp": (b'<?xml version="1.0"?><VTKFile type="PolyData">', "mesh_other_format"),
    "scene.u3d": (b"U3D\0" + bytes(20), "mesh_other_format"),
    "pointer.stl": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "mesh_unknown_format"),
    "scan.stl.gz": (b"\x1f\x8b\x08" + bytes(50), "other_archive"),
    "scan.rar": (b"Rar!\x1a\x07\0" + bytes(50), "other_archive"),
    "model.skp": (b"\xff\xfe\xff\x0e" + "SketchUp Model".encode("utf-16-le"), "mesh_other_format"),
    "part.sldprt": (b"\xd0\xcf\x11\xe0 none of our business", "mesh_drawing"),
    "part.jt": (b"Version 9.5 JT  DM" + bytes(99), "mesh_drawing"),
    "part.x_t": (b"**ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz**", "mesh_drawing"),
    "scene.ma": (b"//Maya ASCII 2020 scene\n", "mesh_other_format"),
    "scene.mb": (b"FOR4\0\0\0\x10MayaFOR4", "mesh_other_format"),
    "scene.lwo": (b"FORM\0\0\0\x10LWO2TAGS", "mesh_other_format"),
    "mesh.msh": (b"$MeshFormat\n2.2 0 8\n", "mesh_other_format"),
    "mesh.mesh": (b"MeshVersionFormatted 1\nDimension 3\n", "mesh_other_format"),
    "scene.gltf": (b'{"asset": {"version": "2.0"}}', "mesh_outside_file"),
    "part.step": (b"ISO-10303-21;\nHEADER;", "mesh_drawing"),
    "part.igs": (b" " * 72 + b"S      1\n", "mesh_drawing"),
    "part.dxf": (b"0\nSECTION\n2\n", "mesh_drawing"),
    "header_only.stl": (b"exported from the scanner \x01", "mesh_truncated"),
    "cut.stl": (STL[:-500], "mesh_truncated"),
    "cut_ascii.stl": (ASCII[: len(ASCII) // 2], "mesh_truncated"),
    "cut.ply": (PLY[:-40], "mesh_truncated"),
    "cut_vertices.ply": (PLY[:300], "mesh_truncated"),
    "cut.off": (OFF[: len(OFF) // 2], "mesh_truncated"),
    "cut.glb": (GLB[:-100], "mesh_truncated"),
    "cut_head.glb": (GLB[:16], "mesh_truncated"),
    "words.ply": (b"ply\nformat ascii 1.0\nelement vertex many\nend_header\n", "mesh_unreadable"),
    "endless.ply": (b"ply\nformat ascii 1.0\n" + b"comment x\n" * 20, "mesh_unreadable"),
    "huge_list.ply": (PLY.replace(b"list uchar int", b"list int int"), "mesh_truncated"),
    "huge_count.ply": (PLY.replace(b"element face 72", b"element face 72000000000"), "mesh_truncated"),
    "words.off": (OFF.replace(b"3 0", b"3 zero", 1), "mesh_unreadable"),
    "binary.off": (b"OFF BINARY\n" + bytes(50), "mesh_unreadable"),
    "words.obj": (OBJ.replace(b"\nv ", b"\nv x", 1), "mesh_unreadable"),
    "number.stl": (ASCII.replace(b"vertex ", b"vertex x", 1), "mesh_unreadable"),
    "json.glb": (GLB[:20] + b"%" + GLB[21:], "mesh_unreadable"),
    "accessor.glb": (glb_with(lambda g: g["accessors"][0].update(count=10**12)), "mesh_unreadable"),
    "outside.glb": (glb_with(lambda g: g["buffers"][0].update(uri="/etc/passwd")), "mesh_outside_file"),
    "web.glb": (glb_with(lambda g: g["buffers"][0].update(uri="http://host/b")), "mesh_outside_file"),
    "draco.glb": (
        glb_with(lambda g: g.update(extensionsRequired=["KHR_draco_mesh_compression"])),
        "mesh_compressed",
    ),
    "none.stl": (meshes.without_triangles() + b"notes", "mesh_no_triangles"),
    "none.obj": (OBJ[: OBJ.index(b"\nf ")], "mesh_no_triangles"),
    "none.off": (meshes.off(VERTICES, NO_FACES), "mesh_no_triangles"),
    "none.ply": (meshes.ply(VERTICES, NO_FACES), "mesh_no_triangles"),
    "none.glb": (glb_with(lambda g: g.update(nodes=[{}])), "mesh_no_triangles"),
    "one.stl": (meshes.one_triangle(), "mesh_no_relief"),
    "degenerate.stl": (meshes.stl(VERTICES, np.array([[1, 1, 2], [3, 3, 3]])), "mesh_no_relief"),
    "nan.stl": (ALL_NAN, "mesh_not_finite"),
    "half_nan.stl": (meshes.stl(np.where(VERTICES > 0, np.inf, VERTICES), FACES), "mesh_not_finite"),
    "line.stl": (FLAT_LINE, "mesh_no_extent"),
    "index.off": (with_bad_index(OFF), "mesh_bad_index"),
    "index.obj": (with_bad_index(OBJ), "mesh_bad_index"),
    "zero_index.obj": (OBJ.replace(b"\nf 1 ", b"\nf 0 ", 1), "mesh_bad_index"),
    "index.ply": (PLY[:-4] + b"\xff\xff\xff\x7f", "mesh_bad_index"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_name_with_a_reason_and_a_remedy(name):
    data, code = BAD[name]
    with pytest.raises(BadMesh) as caught:
        read_mesh(data, name=name)
    assert caught.value.code == code
    assert str(caught.value).startswith(f"{name}: ")
    assert caught.value.hint
    assert not caught.value.retryable


def test_a_pointer_is_called_one():
    with pytest.raises(BadMesh, match="the content is a Git LFS pointer, and no mesh"):
        read_mesh(BAD["pointer.stl"][0], name="pointer.stl")


def test_the_first_corner_that_is_no_number_is_named():
    broken = VERTICES.copy()
    broken[FACES[5:].ravel()] = np.nan
    first = int(np.flatnonzero(~np.isfinite(broken[FACES]).all(axis=(1, 2)))[0]) + 1
    with pytest.raises(BadMesh, match=rf"not finite numbers, first at triangle {first}$"):
        read_mesh(meshes.stl(broken, FACES), name="a.stl")


@pytest.mark.parametrize(
    ("name", "phrase", "remedy"),
    [
        ("scan.e57", "an E57 point cloud", "Make a surface of the points"),
        ("scan.xyz", "a list of points", "Make a surface of the points"),
        ("scene.wrl", "a VRML scene", "Open it in Blender or MeshLab"),
        ("text.fbx", "an FBX scene", "Open it in Blender or MeshLab"),
        ("scene.usdz", "a USD scene", "Open it in Blender or MeshLab"),
        ("old.vtk", "a VTK mesh", "Open it in Blender or MeshLab"),
        ("scene.gltf", "a glTF scene in JSON", "Export it as GLB"),
        ("part.step", "a STEP drawing", "Export it from the CAD program"),
    ],
)
def test_a_format_that_is_not_read_is_named_with_its_own_remedy(name, phrase, remedy):
    with pytest.raises(BadMesh) as caught:
        read_mesh(BAD[name][0], name=name)
    assert str(caught.value) == f"{name}: it is {phrase}, which is not read here"
    assert caught.value.hint.startswith(remedy)


@pytest.mark.parametrize("data", [STL, ASCII, OBJ, PLY, OFF, GLB, MF3])
def test_too_many_triangles_are_refused(data):
    with pytest.raises(BadMesh) as caught:
        read_mesh(data, name="large", max_faces=10)
    assert caught.value.code == "mesh_too_large"


def test_nothing_outside_a_glb_is_opened(tmp_path, monkeypatch):
    secret = tmp_path / "secret.bin"
    secret.write_bytes(bytes(10_000))
    monkeypatch.chdir(tmp_path)
    for uri in ("secret.bin", str(secret), secret.as_uri()):
        with pytest.raises(BadMesh, match="never fetched"):
            read_mesh(glb_with(lambda g, uri=uri: g["buffers"][0].update(uri=uri)), name="x.glb")


def _read_or_refused(data: bytes, name: str) -> None:
    with suppress(BadMesh):
        assert isinstance(read_mesh(data, name=name), LoadedMesh)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from([STL, ASCII, OBJ, PLY, OFF, GLB, MF3]), st.data())
def test_damage_anywhere_is_read_or_refused_but_never_crashes(data, draw):
    damaged = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        damaged[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    cut = draw.draw(st.integers(0, len(data)))
    _read_or_refused(bytes(damaged), "damaged.stl")
    _read_or_refused(bytes(damaged[:cut]), "cut.glb")


def _places(value, path=()):
    """The way to each field of a JSON document."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*path, key))


WRONG = [None, "x", -1, 7, 2.5, 1e300, 10**30, True, [], [None], ["x"], [-1], {}, {"x": None}, [{}], [[]]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (FLAT_LINE, "lie on one line, it measures 8 x 8 x 8"),
        (meshes.stl(np.full((9, 3), 5.0), LINE_FACES), "fewer than two usable triangles"),
        (meshes.obj(1e-32 * np.arange(27.0).reshape(9, 3) % 7, LINE_FACES), "no extent: all its"),
        (meshes.one_triangle(), "shows no relief: 1 in the file, 0 of them without area"),
        (meshes.stl(VERTICES * 0.002 + [0, 9e6, 0], FACES), "near y = 9,000,000 its numbers have steps of 1"),
    ],
)
def test_what_is_wrong_with_the_whole_of_a_mesh_is_said_with_its_size(data, said):
    with pytest.raises(BadMesh, match=re.escape(said)):
        read_mesh(data, name="scan.stl")


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_no_field_of_a_glb_can_be_so_wrong_that_the_file_is_not_refused_by_name(wrong):
    for path in list(_places(dialects.DOCUMENT))[1:]:

        def change(document, path=path):
            for key in path[:-1]:
                document = document[key]
            document[path[-1]] = wrong

        try:
            read_mesh(dialects.changed(change), name="odd.glb")
        except BadMesh as error:
            assert str(error).startswith("odd.glb: ")  # noqa: PT017
            assert error.hint  # noqa: PT017


def test_parts_that_share_their_points_are_not_read_without_end():
    def change(document):
        primitive = document["meshes"][0]["primitives"][0]
        document["accessors"].append(dict(document["accessors"][0]))
        others = [{**primitive, "attributes": {"POSITION": 2 * (i % 2)}} for i in range(2000)]
        document["meshes"][0]["primitives"] += others
        document["accessors"][1]["count"] = 3

    with pytest.raises(BadMesh, match="again and again") as caught:
        read_mesh(dialects.changed(change), name="shared.glb", max_faces=3000)
    assert caught.value.code == "mesh_too_large"


def test_a_3mf_that_unpacks_to_far_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(reader_3mf, "_LIMITS", replace(reader_3mf._LIMITS, free_bytes=1000))
    bomb = _3mf.package(_3mf.one(more=" " * 400_000))
    with pytest.raises(BadMesh, match="the zip inside the 3MF cannot be read") as caught:
        read_mesh(bomb, name="bomb.3mf")
    assert caught.value.code == "mesh_too_large"
    monkeypatch.setattr(reader_3mf, "_LIMITS", replace(reader_3mf._LIMITS, total_bytes=1000))
    with pytest.raises(BadMesh) as caught:
        read_mesh(_3mf.PLAIN, name="large.3mf")
    assert caught.value.code == "mesh_too_large"
