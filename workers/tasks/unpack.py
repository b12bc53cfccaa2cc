"""Zips: each entry goes the way a single file goes, and a bad one stops no other."""

from collections.abc import Callable
from typing import BinaryIO

from common.archives.archive import Archive, Member, open_archive
from common.archives.errors import BadArchive, BadEntry
from common.archives.refusals import Limits
from common.order import natural_key
from webapp.batches.intake import MOST_PICTURE_BYTES
from webapp.batches.models import BatchArchive, Query
from webapp.batches.services import (
    QUERIES_A_JOB,
    archive_finish,
    archive_refuse,
    batch_enqueue,
    batch_unpacked_add,
    batch_unpacked_leave_out,
)
from webapp.core.blobs import blob_existing
from webapp.gallery.models import ImportArchive, Item
from webapp.gallery.services import (
    ITEMS_A_JOB,
    archive_reject,
    archive_unpacked,
    import_add_file,
    import_close,
    import_leave_out,
    items_enqueue,
)
from workers.runtime.runner import Progress

_PICTURES = Limits(member_bytes=MOST_PICTURE_BYTES, total_bytes=16 * 1024**3)
_SAY_EVERY = 16


def batch_unpack(payload: dict, progress: Progress) -> None:
    """Take the pictures of ``payload["archive"]``, a zip of a batch, into the batch.

    Done again after a kill, it goes on where it was: what became of an entry stands in its row.
    """
    archive = BatchArchive.objects.filter(pk=payload["archive"], state=BatchArchive.State.WAITING).first()
    if archive is None:
        return  # done before, or the batch was deleted
    new = 0

    def take(member: Member, stream: BinaryIO) -> None:
        nonlocal new
        row = batch_unpacked_add(archive=archive, entry=member.index, name=member.name, stream=stream)
        new += isinstance(row, Query) and row.state == Query.State.WAITING and not row.queued
        if new >= QUERIES_A_JOB:  # the first pictures are matched while the last are being unpacked
            batch_enqueue(batch=archive.batch)
            new = 0

    def leave_out(member: Member, code: str, reason: str) -> None:
        batch_unpacked_leave_out(
            archive=archive, entry=member.index, name=member.name, code=code, reason=reason
        )

    try:
        with open_archive(
            blob_existing(archive.sha256, name=archive.name), name=archive.name, limits=_PICTURES
        ) as opened:
            unpack_members(opened, take=take, leave_out=leave_out, progress=progress)
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
    upload, new = archive.upload, []

    def take(member: Member, stream: BinaryIO) -> None:
        row = import_add_file(upload=upload, name=member.name, stream=stream, zipped=True)
        if isinstance(row, Item):
            new.append(row.pk)
        if len(new) >= ITEMS_A_JOB:  # the first meshes are prepared while the last are being unpacked
            items_enqueue(items=Item.objects.filter(pk__in=new))
            new.clear()

    def leave_out(member: Member, code: str, reason: str) -> None:
        import_leave_out(upload=upload, name=member.name, code=code, reason=reason)

    try:
        with open_archive(blob_existing(archive.sha256, name=archive.name), name=archive.name) as opened:
            unpack_members(opened, take=take, leave_out=leave_out, progress=progress)
    except BadArchive as error:
        archive_reject(pk=archive.pk, code=error.code, error=str(error), hint=error.hint)
    else:
        archive_unpacked(pk=archive.pk)
    import_close(upload=upload)


def unpack_members(
    archive: Archive,
    *,
    take: Callable[[Member, BinaryIO], object],
    leave_out: Callable[[Member, str, str], object],
    progress: Progress,
) -> None:
    """Give each file of a zip to ``take``, or to ``leave_out`` with a code and a reason.

    In the order in which people count: page 2 before page 10, whatever order the zip has.

    Raises:
        BadArchive: there is no file in it.
    """
    if not archive.members:
        raise BadArchive(f"{archive.name} holds no files", hint="put the files into it again", code="empty")
    members = sorted(archive.members, key=lambda member: natural_key(member.name))
    for done, member in enumerate(members):
        if done % _SAY_EVERY == 0:
            progress.report(done, len(members))
        if member.refusal:
            leave_out(member, member.refusal.code, member.refusal.reason)
            continue
        try:
            take(member, member.open())
        except BadEntry as error:
            leave_out(member, error.code, f"{error}; {error.hint}")
    progress.report(len(members), len(members))
