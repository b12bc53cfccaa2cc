"""A folder or a zip as one flat list of files, read one at a time; nothing is ever unpacked to the disk."""

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol
from weakref import finalize

from common.archives.archive import Archive, Member, open_archive
from common.archives.errors import BadArchive
from common.archives.refusals import Limits
from common.archives.unpacking import MemberStream
from common.errors import BadInput
from common.junk import junk_reason
from common.order import natural_key

MAX_BYTES = 2**31
_LIMITS = Limits(entries=1_000_000, member_bytes=MAX_BYTES, total_bytes=2**50)
_NAMELESS = {"bad_name", "path_traversal", "absolute_path", "drive_path"}


class Files(Protocol):
    """Files by name: slashes between folders, letters composed (NFC), in natural order, no junk."""

    name: str
    names: tuple[str, ...]

    def read(self, name: str, *, limit: int = MAX_BYTES) -> bytes:
        """Return a file's bytes.

        Raises:
            BadInput: file_missing, file_unreadable, file_too_large, and the codes of entries of a zip.
        """
        ...


def open_files(path: Path | str) -> Files:
    """List a folder, with its inner folders, or a zip.

    Hidden files and what Windows and macOS add of their own are left out, and so is an entry of a zip that
    points outside it, or has no name. One that must not be read is listed, and refused when it is read.

    Raises:
        BadInput: there is neither.
        BadArchive: the zip is broken.
    """
    path = Path(path)
    if path.is_dir():
        return FolderFiles(path)
    if not path.exists():
        raise BadInput(f"there is no file or folder {path}", hint="check the path", code="path_missing")
    try:
        return ZipFiles(path, open_archive(path, name=str(path), limits=_LIMITS))
    except BadArchive as error:
        if error.code != "not_a_zip":
            raise
        what = f"{path} is neither a folder nor a zip file"
        raise BadInput(what, hint="name a folder or a .zip", code="not_a_folder") from error


class FolderFiles:
    """The files of a folder. Links to files are followed, links to folders are not."""

    def __init__(self, path: Path) -> None:
        self.name = path.resolve().name
        self._root = path
        self._stored = {_composed(name): name for name in _walk(path)}
        self.names = tuple(sorted(self._stored, key=natural_key))

    def read(self, name: str, *, limit: int = MAX_BYTES) -> bytes:
        """See `Files.read`."""
        if name not in self._stored:
            raise _missing(name)
        try:
            with (self._root / self._stored[name]).open("rb") as file:
                data = file.read(limit + 1)
        except (OSError, MemoryError) as error:
            raise _unreadable(name, error) from error
        return _within(data, name, limit)


class ZipFiles:
    """The files of a zip, under the names they were meant to have."""

    def __init__(self, path: Path, archive: Archive) -> None:
        self.name = path.stem
        named = ((_composed(member.name), member) for member in archive.members)
        self._members = {
            name: member for name, member in named if _is_wanted(name) and not _is_nameless(member)
        }
        self.names = tuple(sorted(self._members, key=natural_key))
        finalize(self, archive.close)  # read from as long as there is anybody to ask

    def read(self, name: str, *, limit: int = MAX_BYTES) -> bytes:
        """See `Files.read`. What an entry says of its own size is not believed."""
        if name not in self._members:
            raise _missing(name)
        try:
            data = b"".join(_up_to(limit + 1, self._members[name].open()))
        except (OSError, MemoryError) as error:
            raise _unreadable(name, error) from error
        return _within(data, name, limit)


def _up_to(most: int, stream: MemberStream) -> Iterator[bytes]:
    while most > 0 and (chunk := stream.read(most)):
        most -= len(chunk)
        yield chunk


def _is_nameless(member: Member) -> bool:
    """Whether the entry has no name by which it could be reported, or one that points outside the zip."""
    return member.refusal is not None and member.refusal.code in _NAMELESS


def _walk(root: Path) -> Iterator[str]:
    for folder, inner, files in os.walk(root):
        inner[:] = [name for name in inner if _is_wanted(name)]
        for name in files:
            relative = (Path(folder) / name).relative_to(root).as_posix()
            if _is_wanted(name) and (root / relative).is_file():
                yield relative


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not any(part.startswith(".") for part in parts) and not junk_reason(name)


def _within(data: bytes, name: str, limit: int) -> bytes:
    if len(data) > limit:
        fault = f"{name} is larger than {limit / 2**20:,.0f} MiB"
        raise BadInput(fault, hint="reduce it", code="file_too_large")
    return data


def _missing(name: str) -> BadInput:
    return BadInput(f"{name} is missing", hint="put the file there", code="file_missing")


def _unreadable(name: str, error: BaseException) -> BadInput:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return BadInput(f"{name} cannot be read: {reason}", hint="check the file", code="file_unreadable")
