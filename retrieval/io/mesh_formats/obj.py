"""Wavefront OBJ: its vertices and faces. Materials and textures are never looked for."""

import re

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup, fans, table

_LINE = re.compile(rb"^[ \t]*(v|f)[ \t]+([^\r\n#]*)", re.MULTILINE)
_VERTEX = re.compile(rb"^[ \t]*v[ \t]+([^\r\n#]*)", re.MULTILINE)
_FACE = re.compile(rb"^[ \t]*f[ \t]+([^\r\n#]*)", re.MULTILINE)
_REST_OF_CORNER = re.compile(rb"/\S*")


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of an OBJ file; quads and polygons are split, negative indices resolved.

    Raises BadMesh (mesh_unreadable) for a line that is no vertex or face.
    """
    data = data.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
    try:
        # Colours or a weight may follow the three numbers of a vertex.
        return Soup(table(_VERTEX.findall(data), 3), _faces(data))
    except ValueError as error:
        raise BadMesh(
            f"{name}: a line of the OBJ file is no vertex or face",
            hint="Export it again, best as binary STL.",
            code="mesh_unreadable",
        ) from error


def _faces(data: bytes) -> np.ndarray:
    faces = [_REST_OF_CORNER.sub(b"", face).strip() for face in _FACE.findall(data)]
    if all(len(face.split()) == 3 and b"-" not in face for face in faces):
        return table(faces, 3).astype(np.int64) - 1
    return fans(_resolved(_LINE.findall(data)))


def _resolved(lines: list[tuple[bytes, bytes]]):
    """Each polygon's corners from 0; a negative index counts back from the vertices so far."""
    so_far = 0
    for kind, rest in lines:
        if kind == b"v":
            so_far += 1
        else:
            indices = [int(corner) for corner in _REST_OF_CORNER.sub(b"", rest).split()]
            yield [index - 1 if index > 0 else (so_far + index if index < 0 else -1) for index in indices]
