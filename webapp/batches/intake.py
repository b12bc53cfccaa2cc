"""One file of a batch: what it is, and the row it becomes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from PIL import Image

from common.file_types import UNKNOWN, FileType, Kind, claims, listed, unread_type
from common.junk import junk_reason
from common.page_shape import looks_like_page
from webapp.batches.models import Batch, BatchArchive, BatchLeftOut, MaybePage, Query
from webapp.core.errors import AppError, Conflict, Refused, TooLarge
from webapp.core.files.blobs import blob_path, blob_put
from webapp.core.files.uploads import ByteStream, Peeked, stored_name

MOST_PICTURE_BYTES = 512 * 1024 * 1024
_SIZED = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")
_ROW = ("batch", "name", "archive", "entry")
Row = TypeVar("Row", bound=Model)


def take(
    *,
    batch: Batch,
    name: str,
    stream: ByteStream,
    archive: BatchArchive | None = None,
    entry: int | None = None,
) -> Query | MaybePage | BatchArchive | BatchLeftOut:
    """Store a file and write its row; of a zip's entry, what is left out is given back unwritten.

    archive, entry: the zip it came in, and its place there.

    Raises:
        Conflict: the batch was deleted meanwhile.
        AppError: what reading ``stream`` raises, for an entry of a zip.
    """
    row = {"batch": batch, "name": stored_name(name), "archive": archive, "entry": entry}
    if reason := junk_reason(name):
        return leave_out(row, "junk", reason)
    peeked = Peeked(stream)
    found = peeked.file_type
    if found.can_be(Kind.ARCHIVE) or (found.can_be(Kind.PAGES) and not claims(name, Kind.PICTURE)):
        return take_archive(row, peeked, pages=found.can_be(Kind.PAGES))
    refusal = None if found.can_be(Kind.PICTURE) else refusal_of(name, found)
    if refusal and not claims(name, Kind.PICTURE):
        return leave_out(row, refusal.code, reason_of(str(refusal), refusal.hint))
    return _take_picture(row, peeked, refusal)


def refusal_of(name: str, found: FileType) -> AppError:
    """Why a file that is no picture that is read here cannot be taken."""
    if found.kind is Kind.EMPTY:
        return Refused(f"{name} is empty", hint="copy or export it again", code="empty")
    if found is UNKNOWN and not claims(name, Kind.PICTURE):
        found = unread_type(name)
    what, hint = f"{name} is {found.phrase}", f"save it as {listed(Kind.PICTURE)}"
    if found.name == "zip part":
        return Refused(what, hint="pack the files again as one zip", code="split_zip")
    if found.kind is Kind.PICTURE:
        what = f"{what}, which is not read here"
    elif found.kind is Kind.ARCHIVE:
        what, hint = f"{what}, which is not unpacked here", "unpack it, and pack it as a zip"
        return Refused(what, hint=hint, code="other_archive")
    elif found.kind is Kind.MESH:
        hint = "meshes go into the gallery"
    else:
        what = f"{name} is not a picture" + ("" if found is UNKNOWN else f" but {found.phrase}")
    return Refused(what, hint=hint, code="not_a_picture")


def reason_of(error: str, hint: str) -> str:
    """Reason and remedy in one line, for rows that have one field for both."""
    return f"{error}; {hint}" if hint else error


def take_archive(row: dict, peeked: Peeked, *, pages: bool = False) -> BatchArchive | BatchLeftOut:
    """Store a file of several images, which waits to be unpacked.

    row: as ``take`` writes it. pages: whether its images are pages.
    """
    if row["archive"] and peeked.file_type.can_be(Kind.ARCHIVE):
        reason = f"{row['name']} is a zip inside a zip; unpack it, or upload it by itself"
        return leave_out(row, "nested_archive", reason)
    try:
        blob = blob_put(peeked, name=row["name"])
    except TooLarge as error:
        return leave_out(row, error.code, reason_of(str(error), error.hint))
    batch = row["batch"]
    same = BatchArchive.objects.filter(batch=batch, sha256=blob.sha256)
    if other := same.exclude(state=BatchArchive.State.REJECTED).first():
        if row["archive"] and other.name == row["name"]:
            return other  # this very entry, by a worker that was thought dead
        return leave_out(row, "duplicate", f"the same file as {other.name}, which is in this batch already")
    return create_row(BatchArchive, batch=batch, name=row["name"], sha256=blob.sha256, pages=pages)


def _take_picture(row: dict, peeked: Peeked, refusal: AppError | None) -> Query | MaybePage | BatchLeftOut:
    try:
        blob = blob_put(peeked, name=row["name"], max_bytes=MOST_PICTURE_BYTES)
    except TooLarge as error:
        return leave_out(row, error.code, reason_of(str(error), error.hint))
    values = {**row, "sha256": blob.sha256}
    if refusal:
        values |= {
            "state": Query.State.REJECTED,
            "error_code": refusal.code,
            "error": str(refusal),
            "hint": refusal.hint,
        }
    same = _same(values)
    if same is None and refusal is None and (question := _take_maybe_page(values)):
        return question
    if same is None:
        try:
            return create_row(Query, **values, in_trash=_is_trashed(row["batch"]))
        except IntegrityError:  # another upload of the same picture was a moment earlier
            same = _same(values)
            if same is None:
                raise
    if (same.archive, same.entry) == (row["archive"], row["entry"]) != (None, None):
        return same  # this very entry, by a worker that was thought dead
    if row["archive"] is None and same.archive is None and same.name == row["name"]:
        return same  # this very file, sent again because the answer was lost on its way
    if refusal:
        return leave_out(row, refusal.code, reason_of(str(refusal), refusal.hint))
    return leave_out(row, "duplicate", f"the same picture as {same.name}, which is in this batch already")


def _take_maybe_page(values: dict) -> MaybePage | BatchLeftOut | None:
    """The row of a picture that looks like a page, where the batch does not take those as characters."""
    batch, name = values["batch"], values["name"]
    if batch.pictures_as == Batch.PicturesAs.CHARACTERS or not _is_as_large_as_a_page(values["sha256"]):
        return None
    rows = MaybePage.objects.filter(batch=batch, sha256=values["sha256"])
    if (same := rows.first()) is None:
        try:
            return create_row(MaybePage, **values)
        except IntegrityError:  # another upload of the same picture was a moment earlier
            same = rows.get()
    if (same.name, same.archive, same.entry) == (name, values["archive"], values["entry"]):
        return same  # this very file or entry, sent again
    reason = f"the same picture as {same.name}, which is in this batch already"
    return leave_out({one: values[one] for one in _ROW}, "duplicate", reason)


def _is_as_large_as_a_page(sha256: str) -> bool:
    """By the picture's head alone; a damaged one is for the worker to refuse."""
    try:
        with Image.open(blob_path(sha256), formats=_SIZED) as image:
            return looks_like_page(*image.size)
    except Image.DecompressionBombError:
        return True
    except (OSError, ValueError, SyntaxError):
        return False


