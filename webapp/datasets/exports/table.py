"""The table of labels: its columns, and a row for each label. CSV and Parquet are written from it."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from common.suggestions import SUGGESTIONS
from webapp.datasets.cells import spreadsheet_text
from webapp.datasets.exports.facts import facts
from webapp.datasets.exports.members import Member, picture_members
from webapp.datasets.exports.sources.source import Row, Source

_PLAIN = (
    *("query_id", "query", "sha256", "verdict", "item_id", "item", "item_sha256", "character", "codepoint"),
    *("relation", "reason", "comment", "annotator", "decided", "release"),
)
_ALSO = ("item_id", "item", "item_sha256", "relation")
_SUGGESTED = (("suggestion", "item"), ("distance", "distance"), ("confidence", "confidence"))

INTEGERS = ("query_id", "item_id", "release")
LISTS = ("also_item_ids", "also_items", "also_item_sha256s", "also_relations", "comments")
FLOATS = tuple(f"{name}_{rank}" for rank in range(1, SUGGESTIONS + 1) for name in ("distance", "confidence"))
COLUMNS = (
    *_PLAIN,
    *LISTS,
    *(f"{column}_{rank}" for rank in range(1, SUGGESTIONS + 1) for column, _ in _SUGGESTED),
    *("name", "batch", "split", "image"),
)
"""``name`` says the same as ``query``: snapshots had it so. Further matches are lists, ids first."""


def table_rows(source: Source) -> Iterator[dict[str, Any]]:
    """A row with ``COLUMNS`` for each label; lists for what there may be several of."""
    return (table_row(row) for row in source.rows())


def table_row(row: Row) -> dict[str, Any]:
    """One label as a flat row."""
    found = facts(row)
    values = {name: found[name] for name in _PLAIN}
    values |= {f"also_{name}s": [match[name] for match in found["also"]] for name in _ALSO}
    values["comments"] = [f"{one['annotator']}: {one['comment']}" for one in found["comments"]]
    ranked = {one["rank"]: one for one in found["suggestions"]}
    for rank in range(1, SUGGESTIONS + 1):
        for column, name in _SUGGESTED:
            value = ranked[rank][name] if rank in ranked else None
            values[f"{column}_{rank}"] = round(value, 6) if isinstance(value, float) else value
    return values | {name: found[name] for name in ("batch", "split", "image")} | {"name": found["query"]}


def csv_table(source: Source, *, for_spreadsheets: bool) -> Iterator[Member]:
    """``labels.csv``, and the pictures where they are wanted. RFC 4180, UTF-8, lists parted by semicolons.

    for_spreadsheets: with a byte order mark, without which Excel takes it for another code; and every text
    as a cell that no spreadsheet changes or runs (see ``spreadsheet_text``).
    """
    yield Member("labels.csv", _csv(source, for_spreadsheets))
    yield from picture_members(source)


def csv_line(values: Iterable[object]) -> bytes:
    """One row of a CSV file, with its line end."""
    line = io.StringIO()
    csv.writer(line).writerow(["" if value is None else value for value in values])
    return line.getvalue().encode()


def _csv(source: Source, for_spreadsheets: bool) -> Iterator[bytes]:
    yield (b"\xef\xbb\xbf" if for_spreadsheets else b"") + csv_line(COLUMNS)
    for row in table_rows(source):
        cells = (_cell(row[column]) for column in COLUMNS)
        yield csv_line(
            spreadsheet_text(cell) if for_spreadsheets and isinstance(cell, str) else cell for cell in cells
        )


def _cell(value: object) -> object:
    if isinstance(value, list):
        return "; ".join("" if one is None else str(one) for one in value)
    return value
