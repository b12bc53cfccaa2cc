"""Zips for the gallery: each mesh in one goes the way a single file goes, and a bad one stops no other."""

from common.archives.archive import open_archive
from common.archives.errors import BadArchive
from webapp.core.files.blobs import blob_existing
from webapp.gallery.imports.intake import IMPORT_UNPACK
from webapp.gallery.imports.unpacking import GalleryEntries
from webapp.gallery.models import ImportArchive
from webapp.gallery.services import archive_reject, archive_unpacked, import_close
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.unpacking import unpack_entries


def import_unpack(payload: dict, progress: JobProgress) -> None:
    """Take the meshes of ``payload["archive"]``, a zip of an upload to the gallery, into the gallery.

    Done again after a kill, it finds the files that it took as what they became.
    """
    archive = ImportArchive.objects.filter(pk=payload["archive"], state=ImportArchive.State.WAITING).first()
    if archive is None:
        return  # done before
    try:
        stored = blob_existing(archive.sha256, name=archive.name)
        with open_archive(stored, name=archive.name) as opened:
            unpack_entries(opened, GalleryEntries(archive), progress)
    except BadArchive as error:
        archive_reject(pk=archive.pk, code=error.code, error=str(error), hint=error.hint)
    else:
        archive_unpacked(pk=archive.pk)
    import_close(upload=archive.upload)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    archive_reject(pk=payload["archive"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=IMPORT_UNPACK, run=import_unpack, on_give_up=_on_give_up)
