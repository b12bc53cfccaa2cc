"""Wavefront OBJ."""

from tests.retrieval.io.dialects import FACES, ROWS, VERTICES, text, two_triangles_as_quads

_V = [f"v {row}" for row in ROWS]
_F = [f"f {a} {b} {c}" for a, b, c in FACES + 1]
PLAIN = text(*_V, *_F)
_FIRST_FACE = len(_V) + 1

READ = {
    "plain": PLAIN,
    "faces of the first versions": text(*_V, *[row.replace("f ", "fo ") for row in _F]),
    "faces of the first versions, counted back": text(
        *_V, *[f"fo {a} {b} {c}" for a, b, c in FACES - len(VERTICES)]
    ),
    "carriage returns": text(*_V, *_F, end="\r"),
    "carriage returns and newlines": text("# by hand", "mtllib gone.mtl", *_V, *_F, end="\r\n"),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + PLAIN,
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.decode().encode("utf-16-be"),
    "UTF-32": PLAIN.decode().encode("utf-32"),
    "UTF-32, big end first": b"\0\0\xfe\xff" + PLAIN.decode().encode("utf-32-be"),
    "UTF-32 without a mark": PLAIN.decode().encode("utf-32-le"),
    "a vertex of no triangle that is no number": text(*_V, "v 1.#QNAN 0 -1.#IND", *_F),
    "a long head of comments": b"# exported by hand, on a day in May\n" * 2000 + PLAIN,
    "UTF-16 without a mark": PLAIN.decode().encode("utf-16-be"),
    "UTF-16 and carriage returns": text(*_V, *_F, end="\r").decode().encode("utf-16"),
    "colours": text(*[row + " 0.5 0.5 0.5" for row in _V], *_F),
    "weights": text(*[row + " 1.0" for row in _V], *_F),
    "textures and normals": text(
        *_V, "vt 0 0", "vn 0 0 1", *[f"f {a}/1/1 {b}/1/1 {c}/1/1" for a, b, c in FACES + 1]
    ),
    "normals alone": text(*_V, "vn 0 0 1", *[f"f {a}//1 {b}//1 {c}//1" for a, b, c in FACES + 1]),
    "counted back": text(*_V, *[f"f {a} {b} {c}" for a, b, c in FACES - len(VERTICES)]),
    "counted back, with textures": text(
        *_V, *[f"f {a}/-1/-1 {b}/-1/-1 {c}/-1/-1" for a, b, c in FACES - len(VERTICES)]
    ),
    "counted back as vertices come": (
        text(*[line for at in FACES for line in (*(_V[i] for i in at), "f -3 -2 -1")]),
        (f"{3 * len(FACES) - len(VERTICES)} vertices on the same spot as another were merged.",),
    ),
    "quads and triangles": text(
        *_V, *["f " + " ".join(str(i + 1) for i in p) for p in two_triangles_as_quads()]
    ),
    "lines that go on": text(*[" \\\n".join(row.rsplit(" ", 1)) for row in _V], *_F),
    "lines that go on, carriage returns": text(*_V, *[row.replace(" ", " \\\r", 2) for row in _F], end="\r"),
    "comments behind numbers": text(*[row + " # x" for row in _V], *[row + "#y" for row in _F]),
    "groups and materials": text("o block", "g front", *_V, "usemtl wood", "s off", *_F, "l 1 2", "p 1"),
    "exponents": text(*[f"v {x:.6e} {y:+.6E} {z:.6e}" for x, y, z in VERTICES], *_F),
    "blanks before and between": text(
        *["  " + row.replace(" ", "\t ") for row in _V], *["\t" + row for row in _F]
    ),
}

REFUSED = {
    "a word": (text(*_V[:3], "v 1 2 x", *_V[4:], *_F), "mesh_unreadable", "line 4: 'x' is not a number"),
    "a word in a face": (
        text(*_V, *_F[:5], "f 1 two 3", *_F[6:]),
        "mesh_unreadable",
        f"line {_FIRST_FACE + 5}: 'two'",
    ),
    "decimal commas": (
        text(*[row.replace(".", ",") for row in _V], *_F),
        "mesh_decimal_comma",
        "decimal comma",
    ),
    "a short vertex": (
        text(*_V[:2], "v 1 2", *_V[3:], *_F),
        "mesh_unreadable",
        "line 3: a vertex has fewer than",
    ),
    "an empty vertex": (
        text(*_V[:2], "v  # x", *_V[3:], *_F),
        "mesh_unreadable",
        "line 3: a vertex or a face has no",
    ),
    "a vertex that is not there": (
        text(*_V, *_F[:-1], "f 1 2 999"),
        "mesh_bad_index",
        f"line {len(_V) + len(_F)}: a face names vertex 999",
    ),
    "counted from nothing": (
        text(*_V, "f 0 1 2", *_F),
        "mesh_bad_index",
        f"line {_FIRST_FACE}: a face names vertex 0",
    ),
    "counted back too far": (text(*_V, *_F, "f -1 -2 -999"), "mesh_bad_index", "vertex -999"),
    "no faces": (text(*_V), "mesh_no_triangles", "no triangles"),
}
