"""A folder or a zip as one flat list of files, read one at a time; nothing is ever unpacked to the disk."""

import lzma
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from common.order import natural_key
from retrieval.errors import BadArchive, BadInput

MAX_BYTES = 2**31
_MAX_ENTRIES = 1_000_000
_JUNK_NAMES = {"thumbs.db", "desktop.ini", "icon\r"}
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_ZIP_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


class Files(Protocol):
    """Files by name: slashes between folders, letters composed (NFC), in natural order, no junk."""

    name: str
    names: tuple[str, ...]

    def read(self, name: str, *, limit: int = MAX_BYTES) -> bytes:
        """Return a file's bytes. Raises BadInput: file_missing, file_unreadable, file_too_large."""
        ...


def open_files(path: Path | str) -> Files:
    """List a folder, with its inner folders, or a zip.

    Hidden files and what Windows and macOS add of their own are left out, and so is an entry of a
    zip that points outside it. Raises BadInput where there is neither, BadArchive for a broken zip.
    """
    path = Path(path)
    if path.is_dir():
        return FolderFiles(path)
    if not path.exists():
        raise BadInput(f"there is no file or folder {path}", hint="check the path", code="path_missing")
    if not zipfile.is_zipfile(path):
        raise BadInput(
            f"{path} is neither a folder nor a zip file", hint="name a folder or a .zip", code="not_a_folder"
        )
    return ZipFiles(path)


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
    """The entries of a zip, under the names they were meant to have."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        try:
            self._zip = zipfile.ZipFile(path)
        except _ZIP_DAMAGE as error:
            hint = "make the zip again"
            raise BadArchive(
                f"{path} is a damaged zip: {error}", hint=hint, code="archive_damaged"
            ) from error
        entries = self._zip.infolist()
        if len(entries) > _MAX_ENTRIES:
            raise BadArchive(f"{path} has more than {_MAX_ENTRIES:,} entries", code="archive_too_large")
        named = ((_entry_name(entry), entry) for entry in entries if not entry.is_dir())
        self._entries = {name: entry for name, entry in named if _is_wanted(name)}
        self.names = tuple(sorted(self._entries, key=natural_key))

    def read(self, name: str, *, limit: int = MAX_BYTES) -> bytes:
        """See `Files.read`. What an entry says of its own size is not believed."""
        if name not in self._entries:
            raise _missing(name)
        entry = self._entries[name]
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise BadArchive(
                f"{name} is encrypted", hint="make the zip without a password", code="file_unreadable"
            )
        try:
            with self._zip.open(entry) as file:
                data = file.read(limit + 1)
        except (*_ZIP_DAMAGE, MemoryError) as error:
            raise _unreadable(name, error) from error
        return _within(data, name, limit)


def _walk(root: Path) -> Iterator[str]:
    for folder, inner, files in os.walk(root):
        inner[:] = [name for name in inner if _is_wanted(name)]
        for name in files:
            relative = (Path(folder) / name).relative_to(root).as_posix()
            if _is_wanted(name) and (root / relative).is_file():
                yield relative


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """macOS writes UTF-8 without saying so, and zipfile then reads it as code page 437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_FLAG:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.filename
    return _composed(name.replace("\\", "/"))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return bool(parts) and not hidden and parts[0] != "/" and parts[-1].casefold() not in _JUNK_NAMES


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
