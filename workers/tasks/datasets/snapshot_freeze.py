"""Snapshots: the labels of one moment, written to files that never change."""

from webapp.core.errors import DiskFull
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import Freezing
from webapp.datasets.snapshots.services import SNAPSHOT_FREEZE, snapshot_fail, snapshot_finish, snapshot_write
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress


def snapshot_freeze(payload: dict, progress: JobProgress) -> None:
    """Freeze ``payload["snapshot"]``. One that is ready, or has failed, is left as it is.

    The files take their place while the job is certainly this worker's, and the row that says so is
    committed right after: a worker that dies between leaves files that nobody reads, and the next try puts
    its own there. A full disk ends it at once: somebody is waiting for it.
    """
    snapshot = Snapshot.objects.filter(pk=payload["snapshot"], state=Snapshot.State.WAITING).first()
    if snapshot is None:
        return
    freezing = Freezing(snapshot.number)
    try:
        frozen = snapshot_write(snapshot=snapshot, freezing=freezing, report=progress.note)
        with progress.writing():
            freezing.publish()
            snapshot_finish(snapshot=snapshot, frozen=frozen)
    except DiskFull as error:
        with progress.writing():
            snapshot_fail(snapshot=snapshot, code=error.code, error=str(error), hint=error.hint)
    finally:
        freezing.discard()


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    for snapshot in Snapshot.objects.filter(pk=payload["snapshot"]):
        snapshot_fail(snapshot=snapshot, code=code, error=error, hint=hint)


JOB = JobHandler(kind=SNAPSHOT_FREEZE, run=snapshot_freeze, on_give_up=_on_give_up)
