"""Wavefront OBJ: its vertices and faces. Materials and textures are never looked for."""

import re

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.soup import Soup, fans

_LINE = re.compile(rb"^[ \t]*(v|f)[ \t]+([^\r\n#]*)", re.MULTILINE)
_REST_OF_CORNER = re.compile(rb"/\S*")


def looks_like_obj(data: bytes) -> bool:
    """Whether the data is text with vertex lines near its beginning."""
    start = data[:65536]
    return b"\0" not in start and re.search(rb"^[ \t]*v[ \t]+[-+.\d]", start, re.MULTILINE) is not None


def read_obj(data: bytes, *, name: str) -> Soup:
    """Triangles of an OBJ file; quads and polygons are split, negative indices resolved.

    Raises BadMesh (mesh_unreadable) for a line that is no vertex or face.
    """
    lines = _LINE.findall(data.replace(b"\\\r\n", b" ").replace(b"\\\n", b" "))
    vertices = [rest for kind, rest in lines if kind == b"v"]
    try:
        return Soup(_coordinates(vertices), _faces(lines))
    except ValueError as error:
        raise BadMesh(
            f"{name}: a line of the OBJ file is no vertex or face",
            hint="Export it again, best as binary STL.",
            code="mesh_unreadable",
        ) from error


def _coordinates(vertices: list[bytes]) -> np.ndarray:
    # Colours or a weight may follow the three numbers of a vertex.
    rows = [vertex.split(maxsplit=3)[:3] for vertex in vertices]
    return np.array(rows, dtype="S").astype(np.float64).reshape(-1, 3)


def _faces(lines: list[tuple[bytes, bytes]]) -> np.ndarray:
    faces = [_REST_OF_CORNER.sub(b"", rest) for kind, rest in lines if kind == b"f"]
    corners = [face.split() for face in faces]
    plain = all(len(face) == 3 for face in corners) and not any(b"-" in face for face in faces)
    if plain:
        return np.array(corners, dtype="S").astype(np.int64).reshape(-1, 3) - 1
    return fans(_resolved(lines))


def _resolved(lines: list[tuple[bytes, bytes]]):
    """Each polygon's corners from 0; a negative index counts back from the vertices so far."""
    so_far = 0
    for kind, rest in lines:
        if kind == b"v":
            so_far += 1
        else:
            indices = [int(corner) for corner in _REST_OF_CORNER.sub(b"", rest).split()]
            yield [index - 1 if index > 0 else (so_far + index if index < 0 else -1) for index in indices]
