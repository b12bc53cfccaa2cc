"""What is said where the disk has no room."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.core.errors import DiskFull

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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
