"""What is said where the disk has no room."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.core.errors import DiskFull

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_POSTGRES_DISK_FULL = "53100"
_SQLITE_DISK_FULL = "database or disk is full"


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, says that there is no room on the disk.

    The system, SQLite and PostgreSQL say so in ways of their own.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        if getattr(error, "sqlstate", "") == _POSTGRES_DISK_FULL or _SQLITE_DISK_FULL in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def full_disk_refused(what: str) -> Iterator[None]:
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
