"""Zips that people upload, read without trusting them: nothing is ever unpacked to a path.

What must not be read is refused by name and reason, entry by entry, and the rest goes on.
"""

import bz2
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from common.file_types import Kind, ending, endings_of
from common.junk import junk_reason
from webapp.core.errors import AppError
from webapp.core.zip_directory import BadArchive, Directory, Entry, read_directory
from webapp.core.zip_names import decode_names

__all__ = ["Archive", "BadArchive", "BadEntry", "Limits", "Member", "Refusal", "iter_members", "open_archive"]

_MB = 1024 * 1024
_CHUNK = 256 * 1024
_LOCAL_BYTES = 30
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_ARCHIVE_ENDINGS = frozenset(endings_of(Kind.ARCHIVE, read=False))


@dataclass(frozen=True)
class Limits:
    """What a zip may hold at most.

    entries: lines of its directory. member_bytes: of one entry, unpacked. total_bytes: of all of them.
    ratio: unpacked bytes to packed ones of an entry larger than ``free_bytes``; deflate cannot pass 1,032,
    and white paper in an uncompressed picture comes near 200.
    """

    entries: int = 200_000
    member_bytes: int = 2048 * _MB
    total_bytes: int = 64 * 1024 * _MB
    ratio: int = 200
    free_bytes: int = 64 * _MB


class BadEntry(AppError):
    """An entry that turned out, while it was read, to be damaged or to lie about its size."""

    code = "damaged_entry"


@dataclass(frozen=True)
class Refusal:
    """Why an entry is not to be read. code: for programs; reason: what it is and what to do, in one line."""

    code: str
    reason: str


@dataclass(frozen=True)
class Member:
    """One file of a zip. Folders are no members.

    index: its place in the zip's directory. name: path in the zip, "/" between folders, exactly as it was
    typed. size: bytes unpacked, as declared; reading never gives more. refusal: why it must not be read;
    None where it may be.
    """

    index: int
    name: str
    size: int
    refusal: Refusal | None
    _entry: Entry
    _archive: "Archive"

    def open(self) -> "MemberStream":
        """A stream of the unpacked file, from its beginning.

        Reading it raises BadEntry where the entry is damaged, or holds more than it declared.
        """
        if self.refusal:
            raise BadEntry(self.refusal.reason, code=self.refusal.code)
        return MemberStream(self._archive, self._entry, self.name)


class Archive:
    """An open zip. name: what to call it. members: all its files, those that are refused too."""

    def __init__(self, file: BinaryIO, directory: Directory, limits: Limits, name: str) -> None:
        self.file = file
        self.name = name
        self.data_end = directory.start
        overlapping = _overlapping(directory)
        names = [
            _with_slashes(name, entry)
            for entry, name in zip(directory.entries, decode_names(directory.entries), strict=True)
        ]
        self.members = tuple(
            Member(
                entry.index,
                name,
                entry.size,
                _refusal(entry, name, directory, overlapping, limits),
                entry,
                self,
            )
            for entry, name in zip(directory.entries, names, strict=True)
            if not _is_folder(entry, name)
        )


@contextmanager
def open_archive(path: Path, *, name: str, limits: Limits | None = None) -> Iterator[Archive]:
    """Open a zip for reading.

    path: the stored file. name: what to call it before people.

    Raises:
        BadArchive: no zip, cut short, split, damaged, or too much in it (codes not_a_zip, truncated_zip,
            split_zip, damaged_zip, too_many_entries, zip_too_large).
    """
    limits = limits or Limits()
    with path.open("rb") as file:
        directory = read_directory(file, name=name, most_entries=limits.entries)
        archive = Archive(file, directory, limits, name)
        total = sum(member.size for member in archive.members if not member.refusal)
        if total > limits.total_bytes:
            raise BadArchive(
                f"{name} unpacks to {total // _MB:,} MB; {limits.total_bytes // _MB:,} MB are the most",
                hint="split it into several zips",
                code="zip_too_large",
            )
        yield archive


def iter_members(path: Path, limits: Limits | None = None, *, name: str = "") -> Iterator[Member]:
    """The files of a zip one after another; each is open for reading until the next is asked for.

    Raises BadArchive as ``open_archive`` does.
    """
    with open_archive(path, name=name or path.name, limits=limits) as archive:
        yield from archive.members


class MemberStream:
    """Unpacks one entry as it is read. size: bytes, as declared."""

    def __init__(self, archive: Archive, entry: Entry, name: str) -> None:
        self.size = entry.size
        self._file = archive.file
        self._entry = entry
        self._name = name
        self._at = _data_start(archive, entry, name)
        self._end = self._at + entry.packed
        self._unpacker = _unpacker(entry.method)
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
                    hint="make the zip again",
                    code="zip_bomb",
                )
            return chunk
        return b""

    def _unpack(self, most: int) -> bytes:
        try:
            chunk = self._unpacker.next(self._more, most)
        except (zlib.error, OSError, EOFError, ValueError):
            raise self._damaged() from None
        if not chunk and self._unpacker.over:
            self._over = True
            if self._given != self.size or self._crc != self._entry.crc:
                raise self._damaged()
        return chunk

    def _more(self, size: int) -> bytes:
        """Packed bytes, in order; another stream of the same zip may have moved the file meanwhile."""
        self._file.seek(self._at)
        found = self._file.read(min(size, self._end - self._at))
        self._at += len(found)
        return found

    def _damaged(self) -> BadEntry:
        return BadEntry(
            f"{self._name} is damaged in the zip: its checksum does not fit",
            hint="make the zip again, and upload it again",
        )


class _Copier:
    """Entries stored as they are."""

    over = False

    def next(self, more, most: int) -> bytes:
        chunk = more(most)
        self.over = not chunk
        return chunk


