"""Files that are whole or not there: written aside, flushed to the disk, renamed."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from webapp.core.errors import DiskFull

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def full_disk_told(what: str) -> Iterator[None]:
    """Turn the system's word for a full disk into one for people. what: what was being written.

    Raises:
        DiskFull: there was no room.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFull(
            f"the disk is full: {what} could not be written",
            hint="make room on the server's disk, then try again",
        ) from error


@contextmanager
def written_aside(target: Path, *, what: str) -> Iterator[tuple[BinaryIO, Callable[[], None]]]:
    """A file beside ``target`` to write to, and a function that puts it in its place.

    Nothing is left behind when that was not called. what: what is written, in words for people.

    Raises:
        DiskFull: there was no room.
    """
    with full_disk_told(what):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".part", delete=False) as file:
            try:
                yield file, lambda: _publish(file, target)
            finally:
                Path(file.name).unlink(missing_ok=True)


def _publish(file: BinaryIO, target: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    os.replace(file.name, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name as well: a power cut must not take the file back
    finally:
        os.close(folder)
