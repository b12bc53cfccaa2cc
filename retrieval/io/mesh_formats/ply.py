"""PLY, ASCII and binary: the corners of its faces and strips, whatever else its elements hold."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from common.file_heads import utf8_of
from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup
from retrieval.io.mesh_parts.numbers import NumberRows, number_rows
from retrieval.io.mesh_parts.ply_binary import BinaryColumn, binary_columns
from retrieval.io.mesh_parts.ply_header import PlyHeader, ply_header
from retrieval.io.mesh_parts.polygons import fan_positions, strip_triangles, whole_indices
from retrieval.io.mesh_parts.rows import Tables, refusal, rows_left_out, tables_by_counts, tables_by_lines
from retrieval.io.mesh_parts.text import AGAIN, bad_line

_CORNERS = ("vertex_indices", "vertex_index")
_WANTED = {"vertex": ("x", "y", "z"), "face": _CORNERS, "tristrips": _CORNERS}
_ALL_WANTED = {"x", "y", "z", *_CORNERS}


@dataclass(frozen=True)
class _Column:
    """Numbers of one column. refused: a refusal of the number at a position, for a reason."""

    values: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    refused: Callable[[int, str], BadMesh]


_Columns = dict[str, dict[str, _Column]]


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of a PLY file; polygons and strips are split.

    Raises BadMesh (mesh_unreadable, mesh_truncated, mesh_bad_index), with the line or the byte.
    """
    data = utf8_of(data)
    header = ply_header(data, name=name)
    columns, notes = _binary(data, header, name) if header.order else _ascii(data, header, name)
    axes = [columns.get("vertex", {}).get(axis) for axis in "xyz"]
    if any(axis is None or (axis.sizes != 1).any() for axis in axes):
        raise BadMesh(
            f"{name}: the PLY file has no vertices with x, y and z", hint=AGAIN, code="mesh_unreadable"
        )
    vertices = np.column_stack([axis.values[axis.starts] for axis in axes if axis is not None])
    faces = [_fans(column, len(vertices)) for column in _lists(columns, "face")]
    faces += [_strips(column, len(vertices)) for column in _lists(columns, "tristrips")]
    return Soup(vertices, np.concatenate([np.empty((0, 3), np.int64), *faces]), notes)


def _lists(columns: _Columns, element: str) -> list[_Column]:
    found = columns.get(element, {})
    return [found[key] for key in _CORNERS if key in found][:1]


def _fans(column: _Column, vertices: int) -> np.ndarray:
    positions = fan_positions(column.starts, column.sizes)
    return whole_indices(
        column.values[positions], vertices, lambda at, what: column.refused(int(positions[at]), what)
    )


def _strips(column: _Column, vertices: int) -> np.ndarray:
    found = [np.empty((0, 3), np.int64)]
    for start, size in zip(column.starts.tolist(), column.sizes.tolist(), strict=True):
        strip = column.values[start : start + size]

        def refused(at: tuple[int, ...], what: str, start: int = start) -> BadMesh:
            return column.refused(start + at[0], what)

        whole_indices(np.where(strip == -1, 0, strip), vertices, refused)
        found.append(strip_triangles(strip))
    return np.concatenate(found)


def _binary(data: bytes, header: PlyHeader, name: str) -> tuple[_Columns, tuple[str, ...]]:
    found = binary_columns(data, header, _WANTED, name=name)

    def placed(column: BinaryColumn) -> _Column:
        def refused(position: int, what: str) -> BadMesh:
            reason = f"{name}: byte {column.byte_of(position):,}: {what}"
            return BadMesh(reason, hint=AGAIN, code="mesh_bad_index")

        return _Column(column.values, column.starts, column.sizes, refused)

    return {name: {key: placed(one) for key, one in inner.items()} for name, inner in found.items()}, ()


def _ascii(data: bytes, header: PlyHeader, name: str) -> tuple[_Columns, tuple[str, ...]]:
    rows = number_rows(data[header.begin :], name=name, first_line=header.lines + 1)
    elements = [element for element in header.elements if element.columns]
    found = tables_by_lines(rows, 0, elements, _ALL_WANTED)
    more = len(rows) - sum(element.rows for element in elements)
    if found:
        extra = sum(table.extra for table in found.values())
        undeclared = (f"{extra:,} numbers that the header does not declare were left out.",) if extra else ()
        return _columns(rows, found, name), (*undeclared, *rows_left_out(more))
    found = tables_by_counts(rows.values, 0, elements, _ALL_WANTED)
    if found is None:
        raise refusal(rows, 0, elements, name=name, kind="PLY")
    return _columns(rows, found, name), ()


def _columns(rows: NumberRows, tables: Tables, name: str) -> _Columns:
    def refused(position: int, what: str) -> BadMesh:
        return bad_line(name, rows.line_of(position), what, code="mesh_bad_index")

    return {
        element: {key: _Column(rows.values, *place, refused) for key, place in table.places.items()}
        for element, table in tables.items()
    }
