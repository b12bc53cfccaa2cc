"""All that is ever done to an import of boxes: stored, taken in page by page, failed."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from webapp.batches.models import FreedBlob
from webapp.core.errors import Conflict, TooLarge
from webapp.core.files.blobs import blob_put
from webapp.core.files.uploads import ByteStream
from webapp.documents.box_imports.checks import PageToImport
from webapp.documents.box_imports.matching import Problem
from webapp.documents.models import BoxImport, BoxImportFile
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.pages.boxes.imports import page_import_boxes
from webapp.pages.models import Box, Document, Page

BOXES_IMPORT = JobKind("boxes.import", queue="batch")  # {"import": pk of BoxImport}
MOST_BYTES = 128 << 20
MOST_PROBLEMS = 100
"""So many are named; all are counted."""

State = BoxImport.State


def box_import_add(
    *,
    document: Document,
    person,
    files: Iterable[tuple[str, ByteStream]],
    page: Page | None = None,
    labels: bool = False,
) -> BoxImport:
    """Store files of boxes, or zips of them, and have a worker put the boxes onto their pages.

    page: the only one that takes boxes. labels: whether their characters become the person's answers once
    the boxes are matched; else they are proposals.

    Raises:
        TooLarge: the files have more than 128 MB together.
        DiskFull: there is no room for them.
    """
    stored, left = [], MOST_BYTES
    for name, stream in files:
        left -= getattr(stream, "size", 0) or 0
        if left < 0:
            raise TooLarge("the files are too large", hint="send them in several parts")
        stored.append((name, blob_put(stream, name=name, max_bytes=MOST_BYTES).sha256))
    with transaction.atomic():
        made = BoxImport.objects.create(document=document, page=page, person=person, labels=labels)
        BoxImportFile.objects.bulk_create(
            BoxImportFile(upload=made, name=name[:255], sha256=sha256) for name, sha256 in stored
        )
        box_import_enqueue(upload=made)
    return made


def box_import_enqueue(*, upload: BoxImport) -> None:
    """Have a worker go on with it."""
    job_enqueue(
        kind=BOXES_IMPORT,
        payload={"import": upload.pk},
        subject=f"document:{upload.document_id}",
        owner=upload.person_id,
    )


def box_import_begin(*, upload: BoxImport, total: int, problems: Sequence[Problem]) -> None:
    """Write down what the files hold, and what of it is left out. Harmless when done twice."""
    shown = [{"where": one.where, "code": one.code, "problem": one.text} for one in problems[:MOST_PROBLEMS]]
    _save(upload, total=total, problem_count=len(problems), problems=shown)


def box_import_page(*, upload: BoxImport, one: PageToImport) -> None:
    """Put the boxes of one page of the files onto it, in the caller's transaction; once, however often it is
    called. It can be undone on the page.
    """
    upload.refresh_from_db()
    if one.key in upload.done or upload.state != State.WAITING:
        return
    source = Box.ProposalSource.LABEL if upload.labels else Box.ProposalSource.IMPORT
    values = {"done": [*upload.done, one.key], "taken": upload.taken + len(one.boxes)}
    try:
        added, proposed = page_import_boxes(
            page=one.page, person=upload.person, boxes=one.boxes, source=source
        )
    except Conflict as error:
        problem = {"where": one.page.name, "code": error.code, "problem": str(error)}
        problems = [*upload.problems, problem][:MOST_PROBLEMS]
        _save(upload, **values, problem_count=upload.problem_count + 1, problems=problems)
        return
    _save(
        upload,
        **values,
        pages=upload.pages + 1,
        added=upload.added + added,
        proposed=upload.proposed + proposed,
    )


@transaction.atomic
def box_import_finish(*, upload: BoxImport) -> None:
    """All pages were gone through; characters that are labels wait until the boxes are matched."""
    upload.refresh_from_db()
    if upload.state == State.WAITING:
        _save(upload, state=State.LABELLING if upload.labels else State.READY, **BoxImport.NO_ERROR)
        _files_forget(upload)


@transaction.atomic
def box_import_fail(*, pk: int, code: str, error: str, hint: str = "") -> None:
    """It could not be taken in. One that was stays so."""
    upload = BoxImport.objects.select_for_update().filter(pk=pk, state=State.WAITING).first()
    if upload is not None:
        _save(upload, state=State.FAILED, error_code=code[:40], error=error, hint=hint)
        _files_forget(upload)


def _files_forget(upload: BoxImport) -> None:
    digests = list(upload.files.values_list("sha256", flat=True))
    FreedBlob.objects.bulk_create((FreedBlob(digest=one) for one in digests), ignore_conflicts=True)
    upload.files.all().delete()


def _save(upload: BoxImport, **values) -> None:
    for name, value in values.items():
        setattr(upload, name, value)
    upload.save(update_fields=list(values))
