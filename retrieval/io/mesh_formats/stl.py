"""STL, binary and ASCII."""

import re

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup, corner_soup

_HEADER = 84
_TRIANGLE = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_VERTEX = re.compile(rb"\bvertex\s+(\S+)\s+(\S+)\s+(\S+)", re.IGNORECASE)
_FACET_END = re.compile(rb"\bendfacet\b", re.IGNORECASE)
_PIECE = 8 << 20
_END = re.compile(rb"\bendsolid\b", re.IGNORECASE)


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of a binary or an ASCII STL. Raises BadMesh (mesh_truncated, mesh_unreadable)."""
    # Many binary files begin with "solid" too, but hold zero bytes.
    is_text = data[:512].lstrip().lower().startswith(b"solid") and b"\0" not in data[:2048]
    return _read_ascii(data, name) if is_text else _read_binary(data, name)


def holds_what_it_announces(data: bytes) -> bool:
    """Whether a binary header announces triangles, and the file is long enough for them."""
    return len(data) >= _HEADER and 0 < _TRIANGLE.itemsize * _count(data) <= len(data) - _HEADER


def _count(data: bytes) -> int:
    return int.from_bytes(data[80:84], "little")


def _read_binary(data: bytes, name: str) -> Soup:
    """Triangles of a binary STL.

    Bytes after the last triangle are left out, and said so. Raises BadMesh (mesh_truncated)
    when the header announces more triangles than the data holds.
    """
    if len(data) < _HEADER:
        raise BadMesh(
            f"{name}: the file ends inside the STL header, after {len(data)} of {_HEADER} bytes",
            hint="The file was cut short. Copy or export it again.",
            code="mesh_truncated",
        )
    count = _count(data)
    there = (len(data) - _HEADER) // _TRIANGLE.itemsize
    if there < count:
        raise BadMesh(
            f"{name}: the STL header announces {count:,} triangles, but the file holds {there:,}",
            hint="The file was cut short, or is no STL file. Copy or export it again.",
            code="mesh_truncated",
        )
    extra = len(data) - _HEADER - count * _TRIANGLE.itemsize
    notes = [f"{extra:,} bytes after the last triangle were left out."] if extra else []
    return corner_soup(np.frombuffer(data, _TRIANGLE, count, _HEADER)["corners"], notes)


def _read_ascii(data: bytes, name: str) -> Soup:
    """Triangles of an ASCII STL; the solids of the file are joined.

    Raises BadMesh (mesh_truncated, mesh_unreadable).
    """
    corners = _ascii_corners(data, name)
    solids = len(_END.findall(data))
    if len(corners) % 3 or not solids:
        raise BadMesh(
            f"{name}: the ASCII STL ends before its last solid does",
            hint="The file was cut short. Copy or export it again.",
            code="mesh_truncated",
        )
    notes = [f"The {solids} solids of the file were joined."] if solids > 1 else []
    return corner_soup(corners.reshape(-1, 3, 3), notes)


def _ascii_corners(data: bytes, name: str) -> np.ndarray:
    """(N, 3) float64 corners, read piece by piece: a list of all their words would fill a worker."""
    pieces, start = [np.empty((0, 3))], 0
    try:
        while start < len(data):
            facet_end = _FACET_END.search(data, start + _PIECE)
            stop = facet_end.end() if facet_end else len(data)
            numbers = [number for vertex in _VERTEX.findall(data, start, stop) for number in vertex]
            pieces.append(np.array(numbers, dtype="S").astype(np.float64).reshape(-1, 3))
            start = stop
    except ValueError as error:
        raise BadMesh(
            f"{name}: a vertex of the ASCII STL is not a number",
            hint="Export it again, best as binary STL.",
            code="mesh_unreadable",
        ) from error
    return np.concatenate(pieces)
