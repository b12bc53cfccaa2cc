"""Files that label import does not read: refused by what they are, with what to import instead."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

from webapp.core.errors import Refused
from webapp.datasets.exports.formats import FORMATS
from webapp.datasets.imports.parsed import MOST_LINE, delimiter_of

_READ = ("excel", "csv", "jsonl", "label_studio")
_TABLES = {"labels.csv", "labels.jsonl", "tasks.json"}
_HEAD = 1 << 16
_COCO = re.compile(r'"images"\s*:\s*\[')


def refuse_packed(path: Path, head: bytes) -> None:
    """Refuse what is no text: zips, workbooks, Parquet, tar files, gzip. head: the file's beginning."""
    if head.startswith(b"PK\x03\x04"):
        raise _zip(path)
    if head.startswith(b"PAR1"):
        raise _other(FORMATS["parquet"].label)
    if head[257:262] == b"ustar":
        raise _other(FORMATS["webdataset"].label)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # as Excel saved until 2003
        raise _workbook("an Excel workbook")
    if head.startswith(b"\x1f\x8b"):
        raise Refused("the file is packed with gzip", hint="unpack it first", code="bad_labels")


def refuse_other_exports(path: Path) -> None:
    """Refuse the export formats that do not say all that a label says, and other JSON than ours.

    path: of a file that is text in UTF-8.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(MOST_LINE)
        while first and not first.strip():
            first = file.readline(MOST_LINE)
        head = first[:_HEAD] + file.read(_HEAD)
    is_object = first.lstrip().startswith("{")
    if is_object and _COCO.search(head):
        raise _other(FORMATS["coco"].label)
    keys = _keys_of_object(first) if is_object else _columns(first)
    for format in FORMATS.values():
        if keys in format.signatures:
            raise _other(format.label)
    if is_object and first.strip() == "{":
        raise Refused(
            "the file is one JSON object, not a label on each line", hint=_hint(), code="not_importable"
        )


def _keys_of_object(line: str) -> frozenset[str]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(found) if isinstance(found, dict) else frozenset()


def _columns(line: str) -> frozenset[str]:
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter_of(line)), [])
    except csv.Error:
        return frozenset()
    return frozenset(cell.strip().lower() for cell in cells)


def _zip(path: Path) -> Refused:
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        names = []
    if any(name.startswith("xl/") for name in names):
        return _workbook("an Excel workbook")
    if "content.xml" in names or "Index/Document.iwa" in names:  # LibreOffice, Numbers
        return _workbook("a spreadsheet")
    tables = [name for name in names if name.rpartition("/")[2] in _TABLES]
    there = tables[0] if len(tables) == 1 else "labels.csv, labels.jsonl or tasks.json"
    hint = f"unpack it, and bring the table of labels in it: {there}"
    return Refused("the file is a zip", hint=hint, code="bad_labels")


def _workbook(what: str) -> Refused:
    hint = "save it in the spreadsheet as CSV UTF-8, and import that"
    return Refused(f"the file is {what}", hint=hint, code="bad_labels")


def _other(label: object) -> Refused:
    return Refused(
        f"the file is an export of the format {label}, which does not say all that a label says",
        hint=_hint(),
        code="not_importable",
    )


def _hint() -> str:
    *others, last = (str(FORMATS[name].label) for name in _READ)
    return f"export the same labels as {', '.join(others)} or {last}, and import that"
