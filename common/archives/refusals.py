"""Which entries of a zip must not be read, and why; what a zip may hold at most."""

import re
import stat
from dataclasses import dataclass

from common.archives.directory import Directory, Entry
from common.archives.unpacking import BZIP2, DEFLATED, LZMA, METHODS, STORED
from common.file_types import Kind, ending, endings_of
from common.junk import junk_reason

MB = 1024 * 1024
_LOCAL_BYTES = 30
_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000  # locked, strongly locked, its header masked
_WINZIP_AES = 99
_ARCHIVE_ENDINGS = frozenset(endings_of(Kind.ARCHIVE, read=False))


@dataclass(frozen=True)
class Limits:
    """What a zip may hold at most.

    entries: lines of its directory. member_bytes: of one entry, unpacked. total_bytes: of all of them.
    ratio: unpacked bytes to packed ones of an entry larger than ``free_bytes``; deflate cannot pass 1,032,
    and white paper in an uncompressed picture comes near 200.
    """

    entries: int = 200_000
    member_bytes: int = 2048 * MB
    total_bytes: int = 64 * 1024 * MB
    ratio: int = 200
    free_bytes: int = 64 * MB


@dataclass(frozen=True)
class Refusal:
    """Why an entry is not to be read. code: for programs; reason: what it is and what to do, in one line."""

    code: str
    reason: str


class Judge:
    """Looks at the entries of one zip."""

    def __init__(self, directory: Directory, limits: Limits) -> None:
        self._data_end = directory.start
        self._limits = limits
        self._overlapping = _overlapping(directory)

    def refusal_of(self, entry: Entry, name: str) -> Refusal | None:
        """Why the entry must not be read; None where it may be."""
        if reason := junk_reason(name):
            return Refusal("junk", reason)
        return (
            _refused_path(name)
            or _refused_kind(entry, name)
            or _refused_size(entry, name, self._limits)
            or self._refused_place(entry, name)
        )

    def _refused_place(self, entry: Entry, name: str) -> Refusal | None:
        if entry.index in self._overlapping:
            why = "shares its data with another entry, as in a zip bomb"
            return Refusal("overlapping", f"{name} {why}; make the zip again")
        if entry.offset < 0 or _end(entry) > self._data_end:
            why = "lies outside the zip, which is damaged"
            return Refusal("damaged_entry", f"{name} {why}; make the zip again")
        return None


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
    # What came through a pipe is marked as one, and is a file all the same: "zip -" calls it "-".
    if stat.S_IFMT(entry.mode) not in {0, stat.S_IFREG} and not entry.size and name != "-":
        return Refusal("special_file", f"{name} is no ordinary file; leave it out of the zip")
    if entry.flags & _ENCRYPTED_FLAGS or entry.method == _WINZIP_AES:
        return Refusal("encrypted", f"{name} is encrypted; make the zip without a password")
    if entry.method not in {STORED, DEFLATED, BZIP2, LZMA}:
        method = METHODS.get(entry.method, f"method {entry.method}")
        return Refusal(
            "unsupported_compression", f"{name} is packed by {method}; make an ordinary zip (Deflate)"
        )
    if ending(name) in _ARCHIVE_ENDINGS:
        return Refusal("nested_archive", f"{name} is an archive inside a zip; unpack it first")
    return None


def _refused_size(entry: Entry, name: str, limits: Limits) -> Refusal | None:
    size = f"{name} unpacks to {entry.size // MB:,} MB"
    if entry.size > limits.free_bytes and entry.size > limits.ratio * entry.packed:
        why = "from next to nothing, as a zip bomb does"
        return Refusal("zip_bomb", f"{size} {why}; bring the file by itself, if it is one of yours")
    if entry.size > limits.member_bytes:
        most = f"{limits.member_bytes // MB:,} MB"
        return Refusal("too_large", f"{size}, and {most} are the most; make the file smaller")
    return None


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
