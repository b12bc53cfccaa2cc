"""The body of a binary PLY file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.compiled import compiled
from retrieval.errors import BadMesh
from retrieval.io.mesh_parts.ply_header import PlyElement, PlyHeader
from retrieval.io.mesh_parts.text import COPY_AGAIN


@dataclass(frozen=True)
class BinaryColumn:
    """values: (N,) of all rows. starts, sizes: (R,) where each row's are. at: (R,) byte that it begins at."""

    values: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    at: np.ndarray

    def byte_of(self, position: int) -> int:
        """The byte of the file that one of the values begins at."""
        row = int(np.searchsorted(self.starts, position, "right")) - 1
        return int(self.at[row] + (position - self.starts[row]) * self.values.itemsize)


def binary_columns(
    data: bytes, header: PlyHeader, wanted: Mapping[str, Collection[str]], *, name: str
) -> dict[str, dict[str, BinaryColumn]]:
    """The wanted columns of the wanted elements; what stands behind the last of these is not looked at.

    Raises:
        BadMesh: mesh_truncated, where the bytes end before.
    """
    found, place = {}, header.begin
    elements = [element for element in header.elements if element.columns]
    last = max((i for i, element in enumerate(elements) if element.name in wanted), default=-1)
    for element in elements[: last + 1]:
        names = wanted.get(element.name, ())
        read = _even(data, place, element, names, header.order) or _uneven(
            data, place, element, names, header.order
        )
        if read is None:
            what = f"the file ends at byte {len(data):,}, inside the {element.rows:,} rows of {element.name}"
            raise BadMesh(
                f"{name}: {what} that begin at byte {place:,}", hint=COPY_AGAIN, code="mesh_truncated"
            )
        found[element.name], place = read
    return found


def _even(data: bytes, place: int, element: PlyElement, names: Collection[str], order: str):
    """All rows at once, where every list is as long as in the first row; else None."""
    lengths, offset = [], place
    for column in element.columns:
        length = 1
        if column.is_list:
            count = np.dtype(order + column.count)
            if element.rows == 0 or offset + count.itemsize > len(data):
                return None if element.rows else ({}, place)
            length = int(np.frombuffer(data, count, 1, offset)[0])
            offset += count.itemsize
        if not 0 <= length <= len(data):
            return None
        lengths.append(length)
        offset += length * np.dtype(column.kind).itemsize
    row = row_type(element, lengths, order)
    if len(data) - place < element.rows * row.itemsize:
        return None
    table = np.frombuffer(data, row, element.rows, place)
    for i, column in enumerate(element.columns):
        if column.is_list and (table[f"count {i}"] != lengths[i]).any():
            return None
    begin = place + row.itemsize * np.arange(element.rows)
    columns: dict[str, BinaryColumn] = {}
    offsets: Mapping[str, tuple] = row.fields or {}
    for i, (column, length) in enumerate(zip(element.columns, lengths, strict=True)):
        if column.name in names:
            values = np.ascontiguousarray(table[f"values {i}"]).reshape(-1)
            starts, at = length * np.arange(element.rows), begin + offsets[f"values {i}"][1]
            columns[column.name] = BinaryColumn(values, starts, np.full(element.rows, length), at)
    return columns, place + table.nbytes


def row_type(element: PlyElement, lengths: Sequence[int], order: str) -> np.dtype:
    """A row of an element whose lists all are of these lengths; column i is the field `values i`."""
    fields: list[tuple] = []
    for i, (column, length) in enumerate(zip(element.columns, lengths, strict=True)):
        if column.is_list:
            fields.append((f"count {i}", order + column.count))
        fields.append((f"values {i}", order + column.kind, (length,)))
    return np.dtype(fields)


def _uneven(data: bytes, place: int, element: PlyElement, names: Collection[str], order: str):
    """Row by row, for lists of differing length: triangles and quads. None where the bytes end."""
    columns = element.columns
    counts = np.array(
        [np.dtype(column.count).itemsize if column.is_list else 0 for column in columns], np.int64
    )
    items = np.array([np.dtype(column.kind).itemsize for column in columns], np.int64)
    kept = np.array([column.name in names for column in columns], bool)
    if element.rows * int(np.where(counts > 0, counts, items).sum()) > len(data) - place:
        return None
    starts = np.empty((int(kept.sum()), element.rows), np.int64)
    sizes = np.empty_like(starts)
    raw = np.frombuffer(data, np.uint8)
    place = _walk(raw, place, element.rows, counts, items, kept, order == ">", starts, sizes)
    if place < 0:
        return None
    found = {}
    for at, size, column in zip(starts, sizes, (c for c in columns if c.name in names), strict=True):
        item = np.dtype(order + column.kind)
        values = _gather(raw, at, size * item.itemsize).view(item)
        found[column.name] = BinaryColumn(values, np.cumsum(size) - size, size, at)
    return found, place


@compiled
def _walk(data, place, rows, counts, items, kept, big, starts, sizes):
    """Fill in where the kept columns of each row begin, and their lengths; the end, or -1 past all bytes."""
    total = len(data)
    for row in range(rows):
        slot = 0
        for column in range(len(counts)):
            size = 1
            wide = counts[column]
            if wide > 0:
                if place + wide > total:
                    return -1
                size = 0
                for k in range(wide):
                    digit = data[place + (k if big else wide - 1 - k)]
                    size = min(size * 256 + digit, total + 1)
                place += wide
            if kept[column]:
                starts[slot, row] = place
                sizes[slot, row] = size
                slot += 1
            place += size * items[column]
            if place > total:
                return -1
    return place


@compiled
def _gather(data, starts, lengths):
    """The bytes of all stretches, one after another."""
    found = np.empty(lengths.sum(), np.uint8)
    place = 0
    for i in range(len(starts)):
        for k in range(lengths[i]):
            found[place + k] = data[starts[i] + k]
        place += lengths[i]
    return found
