"""Zips: each entry goes the way a single file goes, and a bad one stops no other."""

from math import inf
from time import monotonic
from typing import Protocol

from common.archives.archive import Archive, Member, open_archive
from common.archives.errors import BadArchive, BadEntry
from common.archives.refusals import Limits
from common.order import natural_key
from webapp.batches.intake import MOST_PICTURE_BYTES
from webapp.batches.models import BatchArchive
from webapp.batches.services import archive_finish, archive_refuse
from webapp.batches.unpacking import BatchEntries
from webapp.core.blobs import blob_existing
from webapp.gallery.models import ImportArchive
from webapp.gallery.services import archive_reject, archive_unpacked, import_close
from webapp.gallery.unpacking import GalleryEntries
from workers.runtime.runner import Progress

_PICTURES = Limits(member_bytes=MOST_PICTURE_BYTES, total_bytes=16 * 1024**3)
_REPORT_SECONDS = 0.5


def batch_unpack(payload: dict, progress: Progress) -> None:
    """Take the pictures of ``payload["archive"]``, a zip of a batch, into the batch.

    Done again after a kill, it goes on where it was: what became of an entry stands in its row.
    """
    archive = BatchArchive.objects.filter(pk=payload["archive"], state=BatchArchive.State.WAITING).first()
    if archive is None:
        return  # done before, or the batch was deleted
    try:
        stored = blob_existing(archive.sha256, name=archive.name)
        with open_archive(stored, name=archive.name, limits=_PICTURES) as opened:
            _unpack(opened, BatchEntries(archive), progress)
    except BadArchive as error:
        archive_refuse(archive=archive, code=error.code, error=str(error), hint=error.hint)
    else:
        archive_finish(archive=archive)


def import_unpack(payload: dict, progress: Progress) -> None:
    """Take the meshes of ``payload["archive"]``, a zip of an upload to the gallery, into the gallery.

    Done again after a kill, it finds the files that it took as what they became.
    """
    archive = ImportArchive.objects.filter(pk=payload["archive"], state=ImportArchive.State.WAITING).first()
    if archive is None:
        return  # done before
    try:
        stored = blob_existing(archive.sha256, name=archive.name)
        with open_archive(stored, name=archive.name) as opened:
            _unpack(opened, GalleryEntries(archive), progress)
    except BadArchive as error:
        archive_reject(pk=archive.pk, code=error.code, error=str(error), hint=error.hint)
    else:
        archive_unpacked(pk=archive.pk)
    import_close(upload=archive.upload)


class Entries(Protocol):
    """Where the entries of a zip go."""

    def add(self, member: Member) -> None: ...

    def leave_out(self, member: Member, code: str, reason: str) -> None: ...

    def close(self) -> None: ...


def _unpack(archive: Archive, entries: Entries, progress: Progress) -> None:
    """Give each file of a zip to ``entries``, in the order in which people count, whatever order the zip has.

    Raises:
        BadArchive: there is no file in it.
    """
    if not archive.members:
        raise BadArchive(f"{archive.name} holds no files", hint="put the files into it again", code="empty")
    members = sorted(archive.members, key=lambda member: natural_key(member.name))
    reported = -inf
    for done, member in enumerate(members):
        if monotonic() - reported >= _REPORT_SECONDS:
            progress.report(done, len(members))
            reported = monotonic()
        if member.refusal:
            entries.leave_out(member, member.refusal.code, member.refusal.reason)
            continue
        try:
            entries.add(member)
        except BadEntry as error:
            entries.leave_out(member, error.code, f"{error}; {error.hint}")
    entries.close()
    progress.report(len(members), len(members))
