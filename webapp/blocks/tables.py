"""Blocks by a table: a row for each scan, or for each item of a single mesh, with the block that it is of."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files import File

from webapp.accounts.models import User
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.services import TEXTS, block_create, block_update, item_put, scan_add
from webapp.core.errors import Refused
from webapp.gallery.models import Item

_NUMBERS = ("x_mm", "y_mm", "w_mm", "h_mm", "column", "order")
_OWN = {"file", "item", "face", "unit", *TEXTS, *_NUMBERS}


@dataclass(frozen=True)
class BlockRow:
    """One row. line: its number in the file. file: of a scan, below the folder; item: name or number of an
    item; one of both. values: what is known of the block. place: of the item on it.
    """

    line: int
    file: str
    item: str
    face: str
    unit: str
    values: dict[str, Any] = field(default_factory=dict)
    place: dict[str, float] = field(default_factory=dict)


def block_rows(data: bytes, *, name: str) -> list[BlockRow]:
    """The rows of a CSV file with a header: "file" or "item", "name", and whatever else is known.

    Columns that are not a block's own become further fields of it.

    Raises:
        Refused: bad_table, with the line.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(f"{name} is not text in UTF-8") from None
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    if not rows:
        raise _bad(f"{name} has no rows")
    if "name" not in rows[0] or not {"file", "item"} & rows[0].keys():
        raise _bad(f'{name} lacks the columns "name", and "file" or "item"')
    return [_row(line, row, name) for line, row in enumerate(rows, 2)]


def rows_apply(rows: list[BlockRow], *, folder: Path, user: User) -> Iterator[tuple[BlockRow, Scan | Place]]:
    """Write blocks, and add scans and items to them, row after row; what is there already stays.

    Blocks of the same name and inventory number are one.

    Raises:
        Refused: a row cannot be done; those before it are.
    """
    for row in rows:
        block = _block(row, user)
        if row.file:
            yield row, _scan(row, block, folder, user)
        else:
            yield row, item_put(block=block, item=_item(row), user=user, values=row.place)


def _row(line: int, row: dict[str, Any], name: str) -> BlockRow:
    cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    if bool(cells.get("file")) == bool(cells.get("item")):
        raise _bad(f'{name}, line {line}: give a "file" or an "item"')
    try:
        place = {key: float(cells[key]) for key in _NUMBERS if cells.get(key)}
    except ValueError:
        raise _bad(f"{name}, line {line}: a place is written in numbers") from None
    values: dict[str, Any] = {key: cells[key] for key in TEXTS if cells.get(key)}
    further = {key: value for key, value in cells.items() if key not in _OWN and value}
    if further:
        values["fields"] = further
    return BlockRow(
        line,
        cells.get("file", ""),
        cells.get("item", ""),
        cells.get("face", ""),
        cells.get("unit", ""),
        values,
        place,
    )


def _block(row: BlockRow, user: User) -> Block:
    same = {"name": row.values.get("name", ""), "inventory_number": row.values.get("inventory_number", "")}
    block = Block.objects.filter(deleted_at=None, **same).first()
    if block is None:
        return block_create(user=user, values=row.values)
    return block_update(block=block, user=user, values=row.values)


def _scan(row: BlockRow, block: Block, folder: Path, user: User) -> Scan:
    path = (folder / row.file).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise _bad(f"line {row.line}: there is no file {row.file} in the folder")
    with closing(File(path.open("rb"), name=row.file)) as file:
        return scan_add(block=block, user=user, name=path.name, stream=file, face=row.face, unit=row.unit)


def _item(row: BlockRow) -> Item:
    named = (
        Item.objects.filter(pk=int(row.item)) if row.item.isdigit() else Item.objects.filter(name=row.item)
    )
    found = list(named[:2])
    if len(found) != 1:
        raise _bad(f"line {row.line}: {'several' if found else 'no'} items are named {row.item}")
    return found[0]


def _bad(message: str) -> Refused:
    return Refused(message, hint="save it as CSV in UTF-8, with a header", code="bad_table")
