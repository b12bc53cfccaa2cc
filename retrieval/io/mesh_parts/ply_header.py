"""The header of a PLY file: what the body holds, and how it is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.errors import BadMesh
from retrieval.io.mesh_parts.rows import Column, Element
from retrieval.io.mesh_parts.text import AGAIN, bad_line

TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2",
    "int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8",
    "int64": "i8", "uint64": "u8",
}  # fmt: skip
_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_MOST_BYTES = 1 << 20
_END = re.compile(rb"(?:\A|[\r\n])end_header[ \t]*(\r\n|\n|\r|\Z)")
_LINE_END = re.compile(r"\r\n|\n|\r")
_MOST_ROWS = 2**40


@dataclass(frozen=True)
class TypedColumn(Column):
    """A column of a binary body. kind: numpy's type, without its order. count: that of a list's length."""

    kind: str = ""
    count: str = ""


@dataclass(frozen=True)
class PlyElement(Element):
    """An element of typed columns."""

    columns: tuple[TypedColumn, ...]


@dataclass(frozen=True)
class PlyHeader:
    """order: "" of ASCII, "<" or ">" of bytes. begin: byte that the body begins at. lines: of the header."""

    order: str
    elements: tuple[PlyElement, ...]
    begin: int
    lines: int


@dataclass
class _Open:
    """An element whose columns are still being read."""

    name: str
    rows: int
    columns: list[TypedColumn] = field(default_factory=list)


def ply_header(data: bytes, *, name: str) -> PlyHeader:
    """Read the header.

    Raises:
        BadMesh: mesh_unreadable, with the line; mesh_truncated where it has no end.
    """
    end = _END.search(data, 0, _MOST_BYTES)
    if end is None:
        raise BadMesh(f"{name}: the PLY header has no end_header", hint=AGAIN, code="mesh_unreadable")
    order: str | None = None
    elements: list[_Open] = []
    lines = _LINE_END.split(data[: end.start() + 1].decode("latin-1"))
    for number, line in enumerate(lines, 1):
        words = line.split()
        try:
            if words[:1] == ["format"]:
                order = _ORDERS[words[1]]
            elif words[:1] == ["element"]:
                elements.append(_Open(_new(words[1], elements), _rows(words[2])))
            elif words[:1] == ["property"]:
                elements[-1].columns.append(_column(words, elements[-1].columns))
        except (LookupError, ValueError) as error:
            raise bad_line(
                name, number, f"this line of the PLY header is not understood: {line[:60]}"
            ) from error
    if order is None:
        raise bad_line(name, len(lines), "the PLY header does not say its format")
    found = tuple(PlyElement(one.name, one.rows, tuple(one.columns)) for one in elements)
    # The first line says how lines end: a body after a return alone may begin with a byte like a newline.
    first_end = _LINE_END.search(data[: end.end()].decode("latin-1"))
    begin = end.start(1) + 1 if first_end and first_end.group() == "\r" else end.end()
    return PlyHeader(order, found, begin, len(lines))


def _rows(word: str) -> int:
    rows = int(word)
    if not 0 <= rows < _MOST_ROWS:
        raise ValueError(word)
    return rows


def _column(words: list[str], before: list[TypedColumn]) -> TypedColumn:
    name = _new(words[4] if words[1] == "list" else words[2], before)
    if words[1] == "list":
        return TypedColumn(name, True, TYPES[words[3]], TYPES[words[2]])
    return TypedColumn(name, False, TYPES[words[1]])


def _new(name: str, before: Sequence[_Open] | Sequence[TypedColumn]) -> str:
    """A name in lower case, of what was not declared before: of two alike, one would be lost."""
    if any(one.name == name.lower() for one in before):
        raise ValueError(name)
    return name.lower()
