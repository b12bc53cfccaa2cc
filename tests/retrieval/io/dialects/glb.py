"""GLB."""

import base64
import json
import struct
from collections.abc import Callable
from copy import deepcopy

import numpy as np

from tests import meshes
from tests.retrieval.io.dialects import FACES, VERTICES, strips, two_triangles_as_quads

PLAIN = meshes.glb(VERTICES, FACES)
_LENGTH = struct.unpack_from("<I", PLAIN, 12)[0]
DOCUMENT = json.loads(PLAIN[20 : 20 + _LENGTH])
BINARY = PLAIN[28 + _LENGTH :]
_F4, _U1, _U2, _U4, _I1, _I2 = 5126, 5121, 5123, 5125, 5120, 5122
_KINDS = {_F4: "<f4", _U1: "u1", _U2: "<u2", _U4: "<u4", _I1: "i1", _I2: "<i2"}
_QUADS = two_triangles_as_quads()
_SPAN = np.abs(VERTICES).max()


def packed(document: dict, binary: bytes = BINARY, *, version: int = 2, more: bytes = b"") -> bytes:
    """A GLB of a JSON document and its bytes."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        body += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", version, 12 + len(body) + len(more)) + body + more


def changed(change: Callable[[dict], object]) -> bytes:
    """The plain file with its document changed."""
    document = deepcopy(DOCUMENT)
    change(document)
    return packed(document)


def scene(points: np.ndarray, kind: int, corners, *, mode: int = 4, indices: int = _U2, **more) -> bytes:
    """A GLB of one primitive. more: fields of the accessor of its points, or with "_" of the document."""
    body = points.astype(_KINDS[kind])
    pad = np.zeros((len(body), -body.shape[1] * body.itemsize % 4), "u1")
    rows = np.concatenate([body.view("u1").reshape(len(body), -1), pad], 1)
    at = np.array(corners, _KINDS[indices])
    document = deepcopy(DOCUMENT)
    document["meshes"][0]["primitives"][0]["mode"] = mode
    accessor = {"bufferView": 0, "componentType": kind, "count": len(points), "type": "VEC3"}
    document["accessors"] = [
        accessor | {key: value for key, value in more.items() if key[0] != "_"},
        {"bufferView": 1, "componentType": indices, "count": len(at), "type": "SCALAR"},
    ]
    document["bufferViews"] = [
        {"buffer": 0, "byteOffset": 4, "byteLength": rows.size, "byteStride": rows.shape[1]},
        {"buffer": 0, "byteOffset": 4 + rows.size, "byteLength": at.nbytes},
    ]
    binary = b"spam" + rows.tobytes() + at.tobytes()
    document["buffers"] = [{"byteLength": len(binary)}]
    document.update({key[1:]: value for key, value in more.items() if key.startswith("_")})
    return packed(document, binary)


def _quantized(kind: int, steps: int) -> bytes:
    """Points as whole numbers, which a node makes as large as they were."""
    whole = np.round(VERTICES / _SPAN * steps)
    nodes = [{"mesh": 0, "scale": [float(_SPAN)] * 3}]
    required = ["KHR_mesh_quantization"]
    return scene(whole, kind, FACES.ravel(), normalized=True, _nodes=nodes, _extensionsRequired=required)


def _sparse() -> bytes:
    """A tenth of the points far off, and put right by the accessor's sparse part."""
    wrong, at = VERTICES.copy(), np.arange(0, len(VERTICES), 10)
    wrong[at] = 99
    parts = [wrong.astype("<f4"), FACES.astype("<u4"), at.astype("<u2"), VERTICES[at].astype("<f4")]
    document, starts = deepcopy(DOCUMENT), np.cumsum([0, *(part.nbytes + -part.nbytes % 4 for part in parts)])
    document["bufferViews"] = [
        {"buffer": 0, "byteOffset": int(start), "byteLength": part.nbytes}
        for start, part in zip(starts, parts, strict=False)
    ]
    document["accessors"][0]["sparse"] = {
        "count": len(at),
        "indices": {"bufferView": 2, "componentType": _U2},
        "values": {"bufferView": 3},
    }
    binary = b"".join(part.tobytes() + bytes(-part.nbytes % 4) for part in parts)
    document["buffers"] = [{"byteLength": len(binary)}]
    return packed(document, binary)


