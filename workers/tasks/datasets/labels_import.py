"""Imports of labels: a file is read, applied or taken back, some rows at a time."""

from collections.abc import Callable

from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_check, blob_existing
from webapp.datasets.imports.matching import match_rows
from webapp.datasets.imports.reading import format_of, read_labels_file
from webapp.datasets.imports.services import (
    AT_ONCE,
    LABELS_IMPORT,
    import_apply_part,
    import_fail,
    import_read,
    import_undo_part,
)
from webapp.datasets.models import LabelImport
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress

State = LabelImport.State
_REPORT_EVERY = 1000


def labels_import(payload: dict, progress: JobProgress) -> None:
    """Do what ``payload["import"]`` waits for. Harmless when done twice."""
    upload = LabelImport.objects.select_related("by_name_in").filter(pk=payload["import"]).first()
    if upload is None:
        return
    if upload.state == State.READING:
        _read(upload, progress)
    elif upload.state == State.APPLYING:
        _go_through(upload, import_apply_part, progress)
    elif upload.state == State.UNDOING:
        _go_through(upload, import_undo_part, progress)


def _read(upload: LabelImport, progress: JobProgress) -> None:
    path, rows = blob_existing(upload.sha256, name=upload.name), []
    blob_check(upload.sha256, name=upload.name)  # half a file would be read as half of the labels
    try:
        format = format_of(path)
        for row in match_rows(read_labels_file(path, format), by_name_in=upload.by_name_in):
            rows.append(row)
            if len(rows) % _REPORT_EVERY == 0:
                progress.report(len(rows), len(rows))
    except Refused as error:
        problem = error
    else:
        with progress.writing():
            import_read(upload=upload, format=format, rows=rows)
        return
    with progress.writing():
        import_fail(pk=upload.pk, code=problem.code, error=str(problem), hint=problem.hint)


def _go_through(upload: LabelImport, part: Callable[..., bool], progress: JobProgress) -> None:
    total, done, more = upload.rows.count(), 0, True
    while more:
        with progress.writing():
            more = part(upload=upload)
        done = min(done + AT_ONCE, total)
        progress.report(done, total)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    import_fail(pk=payload["import"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=LABELS_IMPORT, run=labels_import, on_give_up=_on_give_up)
