"""The mesh that the page's viewer turns: small, upright, and reading as the print does."""

import json
import struct

import fast_simplification
import numpy as np

from retrieval.io.weld import weld
from retrieval.render.frames import placed
from retrieval.render.normals import vertex_normals
from retrieval.types import Mesh, Relief

# Much larger meshes are first thinned on a grid, in a tenth of the time and a fifth of the memory.
_CLUSTER_FROM = 8
_FLOAT, _INDEX = 5126, 5125
_VERTICES, _INDICES = 34962, 34963


def viewer_glb(mesh: Mesh, relief: Relief, *, mirrored: bool, max_faces: int = 20_000) -> bytes:
    """A GLB with normals, in plane coordinates: x right, y up, z to the reader.

    mirrored: whether the block reads mirrored against the print; then x is turned round, and
    the winding with it. A mesh of at most ``max_faces`` triangles is kept as it is.
    The file's asset.extras.units says how many of the mesh's own units one of the plane's is.
    """
    points, faces = placed(mesh, relief.to_plane), mesh.faces
    if len(faces) > max_faces:
        points, faces = _reduced(points, faces, max_faces)
    if mirrored:
        points = points * np.array([-1.0, 1.0, 1.0])
        faces = faces[:, ::-1]
    units = relief.units_per_pixel * relief.height.shape[0] / 2.0
    normals = vertex_normals(points, faces)
    return _glb(points.astype("<f4"), normals.astype("<f4"), faces.astype("<u4"), units)


def _reduced(points: np.ndarray, faces: np.ndarray, max_faces: int) -> tuple[np.ndarray, np.ndarray]:
    if len(faces) > _CLUSTER_FROM * max_faces:
        points, faces = _clustered(points, faces, cells=int(np.sqrt(_CLUSTER_FROM * max_faces / 2)))
    points, faces = fast_simplification.simplify(
        np.ascontiguousarray(points, np.float32),
        np.ascontiguousarray(faces, np.int32),
        target_count=max_faces,
    )
    return points.astype(np.float64), faces


def _clustered(points: np.ndarray, faces: np.ndarray, cells: int) -> tuple[np.ndarray, np.ndarray]:
    """All vertices of one cell of a grid, ``cells`` to a side, become their mean."""
    low, high = points.min(axis=0), points.max(axis=0)
    size = float((high - low).max()) / cells
    distinct, where = weld(np.floor((points - low) / size))
    count = np.bincount(where, minlength=len(distinct))
    means = [np.bincount(where, points[:, axis], len(distinct)) / count for axis in range(3)]
    faces = where[faces]
    a, b, c = faces.T
    return np.column_stack(means), faces[(a != b) & (b != c) & (c != a)]


def _glb(points: np.ndarray, normals: np.ndarray, faces: np.ndarray, units: float) -> bytes:
    parts = [points.tobytes(), normals.tobytes(), faces.tobytes()]
    starts = np.cumsum([0, *(len(part) for part in parts)]).tolist()
    views = [
        {"buffer": 0, "byteOffset": start, "byteLength": len(part), "target": target}
        for part, start, target in zip(parts, starts, (_VERTICES, _VERTICES, _INDICES), strict=False)
    ]
    accessors = [
        {
            "bufferView": 0, "componentType": _FLOAT, "count": len(points), "type": "VEC3",
            "min": points.min(axis=0).tolist(), "max": points.max(axis=0).tolist(),
        },
        {"bufferView": 1, "componentType": _FLOAT, "count": len(points), "type": "VEC3"},
        {"bufferView": 2, "componentType": _INDEX, "count": faces.size, "type": "SCALAR"},
    ]  # fmt: skip
    primitive = {"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2}
    scene = {
        "asset": {"version": "2.0", "generator": "Mocban", "extras": {"units": units}},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [primitive]}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": starts[-1]}],
    }
    text = json.dumps(scene, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(parts)
    return b"".join(
        (
            struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(body)),
            struct.pack("<I4s", len(text), b"JSON"), text,
            struct.pack("<I4s", len(body), b"BIN\0"), body,
        )
    )  # fmt: skip
