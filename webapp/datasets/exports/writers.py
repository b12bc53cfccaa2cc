"""The formats in which labels leave: what one row of each looks like."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Protocol

from common.suggestions import SUGGESTIONS
from webapp.datasets.cells import iso_time, spreadsheet_text
from webapp.datasets.exports.rows import Row
from webapp.datasets.models import Export
from webapp.gallery.models import Item
from webapp.search.models import Suggestion


class Table(Protocol):
    """A format. name: of the table's file inside a zip. all_rows: whether unanswered queries are in it."""

    name: str
    all_rows: bool

    def begin(self) -> str:
        """What stands before the first row."""

    def line(self, row: Row) -> str:
        """One row, with its line end."""


def table_of(format: str, *, with_images: bool, folder: str = "") -> Table:
    """The writer of a format. folder: what all pictures' names begin with, left out in the course's."""
    if format == Export.Format.JSONL:
        return JsonLinesTable(with_images)
    if format == Export.Format.COURSE:
        return CourseTable(folder)
    return CsvTable(with_images)


class CsvTable:
    """A table for spreadsheets: UTF-8 with a byte order mark, without which Excel takes it for another code.

    The first column is an id, so that a program that overlooks the mark loses nothing that it needs. Text
    that a spreadsheet would run as a formula gets an apostrophe before it (see ``spreadsheet_text``).

    Further matches are listed in one cell a column, parted by semicolons; their ids tell them apart where a
    name has one too. So are everybody's comments, each after its writer's name.
    """

    name = "labels.csv"
    all_rows = False

    def __init__(self, with_images: bool) -> None:
        self._with_images = with_images

    def begin(self) -> str:
        label = "query_id query sha256 verdict item_id item item_sha256 character codepoint relation reason"
        also = "also_item_ids also_items also_item_sha256s also_relations"
        names = f"{label} comment annotator decided release {also} comments".split()
        names += ["image"] if self._with_images else []
        for rank in range(1, SUGGESTIONS + 1):
            names += [f"suggestion_{rank}", f"distance_{rank}", f"confidence_{rank}"]
        return "\ufeff" + _csv_line(names)

    def line(self, row: Row) -> str:
        facts = facts_of(row)
        values = {
            key: value for key, value in facts.items() if key not in {"suggestions", "also", "comments"}
        }
        image = values.pop("image")
        for name in ("item_id", "item", "item_sha256", "relation"):
            values[f"also_{name}s"] = _listed(match[name] for match in facts["also"])
        values["comments"] = _listed(f"{told['annotator']}: {told['comment']}" for told in facts["comments"])
        if self._with_images:
            values["image"] = image
        for suggestion in row.suggestions[:SUGGESTIONS]:
            rank = suggestion.rank
            values[f"suggestion_{rank}"] = suggestion.item.name
            values[f"distance_{rank}"] = round(suggestion.distance, 6)
            values[f"confidence_{rank}"] = round(suggestion.confidence, 6)
        return _csv_line(_cell(value) for value in values.values())


class JsonLinesTable:
    """One JSON object a line, with everything there is to know; for programs."""

    name = "labels.jsonl"
    all_rows = False

    def __init__(self, with_images: bool) -> None:
        self._with_images = with_images

    def begin(self) -> str:
        return ""

    def line(self, row: Row) -> str:
        facts = facts_of(row)
        if not self._with_images:
            facts.pop("image")
        return json.dumps(facts, ensure_ascii=False, allow_nan=False) + "\n"


class CourseTable:
    """The course's ``query,label``: for each query five file names of meshes, the likeliest first.

    A confirmed match comes first, then further ones, the other suggestions after them by rank. Queries that
    nobody answered, or for which none was right, have the suggestions as they were made. Nothing is escaped.
    """

    name = "labels.csv"
    all_rows = True

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def begin(self) -> str:
        return _csv_line(["query", "label"])

    def line(self, row: Row) -> str:
        items = [suggestion.item for suggestion in row.suggestions]
        if row.label and row.label.item:
            matches = [row.label.item, *(match.item for match in row.also)]
            right = {item.pk for item in matches}
            items = [*matches, *(item for item in items if item.pk not in right)]
        if not items:
            return ""
        picture = row.image.removeprefix("images/") or row.query.name.removeprefix(self._folder)
        return _csv_line([picture, ",".join(_course_names(items[:SUGGESTIONS]))])


def facts_of(row: Row) -> dict:
    """All that is known of one labelled query, in JSON's values; None for what there is not."""
    query, label = row.query, row.label
    item = label and label.item
    return {
        "query_id": query.pk,
        "query": query.name,
        "sha256": query.sha256,
        "verdict": label and label.verdict,
        "item_id": item and item.pk,
        "item": item and item.name,
        "item_sha256": item and item.sha256,
        "character": (item and item.character) or None,
        "codepoint": (item and item.codepoint) or None,
        "relation": (label and label.relation) or None,
        "reason": (label and label.reason) or None,
        "comment": (label and label.comment) or None,
        "annotator": label and label.annotator.username,
        "decided": label and iso_time(label.created),
        "release": label and label.release_id,
        "image": row.image or None,
        "also": [
            {
                "item_id": match.item_id,
                "item": match.item.name,
                "item_sha256": match.item.sha256,
                "character": match.item.character or None,
                "codepoint": match.item.codepoint or None,
                "relation": match.relation or None,
            }
            for match in row.also
        ],
        "comments": [
            {"annotator": told.who, "comment": told.text, "written": iso_time(told.created)}
            for told in row.comments
        ],
        "suggestions": [_suggested(suggestion) for suggestion in row.suggestions],
    }


def _suggested(suggestion: Suggestion) -> dict:
    return {
        "rank": suggestion.rank,
        "item_id": suggestion.item_id,
        "item": suggestion.item.name,
        "character": suggestion.item.character or None,
        "codepoint": suggestion.item.codepoint or None,
        "distance": suggestion.distance,
        "confidence": suggestion.confidence,
        "mirrored": suggestion.mirrored,
        "release": suggestion.release_id,
    }


def _cell(value: object) -> object:
    if value is None:
        return ""
    return spreadsheet_text(value) if isinstance(value, str) else value


def _listed(values: Iterable[object]) -> str | None:
    return "; ".join("" if value is None else str(value) for value in values) or None


def _csv_line(values: Iterable[object]) -> str:
    held = io.StringIO()
    csv.writer(held).writerow(values)  # quoting where needed and CRLF, as the course's own files have it
    return held.getvalue()


def _course_names(items: list[Item]) -> list[str]:
    """File names without their folders, unless two would be the same. A comma would end a name early."""
    names = [item.name.rpartition("/")[2] for item in items]
    if len(set(names)) < len(names):
        names = [item.name for item in items]
    return [name.replace(",", "_") for name in names]
