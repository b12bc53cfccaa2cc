"""Exports: the labels of a batch or of a snapshot as one file."""

from common.publish import open_private, path_aside, publish_file
from webapp.core.errors import DiskFull
from webapp.core.files.disk import full_disk_refused
from webapp.datasets.exports.file import write_export
from webapp.datasets.exports.selectors import export_path
from webapp.datasets.exports.services import EXPORT_WRITE, export_fail, export_finish
from webapp.datasets.models import Export
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress


def export_write(payload: dict, progress: JobProgress) -> None:
    """Write the file of ``payload["export"]``. One that is ready is left as it is.

    The file takes its place, and its row says so, while the job is certainly this worker's; until then
    it is written aside. A full disk ends the export at once: somebody is waiting for it.
    """
    export = (
        Export.objects.select_related("batch", "snapshot")
        .filter(pk=payload["export"], state=Export.State.WAITING)
        .first()
    )
    if export is None:
        return
    try:
        with full_disk_refused("the export"), path_aside(export_path(export)) as aside:
            with open_private(aside) as file:
                written = write_export(export, file, report=progress.report)
            with progress.writing():
                publish_file(aside, export_path(export))
                export_finish(export=export, written=written)
    except DiskFull as error:
        with progress.writing():
            export_fail(export=export, code=error.code, error=str(error), hint=error.hint)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    for export in Export.objects.filter(pk=payload["export"]):
        export_fail(export=export, code=code, error=error, hint=hint)


JOB = JobHandler(kind=EXPORT_WRITE, run=export_write, on_give_up=_on_give_up)
