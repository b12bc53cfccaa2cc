"""Tables: a row for each match of a label, and one for each label without."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from webapp.datasets.cells import spreadsheet_text
from webapp.datasets.exports.formats.source import Member, Source, facts

COLUMNS = (
    *("query", "name", "batch", "verdict", "item", "character", "codepoint", "relation", "reason"),
    *("annotator", "decided", "release", "split", "image"),
)


def rows_of(source: Source) -> Iterator[dict[str, Any]]:
    """All rows of a table, with ``COLUMNS``."""
    for row in source.rows():
        for match in row.label.matches or (None,):
            yield facts(row, match)


def csv_table(source: Source) -> Iterator[Member]:
    """RFC 4180, UTF-8: every text as it is, for programs."""
    yield Member("labels.csv", _csv(rows_of(source), safe=False))
    yield from source.images()


def excel_table(source: Source) -> Iterator[Member]:
    """For spreadsheets: with a byte order mark, and nothing that would be run as a formula."""
    yield Member("labels.csv", _csv(rows_of(source), safe=True))
    yield from source.images()


def json_lines(source: Source) -> Iterator[Member]:
    """Each label on a line, with all its matches and its whole origin."""
    yield Member("labels.jsonl", _json_lines(source))
    yield from source.images()


def csv_line(values: Iterable[object]) -> bytes:
    """One row of a CSV file, with its line end."""
    held = io.StringIO()
    csv.writer(held).writerow(["" if value is None else value for value in values])
    return held.getvalue().encode()


def json_line(value: object) -> bytes:
    """One line of a JSON Lines file."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _csv(rows: Iterable[dict[str, Any]], *, safe: bool) -> Iterator[bytes]:
    yield (b"\xef\xbb\xbf" if safe else b"") + csv_line(COLUMNS)
    for row in rows:
        values = (row[column] for column in COLUMNS)
        yield csv_line(
            spreadsheet_text(value) if safe and isinstance(value, str) else value for value in values
        )


def _json_lines(source: Source) -> Iterator[bytes]:
    for row in source.rows():
        label = row.label
        matches = [facts(row, match) for match in label.matches]
        yield json_line(
            {
                "query": label.query,
                "verdict": label.verdict,
                "reason": label.reason or None,
                "matches": [
                    {key: match[key] for key in ("item", "character", "codepoint", "relation")}
                    for match in matches
                ],
                "split": row.side,
                "image": row.image or None,
                "origin": row.origin,
            }
        )
