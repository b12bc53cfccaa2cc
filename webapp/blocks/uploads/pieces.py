"""Scans' files that come in pieces: spooled to the disk, and taken up again where a connection broke."""

import base64
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.utils import timezone

from webapp.accounts.models import User
from webapp.blocks.models import Block, Upload
from webapp.blocks.services import MOST_SCAN_BYTES, check_mesh, check_scan, scan_of_blob
from webapp.core.errors import AppError, Refused, TooLarge
from webapp.core.files.blobs import blob_adopt
from webapp.core.files.disk import full_disk_refused
from webapp.core.files.old_files import UNFINISHED_SECONDS, data_entries, remove_if_old
from webapp.core.files.uploads import ByteStream, Peeked, stored_name

KEPT = timedelta(days=1)
"""An upload that nobody goes on with is removed after so long."""
ALGORITHMS = ("sha256", "sha1", "md5")
_CHUNK = 1 << 20


class WrongOffset(AppError):
    """The bytes that came do not follow those that are there."""

    code = "wrong_offset"
    status = 409
    retryable = True


class WrongChecksum(AppError):
    """The bytes that came are not those that were sent."""

    code = "wrong_checksum"
    status = 460  # as tus has it
    retryable = True


class UploadBusy(AppError):
    """Another request is writing to the upload."""

    code = "upload_busy"
    status = 423
    retryable = True


def upload_create(
    *, user: User, block: Block, name: str, size: int, face: str = "", unit: str = ""
) -> Upload:
    """Begin an upload; nothing is written before all limits are looked at.

    size: bytes that will come.

    Raises:
        PermissionDenied: unless ``user`` is a curator.
        Refused, Conflict: as ``scan_add``. TooLarge: more than a scan may have.
    """
    check_scan(user=user, block=block, face=face, unit=unit)
    if size > MOST_SCAN_BYTES:
        raise TooLarge(
            f"{name} has {size:,} bytes; {MOST_SCAN_BYTES:,} are the most for a scan",
            hint="reduce it to fewer triangles, or export it as binary STL or PLY",
        )
    if size <= 0:
        raise Refused(f"{name} is empty", hint="export it again", code="empty")
    return Upload.objects.create(
        owner=user, block=block, name=stored_name(name), size=size, face=face, unit=unit
    )


def upload_append(*, upload: Upload, offset: int, stream: ByteStream, checksum: str = "") -> Upload:
    """Take further bytes of an upload; with the last of them it becomes a scan.

    What came of a request that breaks off is kept, unless it has a checksum. checksum: "sha256 BASE64", of
    these bytes.

    Raises:
        WrongOffset, WrongChecksum, UploadBusy, TooLarge, DiskFull: nothing of these bytes is kept.
        Refused: bad_checksum; or, of a file that is whole, why it is no scan.
    """
    digest, wanted = _checksum(checksum)
    with _locked(upload) as file:
        upload.refresh_from_db()
        if offset != upload.offset:
            raise WrongOffset(
                f"the upload goes on at {upload.offset}, not {offset}", hint="ask where it goes on"
            )
        file.truncate(upload.offset)
        file.seek(upload.offset)
        written = 0
        try:
            with full_disk_refused(upload.name):
                for chunk in iter(lambda: stream.read(_CHUNK), b""):
                    if upload.offset + written + len(chunk) > upload.size:
                        raise TooLarge(
                            f"more came than the {upload.size:,} bytes announced", hint="begin anew"
                        )
                    file.write(chunk)
                    digest.update(chunk)
                    written += len(chunk)
                file.flush()
        except AppError:
            raise
        except OSError:  # the connection broke: what came is kept
            if wanted:
                raise
            _move_on(upload, written)
            raise
        if wanted and digest.digest() != wanted:
            raise WrongChecksum("the bytes are not those that were sent", hint="send them again")
        _move_on(upload, written)
        if upload.offset == upload.size and upload.scan_id is None:
            _finish(upload)
    return upload


def upload_remove(*, upload: Upload) -> None:
    """Give an upload up."""
    _path(upload).unlink(missing_ok=True)
    upload.delete()


def upload_expires(upload: Upload) -> datetime:
    """When an upload that nobody goes on with is removed."""
    return upload.touched + KEPT


def uploads_clear() -> None:
    """Remove uploads that nobody goes on with, and their files."""
    for upload in Upload.objects.filter(touched__lt=timezone.now() - KEPT):
        upload_remove(upload=upload)
    named = {f"{pk}" for pk in Upload.objects.filter(scan=None).values_list("pk", flat=True)}
    for path in data_entries("uploads"):
        if path.name not in named:
            remove_if_old(path, seconds=UNFINISHED_SECONDS)


def _finish(upload: Upload) -> None:
    """Make a file that is whole a scan. One that is refused goes, with its upload."""
    path = _path(upload)
    try:
        with path.open("rb") as file:
            check_mesh(upload.name, Peeked(File(file)))
        blob = blob_adopt(path, name=upload.name)
        upload.scan = scan_of_blob(
            block=upload.block,
            user=upload.owner,
            name=upload.name,
            blob=blob,
            face=upload.face,
            unit=upload.unit,
        )
    except Refused:
        upload_remove(upload=upload)
        raise
    upload.save(update_fields=["scan", "touched"])


def _move_on(upload: Upload, written: int) -> None:
    upload.offset += written
    upload.save(update_fields=["offset", "touched"])


def _checksum(checksum: str) -> tuple["hashlib._Hash", bytes]:
    """The digest to be made, and the one wanted; empty where none is."""
    if not checksum:
        return hashlib.sha256(), b""
    name, _, value = checksum.partition(" ")
    try:
        wanted = base64.b64decode(value, validate=True)
    except ValueError:
        wanted = b""
    if name not in ALGORITHMS or not wanted:
        raise Refused(
            "the checksum cannot be read", hint=f"use one of {', '.join(ALGORITHMS)}", code="bad_checksum"
        )
    return hashlib.new(name, usedforsecurity=False), wanted


@contextmanager
def _locked(upload: Upload) -> Iterator[BinaryIO]:
    """The upload's file, which nobody else writes to meanwhile. Raises UploadBusy, DiskFull."""
    path = _path(upload)
    with full_disk_refused(upload.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UploadBusy("another request is writing to this upload", hint="wait a moment") from None
        yield file


def _path(upload: Upload) -> Path:
    return settings.ENV.data / "uploads" / f"{upload.pk}"