def _fans() -> bytes:
    """A primitive for each two triangles, a fan of four corners or of three."""
    document = deepcopy(DOCUMENT)
    corners, primitives, accessors = [], [], [document["accessors"][0]]
    for polygon in _QUADS:
        accessors.append(
            {
                "bufferView": 1,
                "byteOffset": 4 * len(corners),
                "componentType": _U4,
                "count": len(polygon),
                "type": "SCALAR",
            }
        )
        primitives.append({"attributes": {"POSITION": 0}, "indices": len(accessors) - 1, "mode": 6})
        corners += polygon
    points = VERTICES.astype("<f4").tobytes()
    binary = points + np.array(corners, "<u4").tobytes()
    document["meshes"], document["accessors"] = [{"primitives": primitives}], accessors
    document["bufferViews"][1]["byteLength"] = 4 * len(corners)
    document["buffers"] = [{"byteLength": len(binary)}]
    return packed(document, binary)


def _strip() -> list[int]:
    """One strip of all strips, with triangles without area between them."""
    found: list[int] = []
    for number in " ".join(map(str, strips())).split("-1"):
        strip = [int(word) for word in number.split()]
        if strip:
            found += [found[-1], strip[0], *strip] if found else strip
    return found


def _nested() -> bytes:
    """The mesh turned, moved and mirrored by one node, and put back by those above it."""
    half = float(np.sqrt(0.5))
    nodes = [
        {"children": [1], "scale": [-1, 1, 1]},
        {"children": [2], "rotation": [0, 0, -half, half]},
        {"mesh": 0, "matrix": [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]},
    ]
    flip = np.array(nodes[2]["matrix"], float).reshape(4, 4).T[:3, :3]
    turn = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    back = np.linalg.inv(np.diag([-1.0, 1, 1]) @ turn @ flip)
    faces = FACES if np.linalg.det(back) > 0 else FACES[:, ::-1]
    return scene(VERTICES @ back.T, _F4, faces.ravel(), _nodes=nodes)


def _without_indices() -> bytes:
    document = deepcopy(DOCUMENT)
    document["meshes"][0]["primitives"][0].pop("indices")
    points = VERTICES[FACES].reshape(-1, 3).astype("<f4").tobytes()
    document["accessors"][0]["count"] = 3 * len(FACES)
    document["bufferViews"][0]["byteLength"] = document["buffers"][0]["byteLength"] = len(points)
    return packed(document, points)


def _in_base64(document: dict) -> None:
    document["buffers"][0]["uri"] = (
        "data:application/octet-stream;base64," + base64.b64encode(BINARY).decode()
    )


def _null_everywhere(document: dict) -> None:
    document.update(animations=None, extensionsRequired=None, skins=None, scene=None)
    document["nodes"][0].update(matrix=None, rotation=None, children=None, scale=None, skin=None)
    document["meshes"][0]["primitives"][0].update(mode=None, material=None, targets=None)
    document["accessors"][0].update(byteOffset=None, normalized=None, sparse=None)
    document["bufferViews"][0].update(byteOffset=None, byteStride=None)
    document["buffers"][0].update(uri=None)


def _required(*names: str) -> bytes:
    return changed(lambda document: document.update(extensionsRequired=list(names)))


READ = {
    "plain": PLAIN,
    "points as shorts, normalized": _quantized(_I2, 32767),
    "points as unsigned shorts in a node": scene(
        np.round((VERTICES + _SPAN) * 1000),
        _U2,
        FACES.ravel(),
        _nodes=[{"mesh": 0, "scale": [0.001] * 3, "translation": [-float(_SPAN)] * 3}],
        _extensionsRequired=["KHR_mesh_quantization"],
    ),
    "indices in bytes, rows with gaps": scene(VERTICES, _F4, FACES.ravel(), indices=_U1),
    "indices in words of four bytes": scene(VERTICES, _F4, FACES.ravel(), indices=_U4),
    "without indices": (
        _without_indices(),
        (f"{3 * len(FACES) - len(VERTICES)} vertices on the same spot as another were merged.",),
    ),
    "strip": scene(VERTICES, _F4, _strip(), mode=5),
    "fans": (
        _fans(),
        (
            f"The {len(_QUADS)} parts of the scene were joined.",
            f"{sum(map(len, _QUADS)) - len(VERTICES)} vertices on the same spot as another were merged.",
        ),
    ),
    "sparse": _sparse(),
    "nested nodes, mirrored": _nested(),
    "a buffer in base64": changed(_in_base64),
    "fields that are null": changed(_null_everywhere),
    "without a scene": changed(lambda document: [document.pop(key) for key in ("scene", "scenes")]),
    "extensions of materials": _required("KHR_materials_unlit", "KHR_texture_transform", "EXT_texture_webp"),
    "a chunk of its own": packed(DOCUMENT, more=struct.pack("<I4s", 4, b"XTRA") + b"more"),
    "lines and points beside": changed(
        lambda document: document["meshes"][0]["primitives"].extend(
            {"attributes": {"POSITION": 0}, "mode": mode} for mode in range(4)
        )
    ),
}


