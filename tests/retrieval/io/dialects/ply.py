"""PLY, ASCII and binary."""

import numpy as np

from tests import meshes
from tests.retrieval.io.dialects import (
    FACE_ROWS,
    FACES,
    ROWS,
    VERTICES,
    strips,
    text,
    two_triangles_as_quads,
    wrapped,
)

_VERTEX = [f"element vertex {len(VERTICES)}", "property float x", "property float y", "property float z"]
_FACE = [f"element face {len(FACES)}", "property list uchar int vertex_indices"]
_ASCII = ["ply", "format ascii 1.0"]
_HEAD = [*_ASCII, *_VERTEX, *_FACE, "end_header"]
_STRIPS = strips()
_STRIP_HEAD = [*_VERTEX, "element tristrips 1", "property list int int vertex_indices", "end_header"]
_QUADS = two_triangles_as_quads()
_QUAD_HEAD = [*_VERTEX, f"element face {len(_QUADS)}", _FACE[1], "end_header"]
_NORMALS = [*_VERTEX, "property float nx", "property float ny", "property float nz", "property uchar red"]
_TEXTURED = ["property list uchar float texcoord", "property uchar flag"]
PLAIN = text(*_HEAD, *ROWS, *FACE_ROWS)
BINARY = meshes.ply(VERTICES, FACES)


def _halves() -> list[str]:
    """The faces declared as two elements of one name."""
    half = len(FACES) // 2
    return [f"element face {half}", _FACE[1], f"element face {len(FACES) - half}", _FACE[1]]


def _undeclared(count: int) -> tuple[str, ...]:
    return (f"{count} numbers that the header does not declare were left out.",)


def _bytes(order: str, head: list[str], *parts: bytes, end: str = "\n") -> bytes:
    name = {"<": "little", ">": "big"}[order]
    return text("ply", f"format binary_{name}_endian 1.0", *head, end=end) + b"".join(parts)


def _points(order: str = "<", kind: str = "f4") -> bytes:
    return VERTICES.astype(order + kind).tobytes()


def _polygons(order: str, count: str = "u1", index: str = "i4", behind: bytes = b"") -> bytes:
    return b"".join(
        np.array(len(p), order + count).tobytes() + np.array(p, order + index).tobytes() + behind
        for p in _QUADS
    )


def _triangles(order: str = "<") -> bytes:
    rows = np.zeros(len(FACES), [("count", "u1"), ("corners", order + "i4", 3)])
    rows["count"], rows["corners"] = 3, FACES
    return rows.tobytes()


