"""Which item is which character, by a file: ``item,codepoint``."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.db import transaction

from common.names import NameIndex
from webapp.core.characters import character_checked, character_of
from webapp.core.errors import Refused
from webapp.gallery.models import Item

_COLUMNS = ("item", "codepoint")


@dataclass(frozen=True)
class CharacterRow:
    """line: of the file, the first being 1. item: a mesh's path, file name, or file name without ending."""

    line: int
    item: str
    character: str


@dataclass
class CharactersReport:
    """applied: how many items were given their character. errors: one sentence each, the line named."""

    applied: int = 0
    errors: list[str] = field(default_factory=list)


def characters_read(data: bytes) -> tuple[list[CharacterRow], list[str]]:
    """Read a file of characters: UTF-8 CSV with the columns item and codepoint, others passed over.

    Returns the good rows, and one sentence for each bad one.

    Raises:
        Refused: the file is no such table at all.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused(f"line {line} is not UTF-8", hint="save it as UTF-8", code="bad_characters") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return _rows(reader)
    except csv.Error as error:
        raise Refused(
            f"line {reader.line_num + 1} cannot be split into cells: {error}",
            hint="save the table again as CSV",
            code="bad_characters",
        ) from error


def _rows(reader: csv.DictReader) -> tuple[list[CharacterRow], list[str]]:
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise Refused(
            f"line 1 names no column {' and no column '.join(missing)}",
            hint="the first line must be item,codepoint",
            code="bad_characters",
        )
    rows, errors = [], []
    for cells in reader:
        item, codepoint = ((cells[name] or "").strip() for name in _COLUMNS)
        try:
            if not item:
                raise ValueError("no item is named")
            rows.append(CharacterRow(reader.line_num, item, character_checked(character_of(codepoint))))
        except (ValueError, Refused) as error:
            errors.append(f"line {reader.line_num}: {error}")
    return rows, errors


@transaction.atomic
def characters_apply(*, rows: Iterable[CharacterRow], items: Mapping[str, int]) -> CharactersReport:
    """Give items their characters; a row that fits no item, or several, stops no other.

    items: from a mesh's path, as uploaded, to its item's id.
    """
    report, named = CharactersReport(), _by_every_name(items)
    chosen: dict[int, CharacterRow] = {}
    for row in rows:
        found = named.find(row.item) or named.find(PurePosixPath(row.item).name)
        if len(found) != 1:
            what = "several items are" if found else "no item is"
            report.errors.append(f"line {row.line}: {what} called {row.item}")
            continue
        (pk,) = found
        before = chosen.setdefault(pk, row)
        if before.character != row.character:
            report.errors.append(
                f"line {row.line}: {row.item} is the mesh that line {before.line} calls another character"
            )
    for pk, row in chosen.items():
        report.applied += Item.objects.filter(pk=pk).update(character=row.character)
    return report


def _by_every_name(items: Mapping[str, int]) -> NameIndex:
    named = NameIndex()
    for path, pk in items.items():
        name = PurePosixPath(path)
        for each in {path, name.name, name.stem}:
            named.add(each, pk)
    return named