def _at(*path: str | int, value: object) -> bytes:
    """The plain file with one field changed."""

    def change(document: dict) -> None:
        place = document
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return changed(change)


REFUSED = {
    "Draco": (_required("KHR_draco_mesh_compression"), "mesh_compressed", "(KHR_draco_mesh_compression)"),
    "meshopt": (_required("EXT_meshopt_compression"), "mesh_compressed", "(EXT_meshopt_compression)"),
    "an extension of its own": (
        _required("ACME_voxels"),
        "mesh_extension",
        "needs the extension ACME_voxels,",
    ),
    "instances": (_required("EXT_mesh_gpu_instancing"), "mesh_extension", "EXT_mesh_gpu_instancing"),
    "meshopt without its fallback": (
        changed(
            lambda document: (
                document["buffers"].append({"byteLength": 99}),
                document["bufferViews"][0].update(buffer=1, extensions={"EXT_meshopt_compression": {}}),
            )
        ),
        "mesh_compressed",
        "(EXT_meshopt_compression)",
    ),
    "another file": (_at("buffers", 0, "uri", value="points.bin"), "mesh_outside_file", "never fetched"),
    "glTF 1": (packed(DOCUMENT, version=1), "mesh_unreadable", "GLB of version 1 is not read"),
    "cut": (PLAIN[:-100], "mesh_truncated", f"announces {len(PLAIN):,} bytes, but the file holds"),
    "cut in its head": (PLAIN[:16], "mesh_truncated", "but the file holds 16"),
    "broken JSON": (PLAIN[:20] + b"%" + PLAIN[21:], "mesh_unreadable", "its JSON cannot be read at byte 20"),
    "a list for its JSON": (packed([DOCUMENT]), "mesh_unreadable", "its JSON is no object"),  # type: ignore[arg-type]
    "a view too short": (
        _at("bufferViews", 0, "byteLength", value=60),
        "mesh_unreadable",
        "accessors[0] ends at byte",
    ),
    "a view behind the end": (
        _at("bufferViews", 1, "byteOffset", value=10**9),
        "mesh_unreadable",
        "accessors[1] ends",
    ),
    "endless zeros": (
        changed(lambda document: document["accessors"][0].update(bufferView=None, count=10**12)),
        "mesh_unreadable",
        "accessors[0].count should be",
    ),
    "a word for a number": (
        _at("nodes", 0, "mesh", value="0"),
        "mesh_unreadable",
        "nodes[0].mesh should be a whole",
    ),
    "an accessor that is not there": (
        _at("meshes", 0, "primitives", 0, "indices", value=7),
        "mesh_unreadable",
        "primitives[0].indices should be",
    ),
    "null among nodes": (_at("nodes", 0, value=None), "mesh_unreadable", "nodes should be a list of objects"),
    "no accessors": (
        _at("accessors", value=None),
        "mesh_unreadable",
        "names one of accessors, of which there are",
    ),
    "a type of its own": (
        _at("accessors", 0, "componentType", value=5124),
        "mesh_unreadable",
        "componentType should",
    ),
    "points in pairs": (
        _at("accessors", 0, "type", value="VEC2"),
        "mesh_unreadable",
        "accessors[0].type should be",
    ),
    "a matrix of twelve": (
        _at("nodes", 0, "matrix", value=[1] * 12),
        "mesh_unreadable",
        "a list of 16 numbers",
    ),
    "a node below itself": (
        _at("nodes", 0, "children", value=[0]),
        "mesh_unreadable",
        "nodes[0] stands in its scene",
    ),
    "a node that is not there": (_at("scenes", 0, "nodes", value=[5]), "mesh_unreadable", "names node 5"),
    "a vertex that is not there": (
        packed(DOCUMENT, BINARY[:-4] + b"\xff\0\0\0"),
        "mesh_bad_index",
        "primitives[0]: a face names vertex 255",
    ),
    "no bytes": (packed(DOCUMENT, b""), "mesh_unreadable", "buffers[0] has no bytes in the file"),
    "points alone": (_at("meshes", 0, "primitives", 0, "mode", value=0), "mesh_no_triangles", "no triangles"),
}
