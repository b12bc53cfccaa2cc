"""What comes in, looked at before it is stored."""

from typing import BinaryIO

from common.file_heads import HEAD


class Peeked:
    """A stream whose first bytes have been looked at, and can still be read.

    head: its first ``HEAD`` bytes, or all of a shorter one.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = _read_up_to(stream, HEAD)
        self._left = self.head

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all of them where negative; empty at the end."""
        if not self._left:
            return self._stream.read(size)
        if size < 0:
            found, self._left = self._left + self._stream.read(), b""
            return found
        found, self._left = self._left[:size], self._left[size:]
        return found


def _read_up_to(stream: BinaryIO, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := stream.read(size - len(found))):
        found += more
    return found
