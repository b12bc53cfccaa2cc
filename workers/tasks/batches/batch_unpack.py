"""Zips of a batch: each picture in one goes the way a single file goes, and a bad one stops no other."""

from common.archives.archive import open_archive
from common.archives.errors import BadArchive
from common.archives.refusals import Limits
from webapp.batches.intake import MOST_PICTURE_BYTES
from webapp.batches.models import BatchArchive
from webapp.batches.services import BATCH_UNPACK, archive_finish, archive_refuse
from webapp.batches.unpacking import BatchEntries
from webapp.core.files.blobs import blob_existing
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.unpacking import unpack_entries

_LIMITS = Limits(member_bytes=MOST_PICTURE_BYTES, total_bytes=16 * 1024**3)


def batch_unpack(payload: dict, progress: JobProgress) -> None:
    """Take the pictures of ``payload["archive"]``, a zip of a batch, into the batch.

    Done again after a kill, it goes on where it was: what became of an entry stands in its row.
    """
    archive = BatchArchive.objects.filter(pk=payload["archive"], state=BatchArchive.State.WAITING).first()
    if archive is None or archive.batch.deleted:
        return  # done before, or the batch was deleted; one that is restored has its zips unpacked again
    try:
        stored = blob_existing(archive.sha256, name=archive.name)
        with open_archive(stored, name=archive.name, limits=_LIMITS) as opened:
            unpack_entries(opened, BatchEntries(archive), progress)
    except BadArchive as error:
        archive_refuse(archive=archive, code=error.code, error=str(error), hint=error.hint)
    else:
        archive_finish(archive=archive)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    for archive in BatchArchive.objects.filter(pk=payload["archive"]):
        archive_refuse(archive=archive, code=code, error=error, hint=hint)


JOB = JobHandler(kind=BATCH_UNPACK, run=batch_unpack, on_give_up=_on_give_up)
