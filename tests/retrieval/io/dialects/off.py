"""OFF."""

from tests.retrieval.io.dialects import COUNTS, FACE_ROWS, ROWS, text, wrapped

PLAIN = text("OFF", COUNTS, *ROWS, *FACE_ROWS)
LEFT_OUT = ("2 lines after the last row that the header announces were left out.",)
_COLOURED = [row + " 255 0 0 255" for row in ROWS]

READ = {
    "plain": PLAIN,
    "counts behind the keyword": text("OFF " + COUNTS, *ROWS, *FACE_ROWS),
    "counts glued to the keyword (ModelNet40)": text("OFF" + COUNTS, *ROWS, *FACE_ROWS),
    "without the number of edges": text("OFF", COUNTS[:-2], *ROWS, *FACE_ROWS),
    "comments": text(
        "# by hand",
        "OFF # x",
        "",
        COUNTS + " # counts",
        "# y",
        *ROWS,
        "",
        *[row + "# z" for row in FACE_ROWS],
    ),
    "vertices wrapped": text("OFF", COUNTS, *wrapped(ROWS, 7), *FACE_ROWS),
    "faces wrapped": text("OFF", COUNTS, *ROWS, *wrapped(FACE_ROWS, 5)),
    "one number a line": text("OFF", *wrapped([COUNTS, *ROWS, *FACE_ROWS], 1)),
    "all on one line": text("OFF", " ".join([COUNTS, *ROWS, *FACE_ROWS])),
    "two vertices a line": text("OFF", COUNTS, *wrapped(ROWS, 6), *FACE_ROWS),
    "carriage returns": text("OFF", COUNTS, *ROWS, *FACE_ROWS, end="\r"),
    "carriage returns and newlines": text("OFF", COUNTS, *ROWS, *FACE_ROWS, end="\r\n"),
    "carriage returns and comments": text("# x", "OFF", "# y", COUNTS, *ROWS, *FACE_ROWS, end="\r"),
    "UTF-8 with its mark": b"\xef\xbb\xbf" + PLAIN,
    "UTF-32": PLAIN.decode().encode("utf-32"),
    "UTF-16": PLAIN.decode().encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.decode().encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.decode().encode("utf-16-le"),
    "lower case": PLAIN.lower(),
    "faces with colours": text("OFF", COUNTS, *ROWS, *[row + " 0.5 0.5 0.5" for row in FACE_ROWS]),
    "COFF": text("COFF", COUNTS, *_COLOURED, *FACE_ROWS),
    "COFF wrapped": text("COFF", COUNTS, *wrapped(_COLOURED, 5), *FACE_ROWS),
    "COFF of three numbers, wrapped": text(
        "COFF", COUNTS, *wrapped([row + " 255 0 0" for row in ROWS], 4), *FACE_ROWS
    ),
    "NOFF": text("NOFF", COUNTS, *[row + " 0 0 1" for row in ROWS], *FACE_ROWS),
    "STOFF": text("STOFF", COUNTS, *[row + " 0.5 0.5" for row in ROWS], *FACE_ROWS),
    "STCNOFF": text("STCNOFF", COUNTS, *[row + " 0 0 1 1 1 1 1 .5 .5" for row in ROWS], *FACE_ROWS),
    "4OFF": text("4OFF", COUNTS, *[f"{row} 1" for row in ROWS], *FACE_ROWS),
    "nOFF of three": text("nOFF", "3", COUNTS, *ROWS, *FACE_ROWS),
    "lines after its end": (text("OFF", COUNTS, *ROWS, *FACE_ROWS, *FACE_ROWS[:2]), LEFT_OUT),
}

_LINE = 3 + len(ROWS)  # of the first face
REFUSED = {
    "binary": (b"OFF BINARY\n" + bytes(90), "mesh_unreadable", "binary OFF is not read"),
    "nOFF of four": (text("nOFF", "4", COUNTS, *ROWS, *FACE_ROWS), "mesh_unreadable", "line 2: nOFF"),
    "cut": (PLAIN[: len(PLAIN) // 2], "mesh_truncated", "the file ends at line "),
    "wrapped and cut": (
        text("OFF", COUNTS, *wrapped([*ROWS, *FACE_ROWS], 1)[: 5 * len(ROWS)]),
        "mesh_truncated",
        "ends at line ",
    ),
    "a short vertex": (
        text("OFF", COUNTS, ROWS[0], "1 2", *ROWS[2:], *FACE_ROWS),
        "mesh_unreadable",
        "line 4: 2 numbers are too few for a row of vertices",
    ),
    "a short face": (
        text("OFF", COUNTS, *ROWS, "3 0 1", *FACE_ROWS[1:]),
        "mesh_unreadable",
        f"line {_LINE}: 3 numbers are too few for a row of faces",
    ),
    "a word": (
        text("OFF", COUNTS, "0 zero 0", *ROWS[1:], *FACE_ROWS),
        "mesh_unreadable",
        "line 3: 'zero' is not",
    ),
    "decimal commas": (
        text("OFF", COUNTS, *[row.replace(".", ",") for row in ROWS], *FACE_ROWS),
        "mesh_decimal_comma",
        "has a decimal comma",
    ),
    "no counts": (text("OFF"), "mesh_unreadable", "the numbers of vertices and of faces"),
    "counts below nothing": (text("OFF", "-3 4 0", *ROWS), "mesh_unreadable", "line 2: the numbers of"),
    "a vertex that is not there": (
        text("OFF", COUNTS, *ROWS, *FACE_ROWS[:-1], "3 0 1 999"),
        "mesh_bad_index",
        f"line {_LINE + len(FACE_ROWS) - 1}: a face names vertex 999, but the file has {len(ROWS)} vertices",
    ),
    "half a vertex": (
        text("OFF", COUNTS, *ROWS, "3 0 1 2.5", *FACE_ROWS[1:]),
        "mesh_bad_index",
        "vertex 2.5",
    ),
    "no faces": (text("OFF", f"{len(ROWS)} 0 0", *ROWS), "mesh_no_triangles", "no triangles"),
}
