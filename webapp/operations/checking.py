"""Whether the files that rows name are there and are what was stored."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from webapp.operations.kept import KeptFile, kept_files, kept_rooms


@dataclass
class FilesReport:
    """What a check found. checked: files that were looked at. unnamed: files that no row names; harmless."""

    checked: int = 0
    missing: list[KeptFile] = field(default_factory=list)
    damaged: list[KeptFile] = field(default_factory=list)
    unnamed: list[Path] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing or damaged."""
        return not self.missing and not self.damaged


def check_files(
    *, contents: bool = True, report: Callable[[int], None] = lambda checked: None
) -> FilesReport:
    """Compare rows with files. Nothing is changed.

    contents: read every file and compare its SHA-256; else only see that it is there.
    report: called after each file with how many were looked at.
    """
    found = FilesReport()
    named = set()
    for file in kept_files():
        named.add(file.path)
        if not file.place.is_file():
            found.missing.append(file)
        elif contents and is_damaged(file, file.place):
            found.damaged.append(file)
        found.checked += 1
        report(found.checked)
    found.unnamed = sorted(path for path in _files_there() if path not in named)
    return found


def is_damaged(file: KeptFile, place: Path) -> bool:
    """Whether nothing lies at a place, or not what was stored; without a digest, whether it is empty."""
    if not place.is_file():
        return True
    if not file.sha256:
        return place.stat().st_size == 0
    with place.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() != file.sha256


def _files_there() -> Iterator[Path]:
    data = settings.ENV.data
    for room in kept_rooms():
        for path in (data / room).rglob("*"):
            parts = path.relative_to(data)
            unfinished = any(part.startswith(".") or part == "aside" for part in parts.parts)
            if path.is_file() and not unfinished:
                yield parts
