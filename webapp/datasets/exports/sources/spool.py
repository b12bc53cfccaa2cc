"""The labels of a batch as they are at one moment, kept on the disk while they are written."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from webapp.datasets.snapshots.entries import Entry
from webapp.datasets.snapshots.manifest import Label, canonical


def scratch_folder() -> Path:
    """A folder on the disk that exports lie on, for files that are made before they are packed."""
    folder = settings.ENV.data / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Spool:
    """Labels with their origins that can be read again and again, though the database moves on."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.count = 0

    def write(self, entries: Iterable[Entry]) -> None:
        """Add labels; each takes two lines, as in a snapshot's two files."""
        for entry in entries:
            self._file.write((entry.label.line() + canonical(entry.origin)).encode())
            self.count += 1
        self._file.flush()

    def read(self) -> Iterator[tuple[Label, dict[str, Any]]]:
        """All of them, from the first on."""
        with open(self._file.name, "rb") as file:
            for line in file:
                yield Label.from_line(line.decode()), json.loads(next(file))


@contextmanager
def open_spool() -> Iterator[Spool]:
    """An empty spool, which is gone at the end."""
    with tempfile.NamedTemporaryFile(dir=scratch_folder(), prefix=".labels-") as file:
        yield Spool(file)
