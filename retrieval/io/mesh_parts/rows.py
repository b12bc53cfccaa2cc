"""Tables of numbers in a text: elements of so many rows, a row's columns single numbers or lists of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_parts.numbers import NumberRows
from retrieval.io.mesh_parts.text import COPY_AGAIN, bad_line


@dataclass(frozen=True)
class Column:
    """A row's number, or its list of numbers, whose length stands before it."""

    name: str
    is_list: bool = False


@dataclass(frozen=True)
class Element:
    """So many rows of the same columns."""

    name: str
    rows: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Table:
    """Where an element's numbers stand among all.

    places: of each wanted column (R,) starts and (R,) sizes. extra: numbers that no column takes.
    """

    places: dict[str, tuple[np.ndarray, np.ndarray]]
    extra: int = 0


Tables = dict[str, Table]


def tables_by_lines(
    rows: NumberRows, first: int, elements: Sequence[Element], wanted: Collection[str]
) -> Tables | None:
    """The elements, each row on a line of its own; None where a line has too few numbers, or one is missing.

    first: the row that the first element begins on. A table's ``extra`` counts numbers that no column takes.
    """
    found = {}
    for element in elements:
        begin, end = (
            rows.starts[first : first + element.rows],
            rows.starts[first + 1 : first + element.rows + 1],
        )
        if len(end) < element.rows:
            return None
        places, used, fits = _places(rows.values, begin, element, wanted)
        if not (fits & (used <= end)).all():
            return None
        found[element.name] = Table(places, int((end - used).sum()))
        first += element.rows
    return found


def tables_by_counts(
    values: np.ndarray, place: int, elements: Sequence[Element], wanted: Collection[str]
) -> Tables | None:
    """The elements by their numbers alone, wherever lines end; None where these are not just as many."""
    found = {}
    for element in elements:
        read = _even(values, place, element, wanted) or _uneven(values, place, element, wanted)
        if read is None:
            return None
        found[element.name], place = read
    return found if place == len(values) else None


def rows_left_out(count: int) -> tuple[str, ...]:
    """What is said of so many rows behind those that the header announces."""
    return (f"{count:,} lines after the last row that the header announces were left out.",) if count else ()


def refusal(rows: NumberRows, first: int, elements: Sequence[Element], *, name: str, kind: str) -> BadMesh:
    """Why neither way could read the elements: the text was cut short, or one line is not as it should be."""
    least = sum(element.rows * sum(4 if c.is_list else 1 for c in element.columns) for element in elements)
    for element in elements:
        begin, end = rows.starts[first:-1][: element.rows], rows.starts[first + 1 :][: element.rows]
        _, used, fits = _places(rows.values, begin, element, ())
        bad = np.flatnonzero(~(fits & (used <= end)))
        first += element.rows
        ends_early = len(begin) < element.rows and (bad == len(begin) - 1).all()
        is_wrapped = len(bad) > len(begin) / 2
        if ends_early or (is_wrapped and len(rows.values) < least):
            break
        if len(bad):
            there, line = int((end - begin)[bad[0]]), int(rows.lines[first - element.rows + bad[0]])
            what = f"{there:,} numbers are too few for a row of {element.name}"
            return bad_line(name, line, what)
    announced = " and ".join(f"{element.rows:,} rows of {element.name}" for element in elements)
    last = int(rows.lines[-1]) if len(rows) else 1
    what = f"{name}: the {kind} header announces {announced}, but the file ends at line {last:,}"
    return BadMesh(what, hint=COPY_AGAIN, code="mesh_truncated")


def _places(values: np.ndarray, begin: np.ndarray, element: Element, wanted: Collection[str]):
    """The wanted columns of rows that begin so, where each row ends, and whether its lists can be so long."""
    at, fits, places = begin, np.ones(len(begin), bool), {}
    for column in element.columns:
        sizes = np.ones(len(begin), np.int64)
        if column.is_list:
            inside = at < len(values)
            counts = np.where(inside, values[np.minimum(at, len(values) - 1)], -1) if len(at) else np.empty(0)
            fits = fits & (counts >= 0) & (counts <= len(values)) & (counts == np.floor(counts))
            sizes, at = np.where(fits, counts, 0).astype(np.int64), at + 1
        if column.name in wanted:
            places[column.name] = (at, sizes)
        at = at + sizes
    return places, at, fits


def _even(values: np.ndarray, place: int, element: Element, wanted: Collection[str]):
    """All rows at once, where each is as long as the first."""
    _, end, fits = _places(values, np.array([place])[: element.rows], element, ())
    if not fits.all():
        return None
    width = int(end[0]) - place if element.rows else 0
    if place + width * element.rows > len(values):
        return None
    begin = place + width * np.arange(element.rows)
    places, used, fits = _places(values, begin, element, wanted)
    if not (fits & (used == begin + width)).all():
        return None
    return Table(places), place + width * element.rows


def _uneven(values: np.ndarray, place: int, element: Element, wanted: Collection[str]):
    """Row by row, for lists of differing length."""
    numbers = values.tolist()
    found: dict[str, list[tuple[int, int]]] = {
        column.name: [] for column in element.columns if column.name in wanted
    }
    for _ in range(element.rows):
        for column in element.columns:
            size = 1
            if column.is_list:
                if not (
                    place < len(numbers) and 0 <= numbers[place] <= len(numbers) and numbers[place] % 1 == 0
                ):
                    return None
                size, place = int(numbers[place]), place + 1
            if column.name in found:
                found[column.name].append((place, size))
            place += size
            if place > len(numbers):
                return None
    columns = {key: np.array(pairs, np.int64).reshape(-1, 2) for key, pairs in found.items()}
    return Table({key: (pairs[:, 0], pairs[:, 1]) for key, pairs in columns.items()}), place
