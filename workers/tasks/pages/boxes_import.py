"""Files of boxes: put onto their pages one after the other, their characters made labels once matched."""

from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_check, blob_existing
from webapp.documents.box_imports.checks import pages_to_import
from webapp.documents.box_imports.labels import AT_ONCE, box_labels_part
from webapp.documents.box_imports.services import (
    BOXES_IMPORT,
    box_import_begin,
    box_import_fail,
    box_import_finish,
    box_import_page,
)
from webapp.documents.models import BoxImport
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress


def boxes_import(payload: dict, progress: JobProgress) -> None:
    """Go on with the import ``payload["import"]``. Harmless when done twice: a page is gone through once.

    The files are read and checked whole before the first page is written.

    Raises:
        StoreTrouble: a file is missing from the store, or damaged in it.
    """
    imports = BoxImport.objects.select_related("document", "page", "person")
    upload = imports.filter(pk=payload["import"]).first()
    if upload is None:
        return
    if upload.state == BoxImport.State.WAITING:
        _take_in(upload, progress)
    elif upload.state == BoxImport.State.LABELLING:
        _label(upload, progress)


def _take_in(upload: BoxImport, progress: JobProgress) -> None:
    try:
        pages, problems = pages_to_import(upload, _files(upload))
    except Refused as error:
        with progress.writing():
            box_import_fail(pk=upload.pk, code=error.code, error=str(error), hint=error.hint)
        return
    total = sum(len(one.boxes) for one in pages)
    with progress.writing():
        if not upload.done:
            box_import_begin(upload=upload, total=total, problems=problems)
    for one in pages:
        with progress.writing():
            box_import_page(upload=upload, one=one)
        progress.report(upload.taken, total)
    with progress.writing():
        box_import_finish(upload=upload)


def _files(upload: BoxImport) -> list[tuple[str, bytes]]:
    found = []
    for file in upload.files.order_by("pk"):
        blob_check(file.sha256, name=file.name)  # half a file would be taken in as half of the boxes
        found.append((file.name, blob_existing(file.sha256, name=file.name).read_bytes()))
    return found


def _label(upload: BoxImport, progress: JobProgress) -> None:
    done, more = 0, True
    while more:
        with progress.writing():
            more = box_labels_part(upload=upload)
        done += AT_ONCE
        progress.report(min(done, upload.proposed), upload.proposed)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    box_import_fail(pk=payload["import"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=BOXES_IMPORT, run=boxes_import, on_give_up=_on_give_up)
