"""Snapshots: the labels of one moment, written to files that never change."""

from webapp.core.errors import DiskFull
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import Freezing
from webapp.datasets.snapshots.services import snapshot_fail, snapshot_finish, snapshot_write
from workers.runtime.runner import Progress


def snapshot_freeze(payload: dict, progress: Progress) -> None:
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
            snapshot_fail(snapshot=snapshot, error=str(error), hint=error.hint)
    finally:
        freezing.discard()
