"""A whole face as meshes of few and of many triangles, for the page's viewer."""

import json
import struct

import cv2
import numpy as np

from retrieval.blocks.face import Face
from retrieval.synth.meshes import grid_faces

LEVELS = {"coarse.glb": 60_000, "middle.glb": 400_000, "fine.glb": 1_500_000}
"""Triangles at most, by the file's name: the first is shown at once, the last when somebody looks closely."""
_SHORT, _INDEX = 5122, 5125
_VERTICES, _INDICES = 34962, 34963
_MOST = 32767


def face_levels(face: Face) -> dict[str, bytes]:
    """The face as it prints, as GLB files by their names, each with at most so many triangles.

    In millimetres around the middle of the face, x right, y up, z to the reader. A level that would be finer
    than the face is made as fine as the face.
    """
    return {name: face_glb(face, most) for name, most in LEVELS.items()}


def face_glb(face: Face, most: int) -> bytes:
    """A GLB of a face's heights on a grid, its places as 16-bit numbers (KHR_mesh_quantization).

    most: triangles at most.
    """
    rows, columns = face.height.shape
    shrink = min(1.0, (most / 2 / ((rows - 1) * (columns - 1))) ** 0.5)
    size = max(2, int(columns * shrink)), max(2, int(rows * shrink))
    height = cv2.resize(face.height, size, interpolation=cv2.INTER_AREA)
    inside = cv2.resize(face.inside.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    wide, high = face.size
    x = (np.arange(size[0]) + 0.5) * wide / size[0] - wide / 2
    y = high / 2 - (np.arange(size[1]) + 0.5) * high / size[1]
    grid = np.stack([*np.meshgrid(x, y), height], axis=2).reshape(-1, 3)
    step = float(np.abs(grid).max()) / _MOST or 1.0
    points = np.zeros((len(grid), 4), "<i2")  # each starts at a whole word
    points[:, :3] = np.rint(grid / step)
    faces = grid_faces(size[1], size[0])
    faces = faces[inside.ravel()[faces].all(axis=1)].astype("<u4")
    return _glb(points, faces, step)


def _glb(points: np.ndarray, faces: np.ndarray, step: float) -> bytes:
    body = points.tobytes() + faces.tobytes()
    split = points.nbytes
    low, high = points[:, :3].min(axis=0), points[:, :3].max(axis=0)
    scene = {
        "asset": {"version": "2.0", "generator": "Mocban", "extras": {"units": 1}},
        "extensionsUsed": ["KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "scale": [step] * 3}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0, "componentType": _SHORT, "count": len(points), "type": "VEC3",
                "min": low.tolist(), "max": high.tolist(),
            },
            {"bufferView": 1, "componentType": _INDEX, "count": faces.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": split, "byteStride": 8, "target": _VERTICES},
            {"buffer": 0, "byteOffset": split, "byteLength": len(body) - split, "target": _INDICES},
        ],
        "buffers": [{"byteLength": len(body)}],
    }  # fmt: skip
    text = json.dumps(scene, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return b"".join(
        (
            struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(body)),
            struct.pack("<I4s", len(text), b"JSON"), text,
            struct.pack("<I4s", len(body), b"BIN\0"), body,
        )
    )  # fmt: skip
