"""STL, binary and ASCII."""

import numpy as np

from tests import meshes
from tests.retrieval.io.dialects import FACES, VERTICES, text

BINARY, ASCII = meshes.stl(VERTICES, FACES), meshes.stl_ascii(VERTICES, FACES)
_LINES = ASCII.decode().splitlines()
_UTM = np.array([584_000.0, 2_324_000.0, 12.0])

READ = {
    "binary": BINARY,
    "binary that begins with solid": meshes.stl(VERTICES, FACES, header=b"solid block"),
    "bytes after its triangles": (
        meshes.stl(VERTICES, FACES, tail=b"painted by"),
        ("10 bytes after the last triangle were left out.",),
    ),
    "ASCII": ASCII,
    "carriage returns": text(*_LINES, end="\r"),
    "carriage returns and newlines": text(*_LINES, end="\r\n"),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + ASCII,
    "UTF-16": ASCII.decode().encode("utf-16"),
    "UTF-32": ASCII.decode().encode("utf-32"),
    "UTF-16 without a mark": ASCII.decode().encode("utf-16-le"),
    "upper case": ASCII.upper(),
    "vertices wrapped": text(*[line.replace(" ", "\n") if line[:6] == "vertex" else line for line in _LINES]),
    "all on one line": text(" ".join(_LINES)),
    "exponents": ASCII.replace(b"facet normal 0 0 0", b"facet normal 0.0e+00 0 1E0"),
    "two solids": (
        text(*_LINES[: 1 + 7 * 36], "endsolid", "solid two", *_LINES[1 + 7 * 36 :]),
        ("The 2 solids of the file were joined.",),
    ),
}

_WORD = _LINES.index(next(line for line in _LINES[200:] if line.startswith("vertex")), 200)
_WRONG = _LINES[_WORD].rsplit(" ", 1)[0] + " x"
_FOUR = _LINES.index("endloop", 300)
REFUSED = {
    "a word": (
        text(*_LINES[:_WORD], _WRONG, *_LINES[_WORD + 1 :]),
        "mesh_unreadable",
        f"line {_WORD + 1}: 'x' is",
    ),
    "decimal commas": (ASCII.replace(b".", b","), "mesh_decimal_comma", "has a decimal comma"),
    "four corners": (
        text(*_LINES[:_FOUR], _LINES[_FOUR - 1], *_LINES[_FOUR:]),
        "mesh_unreadable",
        f"line {_FOUR - 4}: a facet has 4 corners",
    ),
    "facets of two and of four corners": (
        text(*_LINES[:4], *_LINES[5:_FOUR], _LINES[_FOUR - 1], *_LINES[_FOUR:]),
        "mesh_unreadable",
        "line 2: a facet has 2 corners",
    ),
    "ASCII cut": (ASCII[: len(ASCII) // 2], "mesh_truncated", "the ASCII STL ends at line "),
    "binary cut": (BINARY[:-500], "mesh_truncated", "announces 72 triangles, but the file holds 62"),
    "a header without its count": (
        BINARY[:80] + bytes(4) + BINARY[84:],
        "mesh_unreadable",
        "announces 0 triangles, but the file holds 72",
    ),
    "header cut": (b"from the scanner \x01", "mesh_truncated", "ends inside the STL header"),
    "no triangles": (meshes.without_triangles() + b"x", "mesh_no_triangles", "no triangles"),
    "far from the origin": (
        meshes.stl(VERTICES * 0.002 + _UTM, FACES),
        "mesh_too_far",
        "too far from the origin",
    ),
    "far from the origin, of six digits": (
        meshes.stl_ascii(VERTICES * 0.002 + _UTM, FACES),
        "mesh_too_far",
        "too far from the origin",
    ),
}
