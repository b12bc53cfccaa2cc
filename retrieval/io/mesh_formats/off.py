"""OFF, and its kin with colours, normals or texture coordinates."""

import re

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup, fans, table

_MAGIC = re.compile(rb"\A\s*(?:#[^\n]*\n\s*)*(ST)?C?N?OFF\b[ \t]*(BINARY)?", re.IGNORECASE)
_COMMENT = re.compile(rb"#[^\n]*")


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of an ASCII OFF file; polygons are split.

    Raises BadMesh (mesh_unreadable, mesh_truncated).
    """
    magic = _MAGIC.match(data)
    if magic is None or magic.group(2):
        raise _unreadable(name, "binary OFF is not read" if magic else "it does not begin with OFF")
    lines = [line for line in _COMMENT.sub(b"", data[magic.end() :]).split(b"\n") if line.strip()]
    try:
        vertex_count, face_count = (int(word) for word in lines[0].split()[:2])
        return _read(lines[1:], vertex_count, face_count, name)
    except (ValueError, IndexError) as error:
        raise _unreadable(name, "a line of it is not what it should be") from error


def _read(lines: list[bytes], vertex_count: int, face_count: int, name: str) -> Soup:
    if min(vertex_count, face_count) < 0 or len(lines) < vertex_count + face_count:
        raise BadMesh(
            f"{name}: the OFF header announces {vertex_count:,} vertices and {face_count:,} faces, "
            f"but only {len(lines):,} lines follow",
            hint="The file was cut short. Copy or export it again.",
            code="mesh_truncated",
        )
    vertices, rows = lines[:vertex_count], lines[vertex_count : vertex_count + face_count]
    return Soup(table(vertices, 3), _faces(rows))


def _faces(rows: list[bytes]) -> np.ndarray:
    if (table(rows, 1) == 3).all():
        return table(rows, 4)[:, 1:].astype(np.int64)
    words = (row.split() for row in rows)
    return fans([int(word) for word in face[1 : int(face[0]) + 1]] for face in words)


def _unreadable(name: str, why: str) -> BadMesh:
    return BadMesh(
        f"{name}: the OFF file cannot be read: {why}",
        hint="Export it again, best as binary STL.",
        code="mesh_unreadable",
    )
