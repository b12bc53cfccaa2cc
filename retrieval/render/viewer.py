"""The mesh that the page's viewer turns: small, upright, and reading as the print does."""

import json
import struct

import fast_simplification
import numpy as np

from retrieval.compiled import compiled
from retrieval.io.weld import weld
from retrieval.render.frames import placed
from retrieval.render.normals import triangle_normal, vertex_normals
from retrieval.types import Mesh, Relief

# Larger meshes are first thinned on a grid to so many times what is wanted, in a tenth of the time.
_FIRST_THINNED_TO = 4
# Collapsing edges takes a hundred rounds, and ends short, where triangles hardly make a surface.
_OPEN_EDGES_ALLOWED = 0.5
# So many triangles wide are the cells that are looked down on: each holds some of the uppermost.
_TRIANGLES_WIDE = 6
_FLOAT, _INDEX = 5126, 5125
_VERTICES, _INDICES = 34962, 34963


def viewer_glb(mesh: Mesh, relief: Relief, *, mirrored: bool, max_faces: int = 20_000) -> bytes:
    """A GLB with normals, in plane coordinates: x right, y up, z to the reader.

    mirrored: whether the block reads mirrored against the print; then x is turned round, and
    the winding with it. A mesh of at most ``max_faces`` triangles is kept as it is, a larger one has at most
    so many. Triangles that were wound the other way are turned over: the side that is read is the front.
    The file's asset.extras.units says how many of the mesh's own units one of the plane's is.
    """
    points, faces = placed(mesh, relief.to_plane), mesh.faces
    if len(faces) > max_faces:
        points, faces = _reduced(points, faces, max_faces)
    shows_back = _shows_back(points, faces)
    if mirrored:
        points = points * np.array([-1.0, 1.0, 1.0])
    if mirrored != shows_back:
        faces = faces[:, ::-1]
    units = relief.units_per_pixel * relief.height.shape[0] / 2.0
    normals = vertex_normals(points, faces)
    return _glb(points.astype("<f4"), normals.astype("<f4"), faces.astype("<u4"), units)


def _shows_back(points: np.ndarray, faces: np.ndarray) -> bool:
    """Whether the reader, who looks down z, sees most triangles from behind."""
    across = max(1, int(np.sqrt(len(faces)) / _TRIANGLES_WIDE))
    return (
        _facing(np.ascontiguousarray(points, np.float64), np.ascontiguousarray(faces, np.int32), across) < 0
    )


@compiled
def _facing(points, faces, across):
    """How many cells of a grid, ``across`` to its longer side, have an uppermost triangle that faces the
    reader, less those whose faces away."""
    centres = np.empty((faces.shape[0], 3))
    for f in range(faces.shape[0]):
        for d in range(3):
            centres[f, d] = (points[faces[f, 0], d] + points[faces[f, 1], d] + points[faces[f, 2], d]) / 3
    left, low = centres[:, 0].min(), centres[:, 1].min()
    longer = max(centres[:, 0].max() - left, centres[:, 1].max() - low)
    size = max(longer, np.finfo(np.float64).tiny) / across
    topmost = np.full((across + 1, across + 1), -1)
    for f in range(faces.shape[0]):
        x, y = int((centres[f, 0] - left) / size), int((centres[f, 1] - low) / size)
        if topmost[x, y] < 0 or centres[f, 2] >= centres[topmost[x, y], 2]:
            topmost[x, y] = f
    normal, facing = np.empty(3), 0.0
    for f in topmost.ravel():
        if f >= 0:
            triangle_normal(points, faces, f, normal)
            facing += np.sign(normal[2])
    return facing


def _reduced(points: np.ndarray, faces: np.ndarray, max_faces: int) -> tuple[np.ndarray, np.ndarray]:
    """At most ``max_faces`` triangles of the same shape."""
    points, faces = _clustered_to(_FIRST_THINNED_TO * max_faces, points, faces)
    if len(faces) > max_faces and _open_edges(faces) <= _OPEN_EDGES_ALLOWED:
        points, faces = fast_simplification.simplify(
            np.ascontiguousarray(points, np.float32),
            np.ascontiguousarray(faces, np.int32),
            target_count=max_faces,
        )
        points = points.astype(np.float64)
    return _clustered_to(max_faces, points, faces)


def _open_edges(faces: np.ndarray) -> float:
    """The share of edges that are not between two triangles."""
    ends = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    _, uses = np.unique(ends[:, 0].astype(np.int64) << 32 | ends[:, 1], return_counts=True)
    return float((uses != 2).mean())


def _clustered_to(most: int, points: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mesh on ever coarser grids, until it has at most ``most`` triangles; as it is where it has."""
    cells = float(np.sqrt(most))
    while len(faces) > most and cells >= 1:
        points, faces = _clustered(points, faces, cells)
        cells *= min(0.9, float(np.sqrt(most / max(1, len(faces)))))
    return points, faces[:most]


def _clustered(points: np.ndarray, faces: np.ndarray, cells: float) -> tuple[np.ndarray, np.ndarray]:
    """All vertices of one cell of a grid, ``cells`` to a side, become their mean."""
    low, high = points.min(axis=0), points.max(axis=0)
    size = float((high - low).max()) / cells
    distinct, where = weld(np.floor((points - low) / size))
    count = np.bincount(where, minlength=len(distinct))
    means = [np.bincount(where, points[:, axis], len(distinct)) / count for axis in range(3)]
    faces = where[faces]
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    return np.column_stack(means), _once(faces, len(distinct))


def _once(faces: np.ndarray, vertices: int) -> np.ndarray:
    """The triangles, each once, whichever way it is wound: three corners fit into one number of 64 bits."""
    a, b, c = np.sort(faces, axis=1).astype(np.uint64).T
    _, firsts = np.unique((a * np.uint64(vertices) + b) * np.uint64(vertices) + c, return_index=True)
    return faces[np.sort(firsts)]


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
