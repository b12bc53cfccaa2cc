"""Labels from CSV and JSON Lines: our own tables, and whatever has the columns."""

import codecs
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from webapp.core.characters import character_of, character_typed
from webapp.core.errors import Refused
from webapp.datasets.cells import plain_text
from webapp.datasets.imports.parsed import (
    DIGEST,
    MOST_LINE,
    Block,
    ParsedLabel,
    ParsedLine,
    UnusableLine,
    delimiter_of,
    parsed_label,
)

_SEPARATOR = re.compile(r"sep=([,;\t|])", re.IGNORECASE)


def csv_labels(path: Path) -> Iterator[ParsedLine]:
    """A row for each match, or for each label. Raises Refused where it is no such table."""
    with path.open("rb") as file:
        # A byte order mark is what our tables for spreadsheets begin with, and only those are escaped.
        escaped = file.read(3) == codecs.BOM_UTF8
    with path.open(encoding="utf-8-sig", newline="") as file:
        above, delimiter = _to_header(file)
        table = csv.DictReader(file, delimiter=delimiter, restkey="")
        try:
            columns = {(name or "").strip().lower(): name for name in table.fieldnames or ()}
            _check_columns(columns, above + 1)
            yield from _joined(_csv_rows(table, columns, escaped, above))
        except csv.Error as error:
            line = above + table.reader.line_num
            raise Refused(
                f"line {line}{_unsplit(error)}", hint="export it again", code="bad_labels"
            ) from None


def _to_header(file: TextIO) -> tuple[int, str]:
    """Read on to the columns' names: how many lines stand above them, and what parts the cells.

    Those are empty, or Excel's "sep=;".
    """
    above, delimiter = 0, ""
    while True:
        place, line = file.tell(), file.readline(MOST_LINE)
        if found := _SEPARATOR.fullmatch(line.strip()):
            delimiter = found[1]
        elif line.strip() or not line:
            file.seek(place)
            return above, delimiter or delimiter_of(line)
        above += 1


def _unsplit(error: csv.Error) -> str:
    return ": a cell is too long" if "field limit" in str(error) else " cannot be split into cells"


def _check_columns(columns: dict[str, str], line: int) -> None:
    pictures = {"sha256", "query", "name", "picture", "image"} & columns.keys()
    labels = {"item", "item_id", "item_sha256", "codepoint", "character", "verdict"} & columns.keys()
    if not pictures or not labels:
        raise Refused(
            f"line {line} does not name the columns of a table of labels",
            hint="it needs sha256 (or query) for the picture and item (or codepoint) for the block",
            code="bad_labels",
        )


def _csv_rows(
    table: csv.DictReader, columns: dict[str, str], escaped: bool, above: int
) -> Iterator[ParsedLine]:
    line = above + 2
    for row in table:
        cells = {
            name: (plain_text(row[as_written] or "") if escaped else row[as_written] or "")
            for name, as_written in columns.items()
        }
        if row.get("") is not None:
            yield UnusableLine(line, "more cells than columns", cells.get("name") or cells.get("query", ""))
        elif any(cells.values()):
            yield from _of_cells(line, cells)
        line = above + table.line_num + 1


def _of_cells(line: int, cells: dict[str, str]) -> Iterator[ParsedLine]:
    query = cells.get("query", "")
    sha256 = cells.get("sha256") or (query if DIGEST.fullmatch(query) else "")
    name = cells.get("name") or cells.get("picture") or ("" if query == sha256 else query)
    name = name or cells.get("image", "")
    try:
        blocks, relations = _blocks_of_cells(cells)
    except ValueError as error:
        yield UnusableLine(line, str(error), name or sha256)
        return
    yield parsed_label(
        line,
        sha256,
        name,
        verdict=cells.get("verdict", ""),
        blocks=blocks,
        relations=relations,
        reason=cells.get("reason", ""),
        comment=cells.get("comment", ""),
        batch=cells.get("batch", ""),
        who=cells.get("annotator", ""),
        when=cells.get("decided", ""),
    )