READ = {
    "plain": PLAIN,
    "names in capitals": text(
        *_ASCII,
        *[h.replace(" x", " X").replace(" y", " Y") for h in _VERTEX],
        *_FACE,
        "end_header",
        *ROWS,
        *FACE_ROWS,
    ),
    "rows with one number more": (
        text(*_HEAD, *[row + " 255" for row in ROWS], *FACE_ROWS),
        _undeclared(len(ROWS)),
    ),
    "faces with three numbers more": (
        text(*_HEAD, *ROWS, *[row + " 9 9 9" for row in FACE_ROWS]),
        _undeclared(3 * len(FACES)),
    ),
    "some rows with a number more": (
        text(*_HEAD, *[row + " 7" * (i % 5 == 0) for i, row in enumerate(ROWS)], *FACE_ROWS),
        _undeclared(-(-len(ROWS) // 5)),
    ),
    "lines after its end": (
        text(*_HEAD, *ROWS, *FACE_ROWS, "1 2 3"),
        ("1 lines after the last row that the header announces were left out.",),
    ),
    "vertices wrapped": text(*_HEAD, *wrapped(ROWS, 7), *FACE_ROWS),
    "one number a line": text(*_HEAD, *wrapped([*ROWS, *FACE_ROWS], 1)),
    "all on one line": text(*_HEAD, " ".join([*ROWS, *FACE_ROWS])),
    "quads wrapped": text(
        *_ASCII, *_QUAD_HEAD, *ROWS, *wrapped([f"{len(p)} {' '.join(map(str, p))}" for p in _QUADS], 9)
    ),
    "carriage returns": text(*_HEAD, *ROWS, *FACE_ROWS, end="\r"),
    "carriage returns and newlines": text(*_HEAD, *ROWS, *FACE_ROWS, end="\r\n"),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + PLAIN,
    "UTF-32": PLAIN.decode().encode("utf-32"),
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "empty lines": text(*_HEAD, "", *ROWS, "", *FACE_ROWS),
    "comments that look like a header": text(
        *_ASCII,
        "comment element vertex 3",
        "obj_info end_header of another",
        *_VERTEX,
        *_FACE,
        "end_header",
        *ROWS,
        *FACE_ROWS,
    ),
    "more columns": text(
        *_ASCII,
        *_NORMALS,
        *_FACE,
        *_TEXTURED,
        "end_header",
        *[row + " 0 0 1 255" for row in ROWS],
        *[row + " 2 0.5 0.5 1" for row in FACE_ROWS],
    ),
    "an element between": text(
        *_ASCII,
        *_VERTEX,
        "element edge 2",
        "property int a",
        "property int b",
        *_FACE,
        "end_header",
        *ROWS,
        "0 1",
        "1 2",
        *FACE_ROWS,
    ),
    "faces before vertices": text(*_ASCII, *_FACE, *_VERTEX, "end_header", *FACE_ROWS, *ROWS),
    "strips": text(*_ASCII, *_STRIP_HEAD, *ROWS, f"{len(_STRIPS)} {' '.join(map(str, _STRIPS))}"),
    "strips wrapped": text(
        *_ASCII, *_STRIP_HEAD, *ROWS, *wrapped([str(len(_STRIPS)), *map(str, _STRIPS)], 9)
    ),
    "binary": BINARY,
    "binary, big end first": _bytes(">", [*_VERTEX, *_FACE, "end_header"], _points(">"), _triangles(">")),
    "binary, carriage returns": _bytes(
        "<", [*_VERTEX, *_FACE, "end_header"], _points(), _triangles(), end="\r"
    ),
    "binary, carriage returns and newlines": _bytes(
        "<", [*_VERTEX, *_FACE, "end_header"], _points(), _triangles(), end="\r\n"
    ),
    "binary, carriage returns before a newline's byte": _bytes(
        "<",
        ["element mark 1", "property uchar ten", *_VERTEX, *_FACE, "end_header"],
        b"\n",
        _points(),
        _triangles(),
        end="\r",
    ),
    "binary quads": _bytes("<", _QUAD_HEAD, _points(), _polygons("<")),
    "binary quads, big end first": _bytes(">", _QUAD_HEAD, _points(">"), _polygons(">")),
    "binary quads with textures": _bytes(
        "<",
        [*_QUAD_HEAD[:-1], *_TEXTURED, "end_header"],
        _points(),
        _polygons("<", behind=b"\2" + np.float32([0.5, 0.5]).tobytes() + b"\1"),
    ),
    "binary quads, long counts": _bytes(
        ">",
        [line.replace("uchar int", "uint ushort") for line in _QUAD_HEAD],
        _points(">"),
        _polygons(">", "u4", "u2"),
    ),
    "binary of doubles": _bytes(
        "<",
        [*[line.replace("float", "double") for line in _VERTEX], *_FACE, "end_header"],
        _points(kind="f8"),
        _triangles(),
    ),
    "binary strips": _bytes("<", _STRIP_HEAD, _points(), np.array([len(_STRIPS), *_STRIPS], "<i4").tobytes()),
    "binary, faces before vertices": _bytes("<", [*_FACE, *_VERTEX, "end_header"], _triangles(), _points()),
}

_FIRST = len(_HEAD) + 1  # the first vertex's line
_FIRST_FACE = _FIRST + len(ROWS)
_CORNER = len(BINARY) - 4  # byte of the last one
REFUSED = {
    "faces twice": (
        text(*_ASCII, *_VERTEX, *_halves(), "end_header", *ROWS, *FACE_ROWS),
        "mesh_unreadable",
        "line 9: this line of the PLY header is not understood: element face",
    ),
    "x twice": (
        text(
            *_ASCII, *_VERTEX, "property float x", *_FACE, "end_header", *[r + " 1" for r in ROWS], *FACE_ROWS
        ),
        "mesh_unreadable",
        "line 7: this line of the PLY header is not understood: property float x",
    ),
    "a short vertex": (
        text(*_HEAD, ROWS[0], "1 2", *ROWS[2:], *FACE_ROWS),
        "mesh_unreadable",
        f"line {_FIRST + 1}: 2 numbers are too few for a row of vertex",
    ),
    "a short face": (
        text(*_HEAD, *ROWS, *FACE_ROWS[:3], "3 1 2", *FACE_ROWS[4:]),
        "mesh_unreadable",
        f"line {_FIRST_FACE + 3}: 3 numbers are too few for a row of face",
    ),
    "a word": (
        text(*_HEAD, "0 zero 0", *ROWS[1:], *FACE_ROWS),
        "mesh_unreadable",
        f"line {_FIRST}: 'zero' is not",
    ),
    "decimal commas": (
        PLAIN.replace(b".", b",").replace(b"1,0\n", b"1.0\n"),
        "mesh_decimal_comma",
        "a decimal comma",
    ),
    "cut": (PLAIN[: len(PLAIN) // 2], "mesh_truncated", "the file ends at line "),
    "a vertex that is not there": (
        text(*_HEAD, *ROWS, *FACE_ROWS[:-1], "3 0 1 999"),
        "mesh_bad_index",
        f"line {_FIRST_FACE + len(FACES) - 1}: a face names vertex 999",
    ),
    "no x": (PLAIN.replace(b"float x", b"float u"), "mesh_unreadable", "no vertices with x, y and z"),
    "lists for coordinates": (
        text(
            *_ASCII,
            _VERTEX[0],
            *_VERTEX[1:3],
            "property list uchar float z",
            *_FACE,
            "end_header",
            *[row.rsplit(" ", 1)[0] + " 0" for row in ROWS],
            *FACE_ROWS,
        ),
        "mesh_unreadable",
        "no vertices with x, y and z",
    ),
    "huge counts of nothing": (
        BINARY.replace(b"face 72\nproperty list uchar int vertex_indices", b"face 72000000000"),
        "mesh_no_triangles",
        "no triangles",
    ),
    "huge counts in ASCII": (
        PLAIN.replace(b"face 72", b"face 72000000000"),
        "mesh_truncated",
        "ends at line",
    ),
    "no end of the header": (
        b"ply\nformat ascii 1.0\n" + b"comment x\n" * 20,
        "mesh_unreadable",
        "no end_header",
    ),
    "no format": (PLAIN.replace(b"format ascii 1.0\n", b""), "mesh_unreadable", "does not say its format"),
    "a format of its own": (
        PLAIN.replace(b"ascii", b"packed"),
        "mesh_unreadable",
        "line 2: this line of the PLY",
    ),
    "a type of its own": (
        PLAIN.replace(b"float y", b"half y"),
        "mesh_unreadable",
        "line 5: this line of the PLY",
    ),
    "rows by a word": (
        PLAIN.replace(b"vertex 49", b"vertex many"),
        "mesh_unreadable",
        "line 3: this line of",
    ),
    "rows below nothing": (
        PLAIN.replace(b"vertex 49", b"vertex -1"),
        "mesh_unreadable",
        "line 3: this line of",
    ),
    "binary cut": (
        BINARY[:-40],
        "mesh_truncated",
        f"ends at byte {len(BINARY) - 40:,}, inside the 72 rows of face",
    ),
    "binary quads cut": (
        _bytes("<", _QUAD_HEAD, _points(), _polygons("<"))[:-40],
        "mesh_truncated",
        "rows of face that begin at byte",
    ),
    "binary, a vertex that is not there": (
        BINARY[:-4] + b"\xff\xff\xff\x7f",
        "mesh_bad_index",
        f"byte {_CORNER:,}: a face names vertex 2,147,483,647",
    ),
    "binary quads, a vertex that is not there": (
        _bytes("<", _QUAD_HEAD, _points(), _polygons("<")[:-4], b"\xff\0\0\0"),
        "mesh_bad_index",
        "vertex 255, but",
    ),
    "a huge list": (
        BINARY.replace(b"list uchar int", b"list int int"),
        "mesh_truncated",
        "inside the 72 rows",
    ),
    "huge counts": (BINARY.replace(b"face 72", b"face 72000000000"), "mesh_truncated", "rows of face"),
    "strips, a vertex that is not there": (
        text(*_ASCII, *_STRIP_HEAD, *ROWS, "4 0 1 2 999"),
        "mesh_bad_index",
        "a face names vertex 999",
    ),
    "points alone": (text(*_ASCII, *_VERTEX, "end_header", *ROWS), "mesh_no_triangles", "no triangles"),
}
