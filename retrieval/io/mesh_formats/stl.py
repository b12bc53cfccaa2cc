"""STL, binary and ASCII."""

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

from common.file_heads import utf8_of
from retrieval.errors import BadMesh
from retrieval.io.counted import left_out
from retrieval.io.mesh_formats.soup import Soup, corner_soup
from retrieval.io.mesh_parts.numbers import number_rows
from retrieval.io.mesh_parts.text import COPY_AGAIN, bad_line, line_at, text_of

_HEADER = 84
_TRIANGLE = np.dtype([("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_VERTEX = re.compile(rb"\bvertex\s+(\S+)\s+(\S+)\s+(\S+)", re.IGNORECASE)
_FACET = re.compile(rb"\bfacet\b.*?\bendfacet\b", re.IGNORECASE | re.DOTALL)
_FACET_END = re.compile(rb"\bendfacet\b", re.IGNORECASE)
_PIECE = 8 << 20


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of a binary or an ASCII STL. Raises BadMesh (mesh_truncated, mesh_unreadable)."""
    # Many binary files begin with "solid" too, but hold zero bytes.
    head = utf8_of(data[:2048])
    is_text = head.lstrip().lower().startswith(b"solid") and b"\0" not in head
    return _read_ascii(text_of(data), name) if is_text else _read_binary(data, name)


def _count(data: bytes) -> int:
    return int.from_bytes(data[80:84], "little")


def _read_binary(data: bytes, name: str) -> Soup:
    """Triangles of a binary STL.

    Bytes after the last triangle are left out, and said so. Raises BadMesh (mesh_truncated)
    when the header announces more triangles than the data holds, and (mesh_unreadable) when it has none.
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
    if there and not count:
        raise BadMesh(
            f"{name}: the STL header announces 0 triangles, but the file holds {there:,}",
            hint="The program that wrote it did not finish. Export it again.",
            code="mesh_unreadable",
        )
    extra = len(data) - _HEADER - count * _TRIANGLE.itemsize
    notes = [left_out(extra, "byte", "bytes", " after the last triangle")] if extra else []
    return corner_soup(np.frombuffer(data, _TRIANGLE, count, _HEADER)["corners"], notes)


def _read_ascii(text: bytes, name: str) -> Soup:
    """Triangles of an ASCII STL; the solids of the file are joined.

    Raises BadMesh (mesh_truncated, mesh_unreadable), with the line.
    """
    solids = text.lower().count(b"endsolid")
    if not solids:
        raise _ends_early(text, name)
    pieces = [_plain_corners(text[start:stop]) for start, stop in _pieces(text)]
    if any(piece is None for piece in pieces):
        _check_facets(text, name)
        pieces = [_odd_corners(text, start, stop, name) for start, stop in _pieces(text)]
    notes = [f"The {solids} solids of the file were joined."] if solids > 1 else []
    return corner_soup(np.concatenate([np.empty((0, 3, 3)), *pieces]), notes)


def _pieces(text: bytes) -> Iterator[tuple[int, int]]:
    """Where to cut a text behind facets: a list of all its words would fill a worker."""
    start = 0
    while start < len(text):
        facet_end = _FACET_END.search(text, start + _PIECE)
        stop = facet_end.end() if facet_end else len(text)
        yield start, stop
        start = stop


def _plain_corners(text: bytes) -> np.ndarray | None:
    """(F, 3, 3) corners of a text as most are, each facet's three vertices on a line each; else None."""
    text = text.lower()
    for word in (b"facet", b"outer", b"end", b"solid"):
        text = text.replace(word, b"#" + word)  # nothing of these lines is wanted
    try:
        rows = number_rows(text.replace(b"vertex", b""), name="")
    except BadMesh:
        return None
    facets, lines = text.count(b"#end#facet"), rows.lines
    each_three = len(rows) == 3 * facets and bool((np.diff(rows.starts) == 3).all())
    if not each_three or (np.diff(lines.reshape(-1, 3), axis=1) != 1).any():
        return None
    return rows.values.reshape(-1, 3, 3)


def _odd_corners(text: bytes, start: int, stop: int, name: str) -> np.ndarray:
    """(F, 3, 3) corners between two places of a text, wherever its lines end."""
    words = [word for found in _VERTEX.findall(text, start, stop) for word in found]

    def line_of(nth: int) -> int:
        """One word is on each line; three are a vertex of the file."""
        vertex = next(islice(_VERTEX.finditer(text, start), (nth - 1) // 3, None))
        return line_at(text, vertex.start((nth - 1) % 3 + 1))

    rows = number_rows(b"\n".join(words), name=name, line_of=line_of)
    if len(rows.values) != len(words) or len(words) % 9:
        raise _ends_early(text, name)
    return rows.values.reshape(-1, 3, 3)


def _check_facets(text: bytes, name: str) -> None:
    """Refuse the first facet that has other than three corners, or one that has no end."""
    end = 0
    for facet in _FACET.finditer(text):
        corners = len(_VERTEX.findall(facet.group()))
        if corners != 3:
            what = f"a facet has {corners} corners, and not three"
            raise bad_line(name, line_at(text, facet.start()), what, "Export the mesh as triangles.")
        end = facet.end()
    if _VERTEX.search(text, end):
        raise _ends_early(text, name)


def _ends_early(text: bytes, name: str) -> BadMesh:
    line = line_at(text.rstrip(), len(text))
    what = f"{name}: the ASCII STL ends at line {line:,}, before its last solid does"
    return BadMesh(what, hint=COPY_AGAIN, code="mesh_truncated")
