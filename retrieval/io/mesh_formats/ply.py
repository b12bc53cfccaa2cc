"""PLY, ASCII and binary: the corners of its faces, whatever else its elements hold."""

from dataclasses import dataclass, field

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup, fans

_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2",
    "int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8",
}  # fmt: skip
_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_MOST_HEADER = 65_536


@dataclass(frozen=True)
class _Property:
    """One column: ``kind`` a numpy type; ``count`` the type of a list's length, or none."""

    name: str
    kind: str
    count: str | None = None


@dataclass(frozen=True)
class _Element:
    name: str
    rows: int
    properties: list[_Property] = field(default_factory=list)

    @property
    def lists(self) -> bool:
        return any(column.count for column in self.properties)


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of a PLY file; polygons are split.

    Raises BadMesh (mesh_unreadable, mesh_truncated).
    """
    try:
        order, elements, body = _header(data)
        columns = _columns(elements, body, order)
        vertex, face = columns.get("vertex", {}), columns.get("face", {})
        vertices = np.column_stack([np.asarray(vertex[axis], np.float64) for axis in "xyz"])
        corners = face.get("vertex_indices", face.get("vertex_index", []))
        return Soup(vertices, _triangles(corners))
    except _CutShortError as error:
        raise BadMesh(
            f"{name}: the PLY file ends before its {error} are complete",
            hint="The file was cut short. Copy or export it again.",
            code="mesh_truncated",
        ) from error
    except (ValueError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise BadMesh(
            f"{name}: the PLY file cannot be read: its header or a row is not what it should be",
            hint="Export it again, best as binary STL.",
            code="mesh_unreadable",
        ) from error


class _CutShortError(Exception):
    """The body ends inside the element named."""


def _triangles(corners) -> np.ndarray:
    if isinstance(corners, np.ndarray) and corners.ndim == 2 and corners.shape[1] == 3:
        return corners.astype(np.int64)
    return fans([[int(index) for index in polygon] for polygon in corners])


def _header(data: bytes) -> tuple[str, list[_Element], bytes]:
    end = data.index(b"end_header", 0, _MOST_HEADER)
    after = data.index(b"\n", end) + 1
    order, elements = None, []
    for line in data[:end].decode("latin-1").replace("\r", "\n").split("\n"):
        words = line.split()
        if words[:1] == ["format"]:
            order = _ORDERS[words[1]]
        elif words[:1] == ["element"]:
            elements.append(_Element(words[1], int(words[2])))
        elif words[:2] == ["property", "list"]:
            elements[-1].properties.append(_Property(words[4], _TYPES[words[3]], _TYPES[words[2]]))
        elif words[:1] == ["property"]:
            elements[-1].properties.append(_Property(words[2], _TYPES[words[1]]))
    if order is None or any(element.rows < 0 for element in elements):
        raise ValueError("no format, or a negative count")
    return order, elements, data[after:]


def _columns(elements: list[_Element], body: bytes, order: str) -> dict[str, dict]:
    """Each element's columns up to the faces: arrays, or for uneven lists a list of arrays."""
    source = body if order else _doubles(body)
    found, place = {}, 0
    for element in elements:
        types = [_placed(column, order) for column in element.properties]
        if element.rows and types:
            read = _even_rows(element, types, source, place) or _uneven_rows(element, types, source, place)
            found[element.name], place = read
        if element.name == "face":
            break
    return found


def _doubles(text: bytes) -> bytes:
    """The numbers of a text as the bytes of doubles, so that one way of reading serves both."""
    return np.array(text.split() or [b"0"], dtype="S").astype(np.float64).tobytes()


def _placed(column: _Property, order: str) -> tuple[str | None, str]:
    if not order:
        return ("=f8" if column.count else None), "=f8"
    return (order + column.count if column.count else None), order + column.kind


def _even_rows(element: _Element, types: list, source: bytes, place: int) -> tuple[dict, int] | None:
    """All rows at once, when every list is as long as in the first row; else None."""
    fields: list[tuple] = []
    offset = place
    for column, (count, kind) in zip(element.properties, types, strict=True):
        length = 1
        if count:
            length = int(_number(source, offset, count, element))
            fields.append((f"count of {column.name}", count))
        fields.append((column.name, kind, (length,)) if count else (column.name, kind))
        offset += (np.dtype(count).itemsize if count else 0) + length * np.dtype(kind).itemsize
    row = np.dtype(fields)
    if len(source) - place < element.rows * row.itemsize:
        if element.lists:
            return None
        raise _CutShortError(f"{element.rows:,} rows of {element.name}")
    table = np.frombuffer(source, row, element.rows, place)
    counted = [key for key in row.names or () if key.startswith("count of ")]
    if any((table[key] != table[key][0]).any() for key in counted):
        return None
    return {column.name: table[column.name] for column in element.properties}, place + table.nbytes


def _uneven_rows(element: _Element, types: list, source: bytes, place: int) -> tuple[dict, int]:
    """Row by row, for lists of differing length: triangles and quads in one file."""
    columns: dict[str, list] = {column.name: [] for column in element.properties}
    for _ in range(element.rows):
        for column, (count, kind) in zip(element.properties, types, strict=True):
            length = 1
            if count:
                length = int(_number(source, place, count, element))
                place += np.dtype(count).itemsize
            size = length * np.dtype(kind).itemsize
            if length < 0 or place + size > len(source):
                raise _CutShortError(f"{element.rows:,} rows of {element.name}")
            columns[column.name].append(np.frombuffer(source, kind, length, place))
            place += size
    return columns, place


def _number(source: bytes, place: int, kind: str, element: _Element):
    if place + np.dtype(kind).itemsize > len(source):
        raise _CutShortError(f"{element.rows:,} rows of {element.name}")
    return np.frombuffer(source, kind, 1, place)[0]
