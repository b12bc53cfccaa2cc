"""Files that can be made again: written aside, then moved into place."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.db.models import Model

from common.publish import path_aside
from webapp.core.files.media import derived
from webapp.core.files.old_files import UNUSED_SECONDS, data_entries, remove_if_old

# The report comes last: with it, all are there.
FORM_FILE = "form.png"
ITEM_FILES = ("height.png", "thumb.webp", "print.png", FORM_FILE, "viewer.glb", "report.json")
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


@contextmanager
def derived_folder(room: str, pk: int) -> Iterator[Path]:
    """Lend a folder beside a row's own, and put it in place at the end, whole; what was there goes.

    Not flushed to the disk, as in ``write_derived``.
    """
    folder = derived(room, pk, "x").parent
    with path_aside(folder) as aside, path_aside(folder) as older:
        aside.mkdir()
        yield aside
        if folder.exists():
            os.rename(folder, older)
        os.rename(aside, folder)


def is_complete(room: str, pk: int, names: Iterable[str]) -> bool:
    """Whether all of these files are there, and none is empty."""
    return all(_size(derived(room, pk, name)) for name in names)


def derived_clear(room: str, model: type[Model]) -> None:
    """Remove the derived files of a room whose rows are gone. model: whose ids the folders bear."""
    folders = {path.name: path for path in data_entries("derived", room)}
    numbers = sorted(int(name) for name in folders if name.isdigit())
    present = {pk for some in _slices(numbers) for pk in _present(model, some)}
    for name, path in folders.items():
        if (name.isdigit() and int(name) not in present) or name.startswith("."):
            remove_if_old(path, seconds=UNUSED_SECONDS)


def _present(model: type[Model], pks: list[int]) -> Iterable[int]:
    return model._base_manager.filter(pk__in=pks).values_list("pk", flat=True)


def _slices(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), 10_000):
        yield values[start : start + 10_000]


def _move(aside: Path, folder: Path, names: Mapping[str, bytes]) -> None:
    try:
        os.rename(aside, folder)
    except OSError:
        # An earlier version is there: its files are replaced one by one, so that there is
        # always one of each.
        for name in names:
            os.replace(aside / name, folder / name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
