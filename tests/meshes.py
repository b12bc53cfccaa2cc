"""Small carved reliefs of the same made-up characters as ``pictures``, and files of them.

Each format is written here by hand, so that no reader is tested against its own writer.
"""

import json
import struct

import numpy as np

from tests.pictures import glyph


def relief(
    seed: int, cells: int = 64, *, mirrored: bool = True, tilt: float = 0.0, scale: float = 10.0
) -> tuple[np.ndarray, np.ndarray]:
    """A block with character ``seed`` raised on it: 2 * cells**2 triangles.

    Args:
        mirrored: whether it is carved as blocks are, to print the right way round.
        tilt: radians that the whole block is turned out of its plane.
        scale: side of the block, in whatever unit.

    Returns:
        vertices: (V, 3) float64. faces: (F, 3) int32, counter-clockwise from the front (+z at tilt 0).
    """
    ink = glyph(seed, cells + 1)
    ink = ink[:, ::-1] if mirrored else ink
    y, x = np.mgrid[: cells + 1, : cells + 1] / cells
    points = np.stack([x, 1 - y, 0.08 * ink], -1).reshape(-1, 3) - [0.5, 0.5, 0.0]
    turn = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    at = np.arange((cells + 1) ** 2).reshape(cells + 1, cells + 1)
    a, b, c, d = (part.ravel() for part in (at[:-1, :-1], at[:-1, 1:], at[1:, :-1], at[1:, 1:]))
    faces = np.concatenate([np.stack([a, c, b], -1), np.stack([b, c, d], -1)])
    return scale * points @ turn.T, faces.astype(np.int32)


def stl(vertices: np.ndarray, faces: np.ndarray, *, header: bytes = b"", tail: bytes = b"") -> bytes:
    """A binary STL file with zero normals; ``tail`` comes after its triangles."""
    triangles = np.zeros(len(faces), [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
    triangles["corners"] = vertices[faces]
    return header.ljust(80, b"\0")[:80] + struct.pack("<I", len(faces)) + triangles.tobytes() + tail


def stl_ascii(vertices: np.ndarray, faces: np.ndarray, *, name: str = "block") -> bytes:
    """An ASCII STL file of one solid."""
    lines = [f"solid {name}"]
    for corners in vertices[faces]:
        lines += ["facet normal 0 0 0", "outer loop"]
        lines += [f"vertex {x:.6g} {y:.6g} {z:.6g}" for x, y, z in corners]
        lines += ["endloop", "endfacet"]
    return "\n".join([*lines, f"endsolid {name}", ""]).encode()


def obj(vertices: np.ndarray, faces: np.ndarray) -> bytes:
    """An OBJ file that asks for an MTL file which is not there."""
    lines = ["mtllib missing.mtl", "usemtl wood"]
    lines += [f"v {x:.6g} {y:.6g} {z:.6g}" for x, y, z in vertices]
    lines += [f"f {a} {b} {c}" for a, b, c in faces + 1]
    return "\n".join([*lines, ""]).encode()


def ply(vertices: np.ndarray, faces: np.ndarray) -> bytes:
    """A binary little-endian PLY file."""
    header = (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {len(vertices)}\n"
        "property float x\nproperty float y\nproperty float z\n"
        f"element face {len(faces)}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    rows = np.zeros(len(faces), [("count", "u1"), ("corners", "<i4", 3)])
    rows["count"], rows["corners"] = 3, faces
    return header.encode() + vertices.astype("<f4").tobytes() + rows.tobytes()


def off(vertices: np.ndarray, faces: np.ndarray) -> bytes:
    """An OFF file."""
    lines = ["OFF", f"{len(vertices)} {len(faces)} 0"]
    lines += [f"{x:.6g} {y:.6g} {z:.6g}" for x, y, z in vertices]
    lines += [f"3 {a} {b} {c}" for a, b, c in faces]
    return "\n".join([*lines, ""]).encode()


def glb(vertices: np.ndarray, faces: np.ndarray) -> bytes:
    """A GLB file of one mesh in one scene."""
    points, corners = vertices.astype("<f4"), faces.astype("<u4")
    binary = points.tobytes() + corners.tobytes()
    low, high = points.min(0).tolist(), points.max(0).tolist()
    values = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": 5126,
                "count": len(points),
                "type": "VEC3",
                "min": low,
                "max": high,
            },
            {"bufferView": 1, "componentType": 5125, "count": corners.size, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": points.nbytes},
            {"buffer": 0, "byteOffset": points.nbytes, "byteLength": corners.nbytes},
        ],
        "buffers": [{"byteLength": len(binary)}],
    }
    text = json.dumps(values).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(binary)
    return (
        struct.pack("<4sII", b"glTF", 2, total)
        + struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(binary), b"BIN\0")
        + binary
    )


WRITERS = {"stl": stl, "obj": obj, "ply": ply, "off": off, "glb": glb}


def block(seed: int, kind: str = "stl", cells: int = 64, *, mirrored: bool = True) -> bytes:
    """A file of the block of character ``seed``: ``kind`` is stl, obj, ply, off or glb."""
    return WRITERS[kind](*relief(seed, cells, mirrored=mirrored))


def with_nan(seed: int = 0, *, share: float = 0.5) -> bytes:
    """A binary STL file, so large a share of whose corners, but at least one, are not numbers."""
    vertices, faces = relief(seed, 8)
    vertices[: max(1, int(share * len(vertices)))] = np.nan
    return stl(vertices, faces)


def without_triangles() -> bytes:
    """A whole binary STL file of no triangles."""
    return stl(np.zeros((0, 3)), np.zeros((0, 3), np.int32))


def one_triangle() -> bytes:
    """A binary STL file of a single triangle."""
    return stl(np.eye(3), np.array([[0, 1, 2]], np.int32))
