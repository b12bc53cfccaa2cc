"""What comes in, looked at before it is stored."""

import os
from typing import Protocol

from common.archives.directory import TAIL, ends_as_zip
from common.file_heads import HEAD
from common.file_types import UNKNOWN, ZIP, FileType, sniff


def stored_name(name: str) -> str:
    """The name as it came; only what no database can hold is replaced."""
    return name.replace("\0", "\ufffd").encode("utf-8", "replace").decode() or "(no name)"


class ByteStream(Protocol):
    """What comes in: a file, an upload, or an entry of a zip."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, all the rest where negative; empty at the end."""


class Peeked:
    """A stream that has been looked at, and can still be read.

    head: its first ``HEAD`` bytes, or all of a shorter one. file_type: what it is by its content.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.head = _read_up_to(stream, HEAD)
        self.file_type = self._look()
        self._left = self.head

    def _look(self) -> FileType:
        found = sniff(self.head, size=getattr(self._stream, "size", None))
        if (found is UNKNOWN or found.name == "program") and self._ends_as_zip():
            # A program that unpacks itself, or the last part of a split zip: a zip is known by its end.
            return ZIP
        return found

    def _ends_as_zip(self) -> bool:
        """Whether the file, where it can be looked at from its end, has there what ends a zip."""
        if not (hasattr(self._stream, "seek") and hasattr(self._stream, "tell")):
            return False
        place = self._stream.tell()
        self._stream.seek(max(0, self._stream.seek(0, os.SEEK_END) - TAIL))
        tail = self._stream.read()
        self._stream.seek(place)
        return ends_as_zip(tail)

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all of them where negative; empty at the end."""
        if not self._left:
            return self._stream.read(size)
        if size < 0:
            found, self._left = self._left + self._stream.read(), b""
            return found
        found, self._left = self._left[:size], self._left[size:]
        return found


def _read_up_to(stream: ByteStream, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := stream.read(size - len(found))):
        found += more
    return found
