"""Files that can be made again: written aside, then moved into place."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from common.publish import path_aside
from webapp.core.media import derived

# The report comes last: with it, all are there.
ITEM_FILES = ("height.png", "thumb.webp", "print.png", "viewer.glb", "report.json")
QUERY_FILES = ("page.webp", "input.png")


def write_derived(room: str, pk: int, files: Mapping[str, bytes]) -> None:
    """Put files into place under their names, each whole or not at all, the last one last.

    Not flushed to the disk: they can be made again, and a file that a crash left empty counts as missing.
    """
    folder = derived(room, pk, "x").parent
    with path_aside(folder) as aside:
        aside.mkdir()
        for name, data in files.items():
            (aside / name).write_bytes(data)
        _move(aside, folder, files)


def is_whole(room: str, pk: int, names: Iterable[str]) -> bool:
    """Whether all of these files are there, and none is empty."""
    return all(_size(derived(room, pk, name)) for name in names)


def _move(aside: Path, folder: Path, names: Mapping[str, bytes]) -> None:
    try:
        os.rename(aside, folder)
    except OSError:
        # There is a folder of an earlier time: its files are replaced one by one, so that there is
        # always one of each.
        for name in names:
            os.replace(aside / name, folder / name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