class _Unpacker:
    """Entries packed by deflate or bzip2, unpacked a bounded piece at a time."""

    def __init__(self, engine) -> None:
        self._engine = engine
        self._tail = b""
        self.over = False

    def next(self, more, most: int) -> bytes:
        if self._engine.eof:
            self.over = True
            return b""
        packed = self._tail or (more(_CHUNK) if getattr(self._engine, "needs_input", True) else b"")
        chunk = self._engine.decompress(packed, most)
        self._tail = getattr(self._engine, "unconsumed_tail", b"")
        if not chunk and not packed and not self._engine.eof:
            raise EOFError("the packed data end too early")
        return chunk


def _unpacker(method: int) -> _Copier | _Unpacker:
    if method == _STORED:
        return _Copier()
    return _Unpacker(zlib.decompressobj(-zlib.MAX_WBITS) if method == _DEFLATED else bz2.BZ2Decompressor())


def _data_start(archive: Archive, entry: Entry, name: str) -> int:
    archive.file.seek(entry.offset)
    header = archive.file.read(_LOCAL_BYTES)
    start = (
        entry.offset + _LOCAL_BYTES + sum(int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    )
    if header[:4] != b"PK\x03\x04" or start + entry.packed > archive.data_end:
        raise BadEntry(
            f"{name} is damaged in the zip: it does not lie where the zip says",
            hint="make the zip again, and upload it again",
        )
    return start


def _is_folder(entry: Entry, name: str) -> bool:
    return entry.size == 0 and (name.endswith("/") or stat.S_ISDIR(entry.mode))


def _with_slashes(name: str, entry: Entry) -> str:
    """Some Windows programs put backslashes between folders; elsewhere one may be part of a name."""
    return name.replace("\\", "/") if entry.system in {0, 10, 11, 14} else name


def _end(entry: Entry) -> int:
    """Where an entry's data end at the earliest; its local header may hold an extra field besides."""
    return entry.offset + _LOCAL_BYTES + len(entry.raw_name) + entry.packed


def _overlapping(directory: Directory) -> set[int]:
    """Entries whose data lie in another's: no honest zip has any, and bombs pack petabytes by it."""
    found: set[int] = set()
    reach, holder = -1, -1
    inside = [entry for entry in directory.entries if entry.offset >= 0 and _end(entry) <= directory.start]
    for entry in sorted(inside, key=lambda entry: entry.offset):
        if entry.offset < reach:
            found |= {entry.index, holder}
        if (end := _end(entry)) > reach:
            reach, holder = end, entry.index
    return found


def _refusal(
    entry: Entry, name: str, directory: Directory, overlapping: set[int], limits: Limits
) -> Refusal | None:
    if reason := junk_reason(name):
        return Refusal("junk", reason)
    return (
        _refused_path(name)
        or _refused_kind(entry, name)
        or _refused_size(entry, name, limits)
        or _refused_place(entry, name, directory, overlapping)
    )


def _refused_path(name: str) -> Refusal | None:
    if not name.strip() or "\0" in name or name.endswith("/"):
        return Refusal("bad_name", "an entry of the zip has no usable name; make the zip again")
    parts = re.split(r"[/\\]", name)
    if ".." in parts:
        return Refusal(
            "path_traversal", f"{name} points outside the zip's own folder; zip the file by itself"
        )
    if not parts[0]:
        return Refusal(
            "absolute_path", f"{name} is an absolute path; zip the folder, not the whole disk's path"
        )
    if re.match(r"[A-Za-z]:", parts[0]):
        return Refusal("drive_path", f"{name} names a drive; zip the folder, not the whole disk's path")
    return None


def _refused_kind(entry: Entry, name: str) -> Refusal | None:
    if stat.S_ISLNK(entry.mode):
        return Refusal("symlink", f"{name} is a link to another file; put the file itself into the zip")
    if stat.S_IFMT(entry.mode) not in {0, stat.S_IFREG}:
        return Refusal("special_file", f"{name} is no ordinary file; leave it out of the zip")
    if entry.flags & 0x41 or entry.method == 99:
        return Refusal("encrypted", f"{name} is locked with a password; make the zip without one")
    if entry.method not in {_STORED, _DEFLATED, _BZIP2}:
        method = _METHODS.get(entry.method, f"method {entry.method}")
        return Refusal(
            "unsupported_compression", f"{name} is packed by {method}; make an ordinary zip (Deflate)"
        )
    if ending(name) in _ARCHIVE_ENDINGS:
        return Refusal("nested_archive", f"{name} is an archive inside a zip; upload it by itself")
    return None


def _refused_size(entry: Entry, name: str, limits: Limits) -> Refusal | None:
    told = f"{name} unpacks to {entry.size // _MB:,} MB"
    if entry.size > limits.free_bytes and entry.size > limits.ratio * entry.packed:
        why = "from next to nothing, as a zip bomb does"
        return Refusal("zip_bomb", f"{told} {why}; upload the file by itself, if it is one of yours")
    if entry.size > limits.member_bytes:
        most = f"{limits.member_bytes // _MB:,} MB"
        return Refusal("too_large", f"{told}, and {most} are the most; make the file smaller")
    return None


def _refused_place(entry: Entry, name: str, directory: Directory, overlapping: set[int]) -> Refusal | None:
    if entry.index in overlapping:
        return Refusal(
            "overlapping", f"{name} shares its data with another entry, as in a zip bomb; make the zip again"
        )
    if entry.offset < 0 or _end(entry) > directory.start:
        return Refusal("damaged_entry", f"{name} lies outside the zip, which is damaged; make the zip again")
    return None
