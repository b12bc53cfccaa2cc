"""A zip's own list of what it holds, read with limits before anything is unpacked.

The layout is PKWARE's APPNOTE 6.3.10. The standard library's reader is not used for this: it takes a
directory of any size into memory, and one name that it cannot decode spoils the whole zip.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from common.archives.errors import BadArchive

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 0xFFFF
_FULL_32 = 0xFFFFFFFF
_AVERAGE_ENTRY_BYTES = 1024
_MB = 1024 * 1024
_FIRST_WITH_LOCKED_DIRECTORY = 62  # the version of the format, times ten
_MASKED_FLAG = 0x2000
TAIL = _LONGEST_COMMENT + _END.size
"""Bytes at a zip's end that hold the record by which it is known."""


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

    split: bool
    count: int
    size: int
    offset: int
    shift: int
    locked: bool = False


def read_directory(file: BinaryIO, *, name: str, most_entries: int) -> Directory:
    """Read the directory of an open, seekable zip.

    Raises:
        BadArchive: it is no zip, is cut short or damaged, is one part of several, has a locked directory, or
            lists too much.
    """
    end = _find_end(file, name)
    if end.split:
        raise _split(name)
    start = end.offset + end.shift
    if start < 0:
        raise _damaged(name)
    _refuse_much(end, name, most_entries)
    file.seek(start)
    listing = file.read(end.size)
    if end.locked or listing[:4] == b"PK\x06\x08" or (listing[:4] != b"PK\x01\x02" and _is_masked(file)):
        raise BadArchive(
            f"the list of files of {name} is encrypted",
            hint="make the zip without a password",
            code="encrypted",
        )
    if len(listing) != end.size:
        raise _damaged(name)
    return Directory(tuple(_entries(listing, end, name, most_entries)), start)


def ends_as_zip(tail: bytes) -> bool:
    """Whether a file with this end is a zip, or its last part, whatever it begins with.

    tail: the last ``TAIL`` bytes, or all of a shorter file.
    """
    return _end_record(tail) is not None


def _refuse_much(end: _End, name: str, most: int) -> None:
    if end.count > most:
        raise _too_many(name, f"{end.count:,}", most)
    if end.size > most * _AVERAGE_ENTRY_BYTES:
        raise BadArchive(
            f"the list of files of {name} takes {end.size // _MB:,} MB; "
            f"{most * _AVERAGE_ENTRY_BYTES // _MB:,} MB are the most",
            hint="split it into several zips, or make the zip again",
            code="too_many_entries",
        )


def _too_many(name: str, count: str, most: int) -> BadArchive:
    return BadArchive(
        f"{name} lists {count} entries; {most:,} are the most",
        hint="split it into several zips",
        code="too_many_entries",
    )


def _damaged(name: str) -> BadArchive:
    return BadArchive(
        f"the zip {name} is damaged: its list of files cannot be read",
        hint="create the zip again",
        code="damaged_zip",
    )


def _split(name: str) -> BadArchive:
    return BadArchive(f"{name} is one part of a split zip", hint="pack it again as one zip", code="split_zip")


def _is_masked(file: BinaryIO) -> bool:
    """Whether the first entry says that its header is masked, as it is where the directory is encrypted."""
    file.seek(0)
    head = file.read(8)
    return head[:4] == b"PK\x03\x04" and bool(int.from_bytes(head[6:8], "little") & _MASKED_FLAG)


def _find_end(file: BinaryIO, name: str) -> _End:
    size = file.seek(0, 2)
    tail_start = max(0, size - TAIL)
    file.seek(tail_start)
    if found := _end_record(file.read()):
        at, fields = found
        return _end_of(file, tail_start + at, fields)
    file.seek(0)
    head = file.read(4)
    if head == b"PK\x07\x08":
        raise _split(name)
    if head == b"PK\x03\x04":
        raise BadArchive(
            f"the zip {name} is incomplete: its end is missing",
            hint="copy it again, or put all its parts together",
            code="truncated_zip",
        )
    raise BadArchive(f"{name} is not a zip", hint="pack the files into a zip", code="not_a_zip")


def _end_record(tail: bytes) -> tuple[int, tuple] | None:
    """The last record that ends a zip, and where it begins; a comment may follow it, no other bytes."""
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        if at + _END.size <= len(tail):
            fields = _END.unpack_from(tail, at)
            if at + _END.size + fields[7] <= len(tail):
                return at, fields
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return None


def _end_of(file: BinaryIO, at: int, fields: tuple) -> _End:
    _, disk, first_disk, _, count, size, offset, _ = fields
    located = _locate_64(file, at)
    if located is None:
        return _End(bool(disk or first_disk), count, size, offset, at - size - offset)
    where, parts, fields_64 = located
    _, length, _, needed, disk, first_disk, _, count, size, offset = fields_64
    locked = needed >= _FIRST_WITH_LOCKED_DIRECTORY and length + 12 > _END_64.size
    return _End(bool(disk or first_disk or parts > 1), count, size, offset, where - size - offset, locked)


def _locate_64(file: BinaryIO, end_at: int) -> tuple[int, int, tuple] | None:
    """Where the zip64 end record lies, of how many parts, and the record; a zip of 65,535 files has none."""
    if end_at < _LOCATOR_64.size:
        return None
    file.seek(end_at - _LOCATOR_64.size)
    word, _, offset, parts = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
    if word != b"PK\x06\x07":
        return None
    # Bytes put before the zip shift it, so it is looked for where it must lie as well.
    for where in (offset, end_at - _LOCATOR_64.size - _END_64.size):
        if 0 <= where <= end_at - _END_64.size:
            file.seek(where)
            fields = _END_64.unpack(file.read(_END_64.size))
            if fields[0] == b"PK\x06\x06":
                return where, parts, fields
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
