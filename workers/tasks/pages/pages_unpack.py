"""Files of several pages: zips, PDFs, TIFFs and manifests; each page goes the way a single one goes.

A batch's pictures that are pages after all come this way, too.
"""

import io
from collections.abc import Iterator

from common.archives.archive import open_archive
from common.archives.errors import BadArchive
from common.archives.refusals import Limits
from common.errors import BadInput
from common.file_heads import HEAD
from common.file_types import Kind, sniff
from retrieval.io.page_files import PageFile, pdf_pages, tiff_pages
from webapp.batches.intake import MOST_PICTURE_BYTES
from webapp.batches.models import BatchArchive
from webapp.batches.services import PAGES_UNPACK, archive_finish, archive_refuse
from webapp.core.files.blobs import blob_check, blob_existing
from webapp.pages.manifests.services import document_note_manifest
from webapp.pages.services import batch_document, document_enqueue
from webapp.pages.unpacking import PageEntries
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.pages.manifest_pages import is_fetched, manifest_of, manifest_pictures
from workers.tasks.unpacking import unpack_entries

_LIMITS = Limits(member_bytes=MOST_PICTURE_BYTES, total_bytes=16 * 1024**3)
_READERS = {"pdf": pdf_pages, "tiff": tiff_pages}
_AT_ONCE = 10  # the first pages are read while the last are unpacked


def pages_unpack(payload: dict, progress: JobProgress) -> None:
    """Take the pages of ``payload["archive"]`` into the document of its batch.

    Done again after a kill, it goes on where it was: what became of a page stands in its row.
    """
    archive = BatchArchive.objects.filter(pk=payload["archive"], state=BatchArchive.State.WAITING).first()
    if archive is None or archive.batch.deleted:
        return  # done before, or the batch was deleted; one that is restored has its files unpacked again
    was_new = not hasattr(archive.batch, "document")
    document = batch_document(batch=archive.batch)
    entries = PageEntries(archive, document)
    stored = blob_existing(archive.sha256, name=archive.name)
    try:
        with stored.open("rb") as file:
            head = file.read(HEAD)
        kind = sniff(head, size=stored.stat().st_size)
        if is_fetched(head):
            _fetch(stored.read_bytes(), archive.name, entries, document, progress)
        elif reader := _READERS.get(kind.name):
            _take(reader(stored, name=archive.name), entries, document, progress)
        elif kind.can_be(Kind.PICTURE):
            with stored.open("rb") as file:
                entries.add_page(0, archive.name, file)
            entries.close()
        else:
            with open_archive(stored, name=archive.name, limits=_LIMITS) as opened:
                unpack_entries(opened, entries, progress)
    except (BadArchive, BadInput) as error:
        blob_check(archive.sha256, name=archive.name)
        archive_refuse(archive=archive, code=error.code, error=str(error), hint=error.hint)
        if document.pages.exists() or not was_new:
            document_enqueue(document=document)
        else:
            document.delete()  # nothing of it was a page
    else:
        archive_finish(archive=archive)
        document_enqueue(document=document)


def _take(pages: Iterator[PageFile], entries: PageEntries, document, progress: JobProgress) -> None:
    for number, page in enumerate(pages, 1):
        if page.data is None:
            reason = f"{page.error}; {page.error.hint}" if page.error else ""
            code = page.error.code if page.error else "image_damaged"
            entries.leave_page_out(page.index, page.name, code, reason)
        else:
            entries.add_page(page.index, page.name, io.BytesIO(page.data))
        progress.report(number, number)
        if number % _AT_ONCE == 0:
            document_enqueue(document=document)
    entries.close()


def _fetch(data: bytes, name: str, entries: PageEntries, document, progress: JobProgress) -> None:
    """Fetch what a manifest names; a picture that is not to be had is named, and the rest goes on."""
    manifest = manifest_of(data, name=name)
    document_note_manifest(document=document, address=manifest.address, rights=manifest.rights)
    for picture in manifest_pictures(manifest, done=entries.done):
        if picture.file is not None:
            entries.add_page(picture.index, picture.name, picture.file)
        elif picture.error:
            error = picture.error
            entries.leave_page_out(
                picture.index, picture.name, error.code, f"{error}; {error.hint}".strip("; ")
            )
        progress.report(picture.index + 1, len(manifest.pictures))
        document_enqueue(document=document)
    entries.close()


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    for archive in BatchArchive.objects.filter(pk=payload["archive"]):
        archive_refuse(archive=archive, code=code, error=error, hint=hint)


JOB = JobHandler(kind=PAGES_UNPACK, run=pages_unpack, on_give_up=_on_give_up)
