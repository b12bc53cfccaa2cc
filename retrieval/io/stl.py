"""STL, binary and ASCII."""

import re

import numpy as np

from retrieval.errors import BadMesh

_HEADER = 84
_TRIANGLE = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_VERTEX = re.compile(rb"^[ \t]*vertex[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)
_ASCII_MARKS = re.compile(rb"\bfacet\b|\bendsolid\b", re.IGNORECASE)


def is_ascii_stl(data: bytes) -> bool:
    """Whether STL data is text. Many binary files begin with "solid" too, so content decides."""
    if not data[:512].lstrip().lower().startswith(b"solid"):
        return False
    if b"\0" in data[:1024]:
        return False
    return _ASCII_MARKS.search(data[:4096]) is not None or not _count_fits(data)


def is_binary_stl(data: bytes) -> bool:
    """Whether the triangle count of a binary STL header agrees with the length of the data."""
    return _count_fits(data)


def _count_fits(data: bytes) -> bool:
    return len(data) >= _HEADER and _HEADER + _TRIANGLE.itemsize * _count(data) <= len(data)


def _count(data: bytes) -> int:
    return int.from_bytes(data[80:84], "little")


def read_binary_stl(data: bytes, *, name: str) -> tuple[np.ndarray, list[str]]:
    """Corners (F, 3, 3) float32 of a binary STL, and what was odd about it.

    Bytes after the last triangle are left out, and said so. Raises BadMesh (mesh_truncated)
    when the header announces more triangles than the data holds.
    """
    if len(data) < _HEADER:
        raise BadMesh(
            f"{name}: the file ends inside the STL header ({len(data)} bytes of {_HEADER})",
            hint="Export or copy the file again.",
            code="mesh_truncated",
        )
    count = _count(data)
    there = (len(data) - _HEADER) // _TRIANGLE.itemsize
    if there < count:
        raise BadMesh(
            f"{name}: the STL header announces {count:,} triangles, but the file holds {there:,}",
            hint="The file was cut short. Copy or export it again.",
            code="mesh_truncated",
        )
    extra = len(data) - _HEADER - count * _TRIANGLE.itemsize
    notes = [f"{extra:,} bytes after the last triangle were left out."] if extra else []
    return np.frombuffer(data, _TRIANGLE, count, _HEADER)["corners"], notes


def read_ascii_stl(data: bytes, *, name: str) -> tuple[np.ndarray, list[str]]:
    """Corners (F, 3, 3) float32 of an ASCII STL; the solids of the file are joined."""
    numbers = [number for vertex in _VERTEX.findall(data) for number in vertex]
    try:
        corners = np.array(numbers, dtype=np.float32).reshape(-1, 3)
    except ValueError as error:
        raise BadMesh(
            f"{name}: a vertex of the ASCII STL is not a number",
            hint="Export it again, best as binary STL.",
            code="mesh_unreadable",
        ) from error
    if len(corners) % 3:
        raise BadMesh(
            f"{name}: the ASCII STL ends inside a triangle",
            hint="The file was cut short. Copy or export it again.",
            code="mesh_truncated",
        )
    solids = len(re.findall(rb"^[ \t]*endsolid\b", data, re.MULTILINE | re.IGNORECASE))
    notes = [f"{solids} solids of the file were joined."] if solids > 1 else []
    return corners.reshape(-1, 3, 3), notes
