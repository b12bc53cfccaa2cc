"""A zip's own list of what it holds, read with limits before anything is unpacked.

The layout is PKWARE's APPNOTE 6.3.10. The standard library's reader is not used for this: it takes a
directory of any size into memory, and one name that it cannot decode spoils the whole zip.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from webapp.core.errors import AppError

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 0xFFFF
_FULL_32 = 0xFFFFFFFF
_AVERAGE_ENTRY_BYTES = 1024


class BadArchive(AppError):
    """A zip that cannot be unpacked at all."""

    code = "bad_archive"


@dataclass(frozen=True)
class Entry:
    """One line of the directory, as it stands there.

    raw_name: bytes of the name. extra: the extra field. system: what made it (0 DOS, 3 Unix, 10 Windows).
    mode: Unix file mode, 0 where there is none. offset: of the local header, from the file's beginning.
    """

    index: int
    raw_name: bytes
    extra: bytes
    system: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int


@dataclass(frozen=True)
class Directory:
    """entries: in the zip's order. start: where the directory begins, which is where all data have ended."""

    entries: tuple[Entry, ...]
    start: int


@dataclass(frozen=True)
class _End:
    """What the end of a zip says of its directory. shift: bytes put before the zip (a program, say)."""

    disks: int
    count: int
    size: int
    offset: int
    shift: int


def read_directory(file: BinaryIO, *, name: str, most_entries: int) -> Directory:
    """Read the directory of an open, seekable zip.

    Raises:
        BadArchive: it is no zip, is cut short or damaged, is one part of several, or lists too much.
    """
    end = _find_end(file, name)
    if end.disks:
        raise BadArchive(
            f"{name} is one part of a zip that was split", hint="pack it again as one zip", code="split_zip"
        )
    if end.count > most_entries or end.size > most_entries * _AVERAGE_ENTRY_BYTES:
        raise _too_many(name, f"{end.count:,}", most_entries)
    start = end.offset + end.shift
    if start < 0:
        raise _damaged(name)
    file.seek(start)
    listing = file.read(end.size)
    if len(listing) != end.size:
        raise _damaged(name)
    return Directory(tuple(_entries(listing, end, name, most_entries)), start)


def _too_many(name: str, count: str, most: int) -> BadArchive:
    return BadArchive(
        f"{name} lists {count} entries; {most:,} are the most",
        hint="split it into several zips",
        code="too_many_entries",
    )


def _damaged(name: str) -> BadArchive:
    return BadArchive(
        f"the zip {name} is damaged: its list of files cannot be read",
        hint="make the zip again, and upload it again",
        code="damaged_zip",
    )


def _find_end(file: BinaryIO, name: str) -> _End:
    size = file.seek(0, 2)
    tail_start = max(0, size - _LONGEST_COMMENT - _END.size)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if at + _END.size <= len(tail):
            fields = _END.unpack_from(tail, at)
            if at + _END.size + fields[7] <= len(tail):
                return _end_of(file, tail_start + at, fields, name)
        at = tail.rfind(b"PK\x05\x06", 0, at)
    file.seek(0)
    if file.read(4) in {b"PK\x03\x04", b"PK\x07\x08"}:
        raise BadArchive(
            f"the zip {name} is cut short: its end is missing", hint="upload it again", code="truncated_zip"
        )
    raise BadArchive(f"{name} is not a zip", hint="pack the files as a zip", code="not_a_zip")


def _end_of(file: BinaryIO, at: int, fields: tuple, name: str) -> _End:
    _, disk, first_disk, _, count, size, offset, _ = fields
    located = _locate_64(file, at)
    if located is None:
        return _End(disk or first_disk, count, size, offset, at - size - offset)
    where, fields_64 = located
    _, _, _, _, disk, first_disk, _, count, size, offset = fields_64
    return _End(disk or first_disk, count, size, offset, where - size - offset)


def _locate_64(file: BinaryIO, end_at: int) -> tuple[int, tuple] | None:
    """The zip64 end record, if there is one: a zip of exactly 65,535 files has none."""
    if end_at < _LOCATOR_64.size:
        return None
    file.seek(end_at - _LOCATOR_64.size)
    word, _, offset, _ = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
    if word != b"PK\x06\x07":
        return None
    # Bytes put before the zip shift it, so it is looked for where it must lie as well.
    for where in (offset, end_at - _LOCATOR_64.size - _END_64.size):
        if 0 <= where <= end_at - _END_64.size:
            file.seek(where)
            fields = _END_64.unpack(file.read(_END_64.size))
            if fields[0] == b"PK\x06\x06":
                return where, fields
    return None


def _entries(listing: bytes, end: _End, name: str, most: int) -> Iterator[Entry]:
    """Lines as far as the listing goes: macOS counts only up to 65,535, and then from 0 again."""
    at, index = 0, 0
    while at + _ENTRY.size <= len(listing) and listing[at : at + 4] == b"PK\x01\x02":
        if index == most:
            raise _too_many(name, f"more than {most:,}", most)
        fields = _ENTRY.unpack_from(listing, at)
        at += _ENTRY.size
        parts = []
        for length in fields[10:13]:
            parts.append(listing[at : at + length])
            at += length
        if at > len(listing):
            raise _damaged(name)
        yield _entry(index, fields, parts[0], parts[1], end.shift)
        index += 1
    if index < end.count:
        raise _damaged(name)


def _entry(index: int, fields: tuple, raw_name: bytes, extra: bytes, shift: int) -> Entry:
    _, made_by, _, flags, method, _, _, crc, packed, size, *_ = fields
    offset, attributes = fields[16], fields[15]
    size, packed, offset = _widen(extra, size, packed, offset)
    system = made_by >> 8
    mode = attributes >> 16 if system in {3, 19} else 0
    return Entry(index, raw_name, extra, system, flags, method, crc, packed, size, offset + shift, mode)


def _widen(extra: bytes, *values: int) -> list[int]:
    """Put the 64-bit values of the zip64 extra field where a 32-bit one is full."""
    wide = extra_field(extra, 0x0001) or b""
    found, at = [], 0
    for value in values:
        if value == _FULL_32 and at + 8 <= len(wide):
            value = int.from_bytes(wide[at : at + 8], "little")
            at += 8
        found.append(value)
    return found


def extra_field(extra: bytes, wanted: int) -> bytes | None:
    """The first block of this kind in an extra field; None where there is none, or it is cut short."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == wanted:
            block = extra[at + 4 : at + 4 + length]
            return block if len(block) == length else None
        at += 4 + length
    return None
