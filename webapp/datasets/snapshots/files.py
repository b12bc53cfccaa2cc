"""The files of a snapshot: written once, and read only as they were written.

``<data>/snapshots/<number>/`` holds ``manifest.jsonl``, the labels, whose SHA-256 is the snapshot's digest;
``origins.jsonl``, where each comes from, line by line beside it; and ``card.json``, the data card.
"""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from webapp.core.files.disk import full_disk_refused
from webapp.core.files.old_files import UNFINISHED_SECONDS, data_entries, remove_if_old
from webapp.datasets.snapshots.data_card import CardWriter
from webapp.datasets.snapshots.entries import Entry
from webapp.datasets.snapshots.manifest import BadSnapshot, Label, canonical

MANIFEST, ORIGINS, CARD = "manifest.jsonl", "origins.jsonl", "card.json"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Frozen:
    """What was written. digest: SHA-256 of the manifest; origins: of the file beside it. count: of labels."""

    digest: str
    origins: str
    count: int
    card: dict[str, Any]


def snapshot_folder(number: int) -> Path:
    """Where the files of this snapshot lie once it is ready."""
    return settings.ENV.data / "snapshots" / str(number)


def snapshots_clear_unfinished() -> None:
    """Remove what snapshots that were cut short had written aside."""
    for path in data_entries("snapshots"):
        if path.name.startswith("."):
            remove_if_old(path, seconds=UNFINISHED_SECONDS)


class Freezing:
    """Files of a snapshot, written aside: ``publish`` puts them in place, ``discard`` takes them away."""

    def __init__(self, number: int) -> None:
        self._target = snapshot_folder(number)
        self._aside = self._target.parent / f".{number}.{uuid.uuid4().hex}.part"

    def write(self, entries: Iterable[Entry], *, report: Callable[[int], None]) -> Frozen:
        """Write all files. report: called after each label with how many are written.

        Raises:
            DiskFull: there was no room.
        """
        with full_disk_refused("the snapshot"):
            self._aside.mkdir(parents=True)
            card = CardWriter()
            with (self._aside / MANIFEST).open("wb") as labels, (self._aside / ORIGINS).open("wb") as origins:
                digests = hashlib.sha256(), hashlib.sha256()
                count = 0
                for count, entry in enumerate(entries, 1):
                    _add(labels, digests[0], entry.label.line())
                    _add(origins, digests[1], canonical(entry.origin))
                    card.add(entry)
                    report(count)
                for file in (labels, origins):
                    _flush(file)
            frozen = Frozen(digests[0].hexdigest(), digests[1].hexdigest(), count, card.card())
            with (self._aside / CARD).open("wb") as file:
                file.write((json.dumps(frozen.card, ensure_ascii=False, indent=1) + "\n").encode())
                _flush(file)
        return frozen

    def publish(self) -> None:
        """Put the files in their place. What lies there already is of a try that nobody heard of."""
        shutil.rmtree(self._target, ignore_errors=True)
        os.replace(self._aside, self._target)
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def discard(self) -> None:
        """Leave nothing behind that was not published."""
        shutil.rmtree(self._aside, ignore_errors=True)


def read_labels(number: int, digest: str) -> Iterator[Label]:
    """The labels of a snapshot, in their order.

    Raises:
        BadSnapshot: the file is missing, or is not the one that was frozen.
    """
    for line in _lines(number, MANIFEST, digest):
        yield Label.from_line(line)


def read_entries(number: int, digest: str, origins: str) -> Iterator[tuple[Label, dict[str, Any]]]:
    """The labels of a snapshot, each with its origin.

    Raises:
        BadSnapshot: a file is missing, or is not the one that was frozen.
    """
    found = (json.loads(line) for line in _lines(number, ORIGINS, origins))
    yield from zip(read_labels(number, digest), found, strict=True)


def _lines(number: int, name: str, digest: str) -> Iterator[str]:
    """Lines of a file that was looked through before the first one is given: half a set is none."""
    path = snapshot_folder(number) / name
    try:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise BadSnapshot(
                    f"{name} of snapshot {number} was changed or damaged since the snapshot was created",
                    hint="restore the file from a backup of the data folder, or create a new snapshot",
                )
            file.seek(0)
            for line in file:
                yield line.decode()
    except FileNotFoundError:
        raise BadSnapshot(
            f"{name} of snapshot {number} is missing",
            hint="restore the file from a backup of the data folder, or create a new snapshot",
        ) from None


def _add(file: BinaryIO, digest, line: str) -> None:
    data = line.encode()
    file.write(data)
    digest.update(data)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
