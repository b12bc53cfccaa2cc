"""Wavefront OBJ: its vertices and faces. Materials and textures are never looked for."""

import re

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup
from retrieval.io.mesh_parts.numbers import NumberRows, number_rows
from retrieval.io.mesh_parts.polygons import fan_positions, whole_indices
from retrieval.io.mesh_parts.text import bad_line, line_at, text_of

# "fo" is what the first versions of the format called a face.
_LINE = re.compile(rb"^[ \t]*(?:(v)|(f)o?)[ \t]", re.MULTILINE)
# Comments are left to the numbers' reader, which knows "1.#QNAN" from one.
_VERTEX = re.compile(rb"^[ \t]*v[ \t]+([^\n]*)", re.MULTILINE)
_FACE = re.compile(rb"^[ \t]*fo?[ \t]+([^\n]*)", re.MULTILINE)
_CONTINUED = re.compile(rb"\\[ \t]*\n")


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of an OBJ file; quads and polygons are split, negative indices resolved.

    Raises BadMesh (mesh_unreadable, mesh_bad_index), with the line.
    """
    text = text_of(data)
    if b"\\" in text:
        text = _CONTINUED.sub(b" ", text)
    # Colours or a weight may follow the three numbers of a vertex.
    vertices = _rows(text, _VERTEX, name)
    short = np.flatnonzero(np.diff(vertices.starts) < 3)
    if len(short):
        raise bad_line(name, _line_of(text, _VERTEX, int(short[0])), "a vertex has fewer than three numbers")
    points = vertices.values[vertices.starts[:-1, None] + np.arange(3)]
    return Soup(points, _faces(text, len(points), name))


def _faces(text: bytes, vertices: int, name: str) -> np.ndarray:
    rows = _rows(text, _FACE, name, corners=True)
    values, sizes = rows.values, np.diff(rows.starts)
    if (values < 0).any():
        values = np.where(values < 0, values + 1 + np.repeat(_vertices_so_far(text), sizes), values)
    positions = fan_positions(rows.starts[:-1], sizes)

    def refused(at: tuple[int, ...], _: str) -> BadMesh:
        value = int(np.searchsorted(rows.starts, positions[at], "right")) - 1
        what = f"a face names vertex {rows.values[positions[at]]:,.12g}, but the file has {vertices:,}"
        return bad_line(name, _line_of(text, _FACE, value), what, code="mesh_bad_index")

    return whole_indices(values[positions] - 1, vertices, refused)


def _rows(text: bytes, pattern: re.Pattern[bytes], name: str, *, corners: bool = False) -> NumberRows:
    """The numbers of all lines of a kind, a row each."""
    found = pattern.findall(text)

    def line_of(nth: int) -> int:
        return _line_of(text, pattern, nth - 1)

    rows = number_rows(b"\n".join(found), name=name, corners=corners, line_of=line_of)
    if len(rows) < len(found):
        empty = next(i for i, rest in enumerate(found) if not rest.split(b"#")[0].strip())
        raise bad_line(name, line_of(empty + 1), "a vertex or a face has no numbers")
    return rows


def _line_of(text: bytes, pattern: re.Pattern[bytes], number: int) -> int:
    """The line of the file that the n-th match of a pattern stands on."""
    for i, found in enumerate(pattern.finditer(text)):
        if i == number:
            return line_at(text, found.start(1))
    return line_at(text, len(text))


def _vertices_so_far(text: bytes) -> np.ndarray:
    """How many vertices stand before each face."""
    is_vertex = np.array([bool(vertex) for vertex, _ in _LINE.findall(text)])
    return np.cumsum(is_vertex)[~is_vertex]
