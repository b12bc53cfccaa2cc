"""Large binary files of triangles, STL and PLY, read from the disk in pieces."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_parts.ply_binary import row_type
from retrieval.io.mesh_parts.ply_header import PlyElement, PlyHeader, ply_header
from retrieval.io.mesh_parts.text import AGAIN, COPY_AGAIN

_STL = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_STL_HEADER, _PLY_HEADER = 84, 1 << 20
_LISTS = ("vertex_indices", "vertex_index")
_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class LargeFile:
    """A file of triangles alone.

    count: how many it has. pieces: gives so many at once, (K, 3, 3) floats, as often as it is called.
    """

    count: int
    pieces: Callable[[int], Iterator[np.ndarray]]


def open_large(path: Path, *, name: str) -> LargeFile | None:
    """A binary STL, or a binary PLY of nothing but triangles; None for any other file.

    name: what messages call it.

    Raises:
        BadMesh: mesh_truncated. While pieces are read also mesh_bad_index.
    """
    with path.open("rb") as file:
        head = file.read(_PLY_HEADER)
    if head.startswith(b"ply"):
        return _ply(path, head, name)
    count = int.from_bytes(head[80:_STL_HEADER], "little")
    if path.stat().st_size != _STL_HEADER + count * _STL.itemsize:
        return None
    return LargeFile(
        count, lambda piece: (part["corners"] for part in _rows(path, _STL, _STL_HEADER, count, piece))
    )


def _ply(path: Path, head: bytes, name: str) -> LargeFile | None:
    header = ply_header(head, name=name)
    vertex, face = _elements(header)
    if vertex is None or face is None:
        return None
    row = row_type(vertex, [1] * len(vertex.columns), header.order)
    triangle = row_type(face, [3 if column.is_list else 1 for column in face.columns], header.order)
    begin = header.begin + vertex.rows * row.itemsize
    if not _is_of_triangles(path, begin, face, triangle):
        return None
    if path.stat().st_size < begin + face.rows * triangle.itemsize:
        raise BadMesh(
            f"{name}: the file ends inside the {face.rows:,} rows of face that begin at byte {begin:,}",
            hint=COPY_AGAIN,
            code="mesh_truncated",
        )
    points = _points(path, vertex, row, header.begin)
    corners = f"values {_list_of(face)}"
    return LargeFile(
        face.rows,
        lambda piece: (
            _corners(points, part[corners], name) for part in _rows(path, triangle, begin, face.rows, piece)
        ),
    )


def _points(path: Path, vertex: PlyElement, row: np.dtype, begin: int) -> np.ndarray:
    """(V, 3) the vertices, as floats no wider than the file's."""
    axes = [f"values {[column.name for column in vertex.columns].index(axis)}" for axis in "xyz"]
    narrow = all(column.kind == "f4" for column in vertex.columns if column.name in ("x", "y", "z"))
    points, done = np.empty((vertex.rows, 3), np.float32 if narrow else np.float64), 0
    for part in _rows(path, row, begin, vertex.rows, _AT_ONCE):
        for place, axis in enumerate(axes):
            points[done : done + len(part), place] = part[axis][:, 0]
        done += len(part)
    return points


def _elements(header: PlyHeader) -> tuple[PlyElement | None, PlyElement | None]:
    """Vertices, and after them faces with one list, of a binary file; None for what is otherwise."""
    first = [element for element in header.elements if element.columns][:2]
    if not header.order or [element.name for element in first] != ["vertex", "face"]:
        return None, None
    vertex, face = first
    plain = not any(column.is_list for column in vertex.columns)
    lists = [column.name for column in face.columns if column.is_list and column.kind[0] in "iu"]
    there = {"x", "y", "z"} <= {column.name for column in vertex.columns}
    fits = plain and there and len(lists) == 1 and lists[0] in _LISTS and vertex.rows and face.rows
    return (vertex, face) if fits else (None, None)


def _list_of(face: PlyElement) -> int:
    return [column.is_list for column in face.columns].index(True)


def _is_of_triangles(path: Path, begin: int, face: PlyElement, triangle: np.dtype) -> bool:
    """Whether all faces that the file still holds have three corners."""
    there = max(0, path.stat().st_size - begin) // triangle.itemsize
    count = f"count {_list_of(face)}"
    whole = _rows(path, triangle, begin, min(face.rows, there), _AT_ONCE)
    return there > 0 and all((part[count] == 3).all() for part in whole)


def _rows(path: Path, row: np.dtype, begin: int, count: int, piece: int) -> Iterator[np.ndarray]:
    with path.open("rb") as file:
        file.seek(begin)
        for start in range(0, count, piece):
            yield np.fromfile(file, row, min(piece, count - start))


def _corners(points: np.ndarray, faces: np.ndarray, name: str) -> np.ndarray:
    if not 0 <= faces.min() <= faces.max() < len(points):
        raise BadMesh(
            f"{name}: a triangle names a vertex that the file does not have",
            hint=AGAIN,
            code="mesh_bad_index",
        )
    return points[faces]
