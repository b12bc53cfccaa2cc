"""An open zip, and its files."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from common.archives.directory import Directory, Entry, read_directory
from common.archives.errors import BadArchive, BadEntry
from common.archives.names import decode_names
from common.archives.refusals import MB, Judge, Limits, Refusal
from common.archives.unpacking import MemberStream

_DOS_KIN = {0, 10, 11, 14}


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

    def open(self) -> MemberStream:
        """A stream of the unpacked file, from its beginning.

        Raises:
            BadEntry: it must not be read. Reading the stream raises it where the entry is damaged, or holds
                more than it declared.
        """
        if self.refusal:
            raise BadEntry(self.refusal.reason, code=self.refusal.code)
        archive = self._archive
        return MemberStream(archive.read_at, self._entry, self.name, archive.data_end)


class Archive:
    """An open zip, to be closed. name: what to call it. members: all its files, refused ones too."""

    def __init__(self, path: Path, *, name: str, limits: Limits) -> None:
        self.name = name
        self._file = path.open("rb")
        try:
            directory = read_directory(self._file, name=name, most_entries=limits.entries)
            self.data_end = directory.start
            self.members = tuple(self._members(directory, limits))
            self._check(directory, limits)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; members can no longer be read."""
        self._file.close()

    def read_at(self, offset: int, size: int) -> bytes:
        """Up to ``size`` bytes of the zip itself. Threads and forks may read at once: no place is kept."""
        return os.pread(self._file.fileno(), size, offset) if offset >= 0 else b""

    def _members(self, directory: Directory, limits: Limits):
        judge = Judge(directory, limits)
        for entry, raw in zip(directory.entries, decode_names(directory.entries), strict=True):
            name = _with_slashes(raw, entry)
            if not _is_folder(entry, name):
                yield Member(entry.index, name, entry.size, judge.refusal_of(entry, name), entry, self)

    def _check(self, directory: Directory, limits: Limits) -> None:
        total = sum(member.size for member in self.members if not member.refusal)
        if total > limits.total_bytes:
            raise BadArchive(
                f"{self.name} unpacks to {total // MB:,} MB; {limits.total_bytes // MB:,} MB are the most",
                hint="split it into several zips",
                code="zip_too_large",
            )
        if directory.entries and all(entry.offset < 0 for entry in directory.entries):
            raise BadArchive(
                f"the beginning of {self.name} is missing: it was cut off, or lies in another part",
                hint="put all parts together again, or pack the files again as one zip",
                code="split_zip",
            )


def open_archive(path: Path, *, name: str, limits: Limits | None = None) -> Archive:
    """Open a zip for reading; use it in a ``with``, or close it.

    path: the stored file. name: what to call it before people.

    Raises:
        BadArchive: no zip, cut short, split, damaged, locked, or too much in it (codes not_a_zip,
            truncated_zip, split_zip, damaged_zip, encrypted, too_many_entries, zip_too_large).
        OSError: the file cannot be read.
    """
    return Archive(path, name=name, limits=limits or Limits())


def _is_folder(entry: Entry, name: str) -> bool:
    return entry.size == 0 and (name.endswith("/") or stat.S_ISDIR(entry.mode))


def _with_slashes(name: str, entry: Entry) -> str:
    """Some Windows programs put backslashes between folders; elsewhere one may be part of a name."""
    return name.replace("\\", "/") if entry.system in _DOS_KIN else name