def leave_out_duplicate(batch: Batch, name: str, same: Query) -> BatchLeftOut:
    """Note that a picture came twice, under whatever names."""
    reason = f"the same picture as {same.name}, which is in this batch already"
    return create_row(BatchLeftOut, batch=batch, name=stored_name(name), code="duplicate", reason=reason)


def note_further_pages(query: Query, count: int) -> None:
    """Note that a picture's file has more pages than the one that was read; one note a file."""
    values: dict[str, Any] = {"batch": query.batch, "name": query.name, "code": "more_pages"}
    if not BatchLeftOut.objects.filter(**values).exists():
        pages = "1 more page, which was" if count == 1 else f"{count} more pages, which were"
        reason = f"{query.name} has {pages} left out; save each page as a file of its own, and upload those"
        create_row(BatchLeftOut, **values, reason=reason)


def _is_trashed(batch: Batch) -> bool:
    """Whether the batch was deleted while its files were coming in."""
    return Batch.everything.filter(pk=batch.pk, deleted__isnull=False).exists()


def _same(values: dict) -> Query | None:
    return Query.everything.filter(batch=values["batch"], sha256=values["sha256"]).first()


def left_out_entry(archive: BatchArchive, entry: int, name: str, code: str, reason: str) -> BatchLeftOut:
    """An unwritten row of an entry of a zip that becomes nothing."""
    return BatchLeftOut(
        batch=archive.batch,
        archive=archive,
        entry=entry,
        name=stored_name(name),
        code=code[:40],
        reason=stored_name(reason),
    )


def leave_out(row: dict, code: str, reason: str) -> BatchLeftOut:
    """Note a file that becomes nothing; of a zip's entry, the row is given back unwritten."""
    if row["archive"]:
        return left_out_entry(row["archive"], row["entry"], row["name"], code, reason)
    if known := BatchLeftOut.objects.filter(**row, code=code[:40]).first():
        return known  # sent again because the answer was lost on its way
    return create_row(BatchLeftOut, **row, code=code[:40], reason=reason)


def create_row(model: type[Row], *, of: Batch | None = None, **values) -> Row:
    """Write a row in a transaction of its own. of: its batch, where the row does not name it.

    Raises:
        Conflict: the batch was deleted meanwhile.
    """
    with batch_still_there(of or values["batch"]), transaction.atomic():
        return model._default_manager.create(**values)


@contextmanager
def batch_still_there(batch: Batch) -> Iterator[None]:
    """Say it where rows cannot be written because their batch is gone.

    Raises:
        Conflict: the batch was deleted meanwhile.
    """
    try:
        yield
    except IntegrityError:
        if not Batch.objects.filter(pk=batch.pk).exists():
            raise Conflict(
                "the batch was deleted while files were coming in",
                hint="make a new batch",
                code="gone",
                retryable=False,
            ) from None
        raise
