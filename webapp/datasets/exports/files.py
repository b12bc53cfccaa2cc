"""The file of an export: a table, or a zip of a table and its pictures."""

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from common.file_heads import HEAD
from common.file_types import sniff
from webapp.batches.models import Query
from webapp.core.blobs import blob_path
from webapp.datasets.exports.formats import WRITERS
from webapp.datasets.exports.formats.source import Member, Source
from webapp.datasets.exports.image_names import ImageNames
from webapp.datasets.exports.rows import Row, common_folder, count_of, rows_of
from webapp.datasets.exports.selectors import is_packed
from webapp.datasets.exports.writers import Table, table_of
from webapp.datasets.models import Export, Snapshot

_CHUNK = 1 << 20
_REPORT_EVERY = 200
_PACKED_ALREADY = {"png", "jpeg", "gif", "webp"}
_PACKED_ENDINGS = {*_PACKED_ALREADY, "jpg", "parquet"}


@dataclass(frozen=True)
class Written:
    """What was written. size: bytes. sha256: of the file. rows: how many there are in its table."""

    size: int
    sha256: str
    rows: int


def write_export(export: Export, file: BinaryIO, *, report: Callable[[int, int], None]) -> Written:
    """Write an export into an empty, open file.

    report: told how many of how many queries are done; what it raises ends the writing.
    """
    if export.snapshot:
        return _write_snapshot(export, file, report)
    folder = common_folder(export.batch) if export.format == Export.Format.COURSE else ""
    table = table_of(export.format, with_images=export.with_images, folder=folder)
    rows = _reported(_wanted(export, table), count_of(export.batch), report)
    count = _write_zip(table, rows, file) if export.with_images else _write_table(table, rows, file)
    file.flush()
    return Written(file.tell(), _digest(Path(file.name)), count)


def _write_snapshot(export: Export, file: BinaryIO, report: Callable[[int, int], None]) -> Written:
    total = export.snapshot.count or 0
    source = Source(export.snapshot, export.split, is_packed(export), lambda done: _tell(report, done, total))
    members = WRITERS[export.format](source)
    if is_packed(export):
        _pack(members, source, file)
    else:
        for member in members:
            _copy(member, file)
    file.flush()
    return Written(file.tell(), _digest(Path(file.name)), total)


def _tell(report: Callable[[int, int], None], done: int, total: int) -> None:
    if done % _REPORT_EVERY == 0 or done == total:
        report(done, total)


def _pack(members: Iterator[Member], source: Source, file: BinaryIO) -> None:
    """A zip of all members; what could not be put in is named in ``missing.txt``."""
    with zipfile.ZipFile(file, "w", allowZip64=True) as packed:
        for member in members:
            _pack_one(member, packed, source.snapshot)
        if source.missing:
            lines = "".join(f"{line}\n" for line in source.missing)
            _pack_one(Member("missing.txt", [lines.encode()]), packed, source.snapshot)


def _pack_one(member: Member, packed: zipfile.ZipFile, snapshot: Snapshot) -> None:
    info = zipfile.ZipInfo(member.name, snapshot.frozen.timetuple()[:6])
    ending = member.name.rpartition(".")[2]
    info.compress_type = zipfile.ZIP_STORED if ending in _PACKED_ENDINGS else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with packed.open(info, "w", force_zip64=True) as entry:
        _copy(member, entry)


def _copy(member: Member, file) -> None:
    if isinstance(member.content, Path):
        with member.content.open("rb") as stored:
            shutil.copyfileobj(stored, file, _CHUNK)
        return
    for part in member.content:
        file.write(part)


def _wanted(export: Export, table: Table) -> Iterator[Row | None]:
    """The rows of the batch; None in the place of one that this format leaves out."""
    for row in rows_of(export.batch):
        yield row if table.all_rows or row.label else None


def _reported(rows: Iterator[Row | None], total: int, report: Callable[[int, int], None]) -> Iterator[Row]:
    for done, row in enumerate(rows):
        if done % _REPORT_EVERY == 0:
            report(done, max(done, total))
        if row is not None:
            yield row
    report(total, total)


def _write_table(table: Table, rows: Iterator[Row], file: BinaryIO) -> int:
    count = 0
    file.write(table.begin().encode())
    for row in rows:
        line = table.line(row)
        file.write(line.encode())
        count += bool(line)
    return count


def _write_zip(table: Table, rows: Iterator[Row], file: BinaryIO) -> int:
    """Pictures first, each as its row comes by; the table waits beside, and goes in last."""
    names = ImageNames()
    with (
        zipfile.ZipFile(file, "w", allowZip64=True) as packed,
        tempfile.TemporaryFile(dir=Path(file.name).parent) as lines,
    ):
        count = _write_table(table, (_with_image(row, packed, names) for row in rows), lines)
        lines.seek(0)
        info = zipfile.ZipInfo(table.name)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        with packed.open(info, "w", force_zip64=True) as entry:
            shutil.copyfileobj(lines, entry, _CHUNK)
    return count


def _with_image(row: Row, packed: zipfile.ZipFile, names: ImageNames) -> Row:
    """Put the row's picture into the zip. One whose file is gone leaves the row without it."""
    try:
        stored = blob_path(row.query.sha256).open("rb")
    except FileNotFoundError:
        return row
    with stored:
        found = sniff(stored.read(HEAD))
        stored.seek(0)
        name = f"images/{names.name(row.query.name, found, key=row.query.pk)}"
        with packed.open(_image_info(name, found.name, row.query), "w", force_zip64=True) as entry:
            shutil.copyfileobj(stored, entry, _CHUNK)
    return replace(row, image=name)


def _image_info(name: str, kind: str, query: Query) -> zipfile.ZipInfo:
    """Nothing in it but the picture's own facts: the same labels make the same file."""
    info = zipfile.ZipInfo(name, query.created.timetuple()[:6])
    info.compress_type = zipfile.ZIP_STORED if kind in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