def _blocks_of_cells(cells: dict[str, str]) -> tuple[list[Block], list[str]]:
    """Raises ValueError where a codepoint or a list is none."""
    item = cells.get("item", "")
    digest = cells.get("item_sha256") or (item if DIGEST.fullmatch(item) else "")
    character = character_typed(cells.get("character", "")) or _character(cells.get("codepoint", ""))
    name = "" if item == digest else item
    block = Block(digest.lower(), cells.get("item_id", "").strip(), name, character)
    blocks = [block] if block != Block() else []
    relations = [cells.get("relation", "")] if blocks else []
    numbers, names = _listed(cells.get("also_item_ids", "")), _listed(cells.get("also_items", ""))
    digests, further = _listed(cells.get("also_item_sha256s", "")), _listed(cells.get("also_relations", ""))
    if len(digests) == len(numbers) != len(names):
        names = [""] * len(numbers)  # a name may hold what parts names
    digests, further = digests or [""] * len(numbers), further or [""] * len(numbers)
    if not len(numbers) == len(names) == len(digests) == len(further):
        raise ValueError("the additional matches cannot be read")
    blocks += [Block(*words) for words in zip(digests, numbers, names, strict=True)]
    return blocks, [*relations, *further]


def _listed(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


def _character(codepoint: str) -> str:
    return character_of(codepoint) if codepoint.strip() else ""


def _joined(rows: Iterator[ParsedLine]) -> Iterator[ParsedLine]:
    """Matches of one label stand on lines of their own: joined again."""
    label: ParsedLabel | None = None
    for row in rows:
        if isinstance(label, ParsedLabel) and isinstance(row, ParsedLabel) and _one_label(label, row):
            blocks, relations = label.blocks + row.blocks, label.relations + row.relations
            label = ParsedLabel(**{**label.__dict__, "blocks": blocks, "relations": relations})
            continue
        if label is not None:
            yield label
        label = row if isinstance(row, ParsedLabel) else None
        if label is None:
            yield row
    if label is not None:
        yield label


def _one_label(one: ParsedLabel, other: ParsedLabel) -> bool:
    def key(label: ParsedLabel) -> tuple:
        return (label.sha256, label.name, label.batch, label.verdict, label.who, label.when)

    return bool(one.sha256 and one.when) and key(one) == key(other) and bool(other.blocks)


def json_lines_labels(path: Path) -> Iterator[ParsedLine]:
    """A label a line, as batches and as snapshots leave. Raises Refused for a line without end."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        line = 0
        while text := file.readline(MOST_LINE):
            line += 1
            if len(text) == MOST_LINE:
                raise Refused(f"line {line} is too long", hint="export it again", code="bad_labels")
            if text.strip():
                yield _of_json(line, text)


def _of_json(line: int, text: str) -> ParsedLine:
    try:
        found = json.loads(text)
        return _of_object(line, found) if isinstance(found, dict) else UnusableLine(line, "not a JSON object")
    except RecursionError:
        return UnusableLine(line, "nested too deeply")
    except ValueError as error:
        return UnusableLine(line, f"not JSON from character {getattr(error, 'pos', 0) + 1} on")
    except (TypeError, AttributeError, KeyError):
        return UnusableLine(line, "not a label as Mocban exports it")


def _of_object(line: int, found: dict[str, Any]) -> ParsedLine:
    if "matches" in found and "sha256" not in found:  # as snapshots were exported at first
        return _of_snapshot_object(line, found)
    matches = [found, *(found.get("also") or [])] if found.get("item_id") or found.get("item") else []
    return parsed_label(
        line,
        _text(found, "sha256"),
        _text(found, "query"),
        verdict=_text(found, "verdict"),
        blocks=[
            Block(
                _text(one, "item_sha256").lower(),
                _text(one, "item_id"),
                _text(one, "item"),
                _text(one, "character"),
            )
            for one in matches
        ],
        relations=[_text(one, "relation") for one in matches],
        reason=_text(found, "reason"),
        comment=_text(found, "comment"),
        batch=_text(found, "batch"),
        who=_text(found, "annotator"),
        when=_text(found, "decided"),
    )


def _of_snapshot_object(line: int, found: dict[str, Any]) -> ParsedLine:
    origin = found.get("origin") or {}
    decisions = origin.get("decisions") or []
    decision: dict[str, Any] = next((one for one in decisions if one.get("id") == origin.get("label")), {})
    blocks = [Block(sha256=_text(one, "item"), character=_text(one, "character")) for one in found["matches"]]
    return parsed_label(
        line,
        _text(found, "query"),
        _text(origin, "name"),
        verdict=_text(found, "verdict"),
        blocks=blocks,
        relations=[_text(one, "relation") for one in found["matches"]],
        reason=_text(found, "reason"),
        comment=_text(decision, "comment"),
        batch=_text(origin, "batch"),
        who=_text(decision, "annotator"),
        when=_text(decision, "decided"),
    )


def _text(found: dict[str, Any], name: str) -> str:
    """Raises TypeError where it is neither a text nor a number."""
    value = found.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(name)
    return str(value)
