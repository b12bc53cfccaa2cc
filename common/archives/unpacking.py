"""One entry's data, unpacked a bounded piece at a time."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any

from common.archives.directory import Entry
from common.archives.errors import BadEntry

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
"""Names of the ways of packing that are not read."""

_CHUNK = 256 * 1024
_LOCAL_BYTES = 30
_LARGEST_WINDOW = 256 * 1024 * 1024  # bytes that LZMA may look back on, and holds in memory
_DAMAGE = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError)

More = Callable[[int], bytes]
"""Gives up to so many further packed bytes."""


class MemberStream:
    """Unpacks one entry as it is read. size: bytes, as declared.

    Args:
        read_at: gives up to so many bytes of the zip from an offset on, whoever else reads it meanwhile.
        data_end: where all entries' data have ended at the latest.
        name: what messages call the entry.
    """

    def __init__(self, read_at: Callable[[int, int], bytes], entry: Entry, name: str, data_end: int) -> None:
        self.size = entry.size
        self._read_at = read_at
        self._entry = entry
        self._name = name
        self._at = self._data_start(data_end)
        self._end = self._at + entry.packed
        self._unpacker = _unpacker(entry)
        self._given, self._crc, self._over = 0, 0, False

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all the rest where negative; empty at the end.

        Raises:
            BadEntry: the entry is damaged, or holds more than it declared.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_CHUNK), b""))
        while size and not self._over:
            chunk = self._unpack(min(size, _CHUNK))
            if not chunk:
                continue
            self._given += len(chunk)
            self._crc = zlib.crc32(chunk, self._crc)
            if self._given > self.size:
                raise BadEntry(
                    f"{self._name} unpacks to more than it says, as a zip bomb does",
                    hint="create the zip again",
                    code="zip_bomb",
                )
            return chunk
        return b""

    def _unpack(self, most: int) -> bytes:
        try:
            chunk = self._unpacker.next(self._more, most)
        except _DAMAGE:
            raise self._damaged("its checksum does not fit") from None
        if not chunk and self._unpacker.over:
            self._over = True
            if self._given != self.size or self._crc != self._entry.crc:
                raise self._damaged("its checksum does not fit")
        return chunk

    def _more(self, size: int) -> bytes:
        found = self._read_at(self._at, min(size, self._end - self._at))
        self._at += len(found)
        return found

    def _data_start(self, data_end: int) -> int:
        offset = self._entry.offset
        header = self._read_at(offset, _LOCAL_BYTES)
        start = offset + _LOCAL_BYTES + sum(int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        if header[:4] != b"PK\x03\x04" or start + self._entry.packed > data_end:
            raise self._damaged("it is not where the zip says")
        return start

    def _damaged(self, why: str) -> BadEntry:
        return BadEntry(
            f"{self._name} cannot be read, it is damaged in the zip: {why}", hint="create the zip again"
        )


class _Copier:
    """Entries stored as they are."""

    over = False

    def next(self, more: More, most: int) -> bytes:
        chunk = more(most)
        self.over = not chunk
        return chunk


class _Unpacker:
    """Entries packed by an engine of the standard library."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._tail = b""
        self.over = False

    def next(self, more: More, most: int) -> bytes:
        if self._engine.eof:
            self.over = True
            return b""
        packed = self._tail or (more(_CHUNK) if getattr(self._engine, "needs_input", True) else b"")
        chunk = self._engine.decompress(packed, most)
        self._tail = getattr(self._engine, "unconsumed_tail", b"")
        if not chunk and not packed and not self._engine.eof:
            raise EOFError("the packed data end too early")
        return chunk


class _LzmaUnpacker:
    """LZMA as zips hold it: version, length of the properties, properties, and then mostly no end mark."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._engine: Any = None
        self.over = False

    def next(self, more: More, most: int) -> bytes:
        if self._engine is None:
            self._engine = self._opened(more)
        if not self._left or self._engine.eof:
            self.over = True
            return b""
        packed = more(_CHUNK) if self._engine.needs_input else b""
        chunk = self._engine.decompress(packed, min(most, self._left))
        self._left -= len(chunk)
        if not chunk and not packed and not self._engine.eof:
            raise EOFError("the packed data end too early")
        return chunk

    def _opened(self, more: More) -> lzma.LZMADecompressor:
        head = more(4)
        properties = more(int.from_bytes(head[2:4], "little"))
        if len(properties) != 5 or properties[0] >= 9 * 5 * 5:
            raise ValueError("no LZMA properties")
        rest, literal_context = divmod(properties[0], 9)
        position, literal_position = divmod(rest, 5)
        # No more can be looked back on than there is.
        window = min(int.from_bytes(properties[1:5], "little"), max(self._left, 1 << 16))
        if window > _LARGEST_WINDOW:
            raise ValueError("the window is too large")
        filters = {
            "id": lzma.FILTER_LZMA1,
            "lc": literal_context,
            "lp": literal_position,
            "pb": position,
            "dict_size": window,
        }
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[filters])


def _unpacker(entry: Entry) -> _Copier | _Unpacker | _LzmaUnpacker:
    if entry.method == STORED:
        return _Copier()
    if entry.method == LZMA:
        return _LzmaUnpacker(entry.size)
    if entry.method == BZIP2:
        return _Unpacker(bz2.BZ2Decompressor())
    return _Unpacker(zlib.decompressobj(-zlib.MAX_WBITS))
