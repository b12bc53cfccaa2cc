"""The stored files that an export takes in: each read through and checked before it is promised."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from webapp.core.files.blobs import blob_path

PICTURE, BLOCK = "picture", "block"
GONE, DAMAGED, NOT_MADE, NOT_SHOWN = "gone", "damaged", "not_made", "not_shown"
_LINES = {
    GONE: "the file of the {kind} {name} ({sha256}) is gone",
    DAMAGED: "the file of the {kind} {name} ({sha256}) is damaged: it is not the one that was uploaded",
    NOT_SHOWN: "the {kind} {name} ({sha256}) has no picture for pages (yet)",
    NOT_MADE: "the {kind} {name} ({sha256}) has no ink print (yet)",
}


@dataclass(frozen=True)
class MissingFile:
    """A file that could not be put in. kind: "picture" or "block". problem: one of the four above."""

    kind: str
    name: str
    sha256: str
    problem: str

    def line(self) -> str:
        """In words, for the list that lies in the zip."""
        return _LINES[self.problem].format(**asdict(self))


class StoredFiles:
    """Checks files by their digests, each once however often it is asked for.

    missing: those that are not there or not whole, in the order in which they were asked for.
    """

    def __init__(self) -> None:
        self.missing: list[MissingFile] = []
        self._whole: set[int] = set()
        self._missing: set[int] = set()

    def find(self, sha256: str, *, kind: str, name: str) -> Path | None:
        """Where a file lies; None where it is gone or damaged. kind, name: what it is, for ``missing``."""
        key = int(sha256[:15], 16)  # half a million of these take little room
        if key in self._whole:
            return blob_path(sha256)
        if key in self._missing:
            return None
        problem = _problem_of(sha256)
        if not problem:
            self._whole.add(key)
            return blob_path(sha256)
        self._missing.add(key)
        self.missing.append(MissingFile(kind, name, sha256, problem))
        return None


def _problem_of(sha256: str) -> str:
    try:
        with blob_path(sha256).open("rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else DAMAGED
    except FileNotFoundError:
        return GONE
