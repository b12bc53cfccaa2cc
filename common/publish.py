"""Make files and folders appear whole or not at all: write aside, fsync, rename."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_LONGEST_STEM = 80  # characters; with its additions the name stays below a disk's 255 bytes


@contextmanager
def write_aside(path: Path | str) -> Iterator[Path]:
    """Lend a path beside ``path``, and move what was written there into place at the end.

    The body makes a file or a folder at the path it is lent. When the body ends well it is flushed
    to the disk and renamed to ``path``, replacing what was there; when the body raises, it is
    removed and ``path`` stays as it was. Missing parent folders are made.

    Raises:
        OSError: the disk refuses.
    """
    with path_aside(path) as aside:
        yield aside
        (publish_folder if aside.is_dir() else publish_file)(aside, Path(path))


@contextmanager
def path_aside(path: Path | str) -> Iterator[Path]:
    """Lend a free path beside ``path``; what still lies there at the end is removed.

    For whoever publishes what was written at a moment of their own. Missing parent folders are made.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name[:_LONGEST_STEM]}.{uuid.uuid4().hex[:12]}")
    try:
        yield aside
    finally:
        _remove(aside)


def open_private(path: Path) -> BinaryIO:
    """A new file for writing that only this user may read."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def publish_file(aside: Path, path: Path) -> None:
    """Move a finished, closed file into place, on the same disk, once its content is safe."""
    _flush(aside)
    os.replace(aside, path)
    _flush(path.parent)  # the name as well: a power cut must not take the file back


def publish_folder(aside: Path, path: Path) -> None:
    """Move a finished folder into place, on the same disk, once its content is safe.

    A folder cannot be renamed over a full one, so an older one steps aside first and is then removed.
    """
    for inner in sorted(aside.rglob("*"), reverse=True):
        _flush(inner)
    _flush(aside)
    older = aside.with_name(f"{aside.name}.old")
    if path.exists():
        os.rename(path, older)
    try:
        os.rename(aside, path)
    except OSError:
        if older.exists():
            os.rename(older, path)
        raise
    _flush(path.parent)
    _remove(older)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
