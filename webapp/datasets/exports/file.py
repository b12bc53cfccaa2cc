"""The file of an export: one table, or a zip of several files."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from webapp.batches.models import Batch, Query
from webapp.core.errors import AppError
from webapp.core.files.blobs import store_check
from webapp.core.moment import one_moment
from webapp.datasets.exports.format import DOCUMENT
from webapp.datasets.exports.formats import ALL_FORMATS
from webapp.datasets.exports.members import Member
from webapp.datasets.exports.selectors import is_packed
from webapp.datasets.exports.sources.page_source import book_of
from webapp.datasets.exports.sources.source import Source
from webapp.datasets.exports.sources.spool import Spool, open_spool
from webapp.datasets.exports.sources.stored_files import MissingFile
from webapp.datasets.models import Export, Snapshot
from webapp.datasets.snapshots.entries import entries_of
from webapp.datasets.snapshots.files import read_entries
from webapp.pages.models import Document

_CHUNK = 1 << 20
_REPORT_EVERY = 200
_PACKED_ENDINGS = {"png", "jpeg", "jpg", "gif", "webp", "parquet"}

Report = Callable[[int, int], None]


class FileChanged(AppError):
    """A stored file was whole when it was looked at, and is another now."""

    code = "file_changed"
    status = 500
    retryable = True


@dataclass(frozen=True)
class Written:
    """What was written. size: bytes. sha256: of the file. missing: files that could not be put in."""

    size: int
    sha256: str
    missing: tuple[MissingFile, ...]


def write_export(export: Export, file: BinaryIO, *, report: Report) -> Written:
    """Write an export into an empty, open file.

    report: called with how many of how many labels are done; what it raises ends the writing.

    Raises:
        BadSnapshot: the snapshot's files are not what was frozen.
        FileChanged: a stored file was changed while it was read.
    """
    with _source(export, report) as source:
        members = ALL_FORMATS[export.format].write(source)
        if is_packed(export):
            _pack(members, source, file)
        else:
            for member in members:
                _copy(member, file)
        missing = tuple(source.missing)
    file.flush()
    return Written(file.tell(), _digest(Path(file.name)), missing)


@contextmanager
def _source(export: Export, report: Report) -> Iterator[Source]:
    """What the export is of; a batch's labels are those of this moment."""
    files = is_packed(export)
    if files:
        store_check()
    source = export.source
    if isinstance(source, Snapshot):
        yield _of_snapshot(source, export.split, files, report)
        return
    if DOCUMENT in ALL_FORMATS[export.format].sources:
        yield _of_document(export, report)
        return
    with open_spool() as spool:
        with one_moment():
            ready = Query.objects.filter(batch=source, state=Query.State.READY)
            spool.write(entries_of(ready.order_by("pk")))
        yield _of_batch(source, spool, export.split, files, report)


def _of_snapshot(snapshot: Snapshot, split: str, with_files: bool, report: Report) -> Source:
    return Source(
        name=str(snapshot),
        made=snapshot.frozen or snapshot.created,
        entries=lambda: read_entries(snapshot.number, snapshot.digest, snapshot.origins),
        split=split,
        with_files=with_files,
        report=_now_and_then(report, snapshot.count or 0),
        digest=snapshot.digest,
    )


def _of_batch(batch: Batch, spool: Spool, split: str, with_files: bool, report: Report) -> Source:
    return Source(
        name=batch.name,
        made=batch.created,
        entries=spool.read,
        split=split,
        with_files=with_files,
        report=_now_and_then(report, spool.count),
    )


def _of_document(export: Export, report: Report) -> Source:
    """Its pictures are put in where they are wanted; a zip it may be for having many files."""
    document = Document.objects.select_related("batch").get(batch=export.batch)
    return Source(
        name=document.title,
        made=document.batch.created,
        entries=lambda: iter(()),
        split=export.split,
        with_files=export.with_images,
        report=_now_and_then(report, 0),
        book=book_of(document, export.page),
    )


def _now_and_then(report: Report, total: int) -> Callable[[int], None]:
    def report_some(done: int) -> None:
        if done % _REPORT_EVERY == 0 or done == total:
            report(done, total)

    return report_some


def _pack(members: Iterator[Member], source: Source, file: BinaryIO) -> None:
    """A zip of all members; what could not be put in is named in ``missing.txt``."""
    with zipfile.ZipFile(file, "w", allowZip64=True) as packed:
        for member in members:
            _pack_one(member, packed, source.made)
        if source.missing:
            lines = "".join(f"{one.line()}\n" for one in source.missing)
            _pack_one(Member("missing.txt", [lines.encode()]), packed, source.made)


def _pack_one(member: Member, packed: zipfile.ZipFile, made: datetime) -> None:
    """Nothing in it but the member's own content and the source's date: the same labels, the same file."""
    info = zipfile.ZipInfo(member.name, made.timetuple()[:6])
    ending = member.name.rpartition(".")[2].lower()
    info.compress_type = zipfile.ZIP_STORED if ending in _PACKED_ENDINGS else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with packed.open(info, "w", force_zip64=True) as entry:
        _copy(member, entry)


def _copy(member: Member, file: IO[bytes]) -> None:
    digest = hashlib.sha256()
    for part in _parts(member):
        digest.update(part)
        file.write(part)
    if member.sha256 and digest.hexdigest() != member.sha256:
        raise FileChanged(f"the file of {member.name} was changed while it was read", hint="export again")


def _parts(member: Member) -> Iterator[bytes]:
    if not isinstance(member.content, Path):
        yield from member.content
        return
    with member.content.open("rb") as stored:
        while part := stored.read(_CHUNK):
            yield part


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
