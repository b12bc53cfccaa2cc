"""One file of a document: what it is, and the page, or the file of pages, that it becomes."""

from django.db import IntegrityError
from PIL import Image

from common.file_types import Kind, claims
from common.junk import junk_reason
from webapp.batches import intake
from webapp.batches.models import BatchArchive, BatchLeftOut
from webapp.core.errors import AppError, TooLarge
from webapp.core.files.blobs import blob_path, blob_put
from webapp.core.files.uploads import ByteStream, Peeked, stored_name
from webapp.pages.manifests.manifest import is_manifest
from webapp.pages.models import Document, Page


def page_take(
    *,
    document: Document,
    name: str,
    stream: ByteStream,
    archive: BatchArchive | None = None,
    entry: int | None = None,
) -> Page | BatchArchive | BatchLeftOut:
    """Store a file of a document and write its row; as ``batches.intake.take``, with pages for queries.

    Zips, PDFs, TIFFs of several pages and IIIF manifests become rows that wait to be unpacked.

    Raises:
        Conflict: the batch was deleted meanwhile.
        AppError: what reading ``stream`` raises, for an entry of a zip.
    """
    row = {"batch": document.batch, "name": stored_name(name), "archive": archive, "entry": entry}
    if reason := junk_reason(name):
        return intake.leave_out(row, "junk", reason)
    peeked = Peeked(stream)
    found = peeked.file_type
    if found.can_be(Kind.ARCHIVE) or found.can_be(Kind.PAGES) or is_manifest(peeked.head):
        return intake.take_archive(row, peeked, pages=True)
    refusal = None if found.can_be(Kind.PICTURE) else intake.refusal_of(name, found)
    if refusal and not claims(name, Kind.PICTURE):
        return intake.leave_out(row, refusal.code, intake.reason_of(str(refusal), refusal.hint))
    return _take_picture(document, row, peeked, refusal)


def _take_picture(
    document: Document, row: dict, peeked: Peeked, refusal: AppError | None
) -> Page | BatchArchive | BatchLeftOut:
    try:
        blob = blob_put(peeked, name=row["name"], max_bytes=intake.MOST_PICTURE_BYTES)
    except TooLarge as error:
        return intake.leave_out(row, error.code, intake.reason_of(str(error), error.hint))
    if refusal is None and peeked.file_type.name == "tiff" and _has_several_pages(blob.sha256):
        with blob_path(blob.sha256).open("rb") as file:
            return intake.take_archive(row, Peeked(file), pages=True)
    values = {"document": document, "name": row["name"], "sha256": blob.sha256}
    values |= {"archive": row["archive"], "entry": row["entry"]}
    if refusal:
        values |= {"state": Page.State.REJECTED, "error_code": refusal.code}
        values |= {"error": str(refusal), "hint": refusal.hint}
    try:
        if (same := _same(values)) is None:
            values["position"] = _last(document) + 1
            return intake.create_row(Page, of=row["batch"], **values)
    except IntegrityError:  # another upload of the same page was a moment earlier
        if (same := _same(values)) is None:
            raise
    in_place = (row["archive"], row["entry"]) == (same.archive, same.entry)
    if in_place and (row["archive"] is not None or same.name == row["name"]):
        return same  # this very file or entry, sent again
    return intake.leave_out(
        row, "duplicate", f"the same page as {same.name}, which is in this document already"
    )


def _same(values: dict) -> Page | None:
    return Page.objects.filter(document=values["document"], sha256=values["sha256"]).first()


def _last(document: Document) -> int:
    return Page.objects.filter(document=document).count()


def _has_several_pages(sha256: str) -> bool:
    """Whether a TIFF holds more than one picture; a damaged one is for the worker to refuse."""
    try:
        with Image.open(blob_path(sha256), formats=("TIFF",)) as image:
            return getattr(image, "n_frames", 1) > 1
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
