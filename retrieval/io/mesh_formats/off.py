"""OFF, and its kin with colours, normals, texture coordinates or a fourth coordinate."""

from dataclasses import replace
from itertools import product

import numpy as np

from common.file_heads import OFF_HEAD
from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup
from retrieval.io.mesh_parts.numbers import NumberRows, number_rows
from retrieval.io.mesh_parts.polygons import fan_positions, whole_indices
from retrieval.io.mesh_parts.rows import (
    Column,
    Element,
    refusal,
    rows_left_out,
    tables_by_counts,
    tables_by_lines,
)
from retrieval.io.mesh_parts.text import bad_line, line_at, text_of

_BINARY_HINT = "Export it as ASCII OFF, or as binary STL."
_CORNERS = Column("corners", is_list=True)
_WANTED = ("x", "y", "z", "w", "corners")


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of an ASCII OFF file; polygons are split. Rows may be wrapped over lines.

    Raises BadMesh (mesh_unreadable, mesh_truncated, mesh_bad_index), with the line.
    """
    text = text_of(data)
    begin = len(text) - len(text.lstrip())
    head = OFF_HEAD.match(text, begin)
    if head is None or head.group(2):
        what = "binary OFF is not read" if head else "it does not begin with OFF"
        raise bad_line(name, line_at(text, begin), what, _BINARY_HINT)
    keyword = head.group(1)
    rows = number_rows(text[head.end() :], name=name, first_line=line_at(text, head.end()))
    return _read(rows, keyword, name)


def _read(rows: NumberRows, keyword: bytes, name: str) -> Soup:
    values = rows.values
    place = _dimension(rows, name) if keyword.endswith(b"nOFF") else 0
    counts = values[place : place + 2]
    if len(counts) < 2 or not ((counts >= 0) & (counts < 2**31) & (counts == np.floor(counts))).all():
        raise bad_line(name, rows.line_of(place), "the numbers of vertices and of faces should stand here")
    vertex_count, face_count = map(int, counts)
    first = int(np.searchsorted(rows.starts, place + 2))  # the row after the counts', where these end a line
    vertices = Element("vertices", vertex_count, _axes(keyword))
    elements = (vertices, Element("faces", face_count, (_CORNERS,)))
    found = tables_by_lines(rows, first, elements, _WANTED)
    notes = rows_left_out(len(rows) - first - vertex_count - face_count) if found else ()
    # The number of edges may be left out, where the line shows it.
    lone = int(rows.starts[first]) == place + 2 and np.diff(rows.starts)[first:][:1].tolist() != [1]
    for begin, extra in product((place + 3, place + 2) if lone else (place + 3,), _extras(keyword)):
        more = replace(vertices, columns=vertices.columns + (Column(""),) * extra)
        found = found or tables_by_counts(values, begin, (more, elements[1]), _WANTED)
    if found is None:
        raise refusal(rows, first, elements, name=name, kind="OFF")
    points = np.column_stack([values[starts] for starts, _ in found["vertices"].places.values()])
    if b"4" in keyword:
        points = points[:, :3] / points[:, 3:]
    positions = fan_positions(*found["faces"].places["corners"])

    def refused(at: tuple[int, ...], what: str) -> BadMesh:
        return bad_line(name, rows.line_of(int(positions[at])), what, code="mesh_bad_index")

    return Soup(points, whole_indices(values[positions], vertex_count, refused), notes)


def _axes(keyword: bytes) -> tuple[Column, ...]:
    return tuple(Column(axis) for axis in ("xyzw" if b"4" in keyword else "xyz"))


def _dimension(rows: NumberRows, name: str) -> int:
    """nOFF says before the counts how many coordinates a vertex has."""
    if rows.values[:1].tolist() != [3.0]:
        what = "nOFF with other than three coordinates a vertex is not read"
        raise bad_line(name, rows.line_of(0), what)
    return 1


def _extras(keyword: bytes) -> list[int]:
    """How many numbers may follow a vertex's coordinates, by the keyword; a colour has three, or four."""
    upper = keyword.upper()[:-3]
    others = 3 * (b"N" in upper) + 2 * (b"ST" in upper)
    return [others, *(others + colour for colour in (3, 4) if b"C" in upper)]
