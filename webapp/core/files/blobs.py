"""Uploaded files, stored once by their content under ``<data>/blobs``."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings

from common.publish import open_private, path_aside, publish_file
from webapp.core.errors import StoreTrouble, TooLarge
from webapp.core.files.disk import full_disk_refused
from webapp.core.files.old_files import UNFINISHED_SECONDS, data_entries, remove_if_old
from webapp.core.files.uploads import ByteStream

_CHUNK = 1 << 20
_MISSING = "mount the data folder, or restore blobs/ from the backup; the work goes on by itself"


@dataclass(frozen=True)
class StoredBlob:
    """sha256: hex digest of the content. size: bytes."""

    sha256: str
    size: int


def blob_path(sha256: str) -> Path:
    """Where the content with this digest lies."""
    return settings.ENV.data / "blobs" / sha256[:2] / sha256


def store_check() -> None:
    """Look that the store is there at all, before files that are not there are drawn conclusions from.

    Raises:
        StoreTrouble: the folder of stored files is missing: the data folder is not mounted, or is another's.
    """
    folder = settings.ENV.data / "blobs"
    if not folder.is_dir():
        raise StoreTrouble("the folder of stored files is missing", hint=_MISSING, code="no_store")


def blob_existing(sha256: str, *, name: str) -> Path:
    """Where the content with this digest lies, having looked that it does.

    Raises:
        StoreTrouble: it is not there.
    """
    path = blob_path(sha256)
    if not path.is_file():
        raise StoreTrouble(
            f"the stored file of {name} is missing: blobs/{sha256[:2]}/{sha256}", hint=_MISSING
        )
    return path


def blob_check(sha256: str, *, name: str) -> None:
    """Look that a stored file is what was stored: before a file that cannot be read is blamed for it.

    Raises:
        StoreTrouble: it is missing, or its content is another.
    """
    with blob_existing(sha256, name=name).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise StoreTrouble(
                f"the stored file of {name} is damaged: blobs/{sha256[:2]}/{sha256}",
                hint="restore this file from the backup; the work goes on by itself",
                code="blob_damaged",
            )


def blob_put(stream: ByteStream, *, name: str, max_bytes: int | None = None) -> StoredBlob:
    """Store a file; the same content is stored once.

    Raises:
        TooLarge: more than ``max_bytes`` (by default the operator's limit) came.
        DiskFull: there is no room for it.
    """
    with full_disk_refused(name):
        return _put(stream, name, max_bytes)


def blob_adopt(path: Path, *, name: str) -> StoredBlob:
    """Move a file that lies on the store's disk into it; the same content is stored once.

    Raises:
        DiskFull: there is no room for it.
    """
    with full_disk_refused(name), path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
        target = blob_path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        publish_file(path, target)
    return StoredBlob(sha256, size)


def blobs_named(digests: Collection[str]) -> set[str]:
    """Those of the digests that a row of any room names in its ``sha256``."""
    named: set[str] = set()
    for model in apps.get_models():
        if any(field.name == "sha256" for field in model._meta.concrete_fields):
            rows = model._base_manager.filter(sha256__in=digests)
            named.update(rows.values_list("sha256", flat=True))
    return named


def blobs_clear_unfinished() -> None:
    """Remove what uploads that were cut short had written aside.

    A whole blob is never removed, even when no row names it: it may be somebody else's only copy.
    """
    for path in data_entries("blobs", "aside"):
        remove_if_old(path, seconds=UNFINISHED_SECONDS)


def _put(stream: ByteStream, name: str, max_bytes: int | None) -> StoredBlob:
    limit = max_bytes or settings.ENV.max_upload_mb * 1024 * 1024
    digest, size = hashlib.sha256(), 0
    with path_aside(settings.ENV.data / "blobs" / "aside" / "blob") as aside:
        with open_private(aside) as file:
            for chunk in _chunks(stream):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(
                        f"{name} is larger than {limit // (1024 * 1024)} MB",
                        hint="split it into smaller files",
                    )
                digest.update(chunk)
                file.write(chunk)
        target = blob_path(digest.hexdigest())
        target.parent.mkdir(exist_ok=True)
        publish_file(aside, target)
    return StoredBlob(digest.hexdigest(), size)


def _chunks(stream: ByteStream) -> Iterable[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk
