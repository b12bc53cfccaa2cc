"""What an export format is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from webapp.datasets.exports.members import Member
from webapp.datasets.exports.sources.source import Source

BATCH, SNAPSHOT, DOCUMENT = "batch", "snapshot", "document"


@dataclass(frozen=True)
class Format:
    """An export format. Each is declared as ``FORMAT`` in a module of its own under ``formats``.

    Args:
        name: for programs and in the database, where it must never change.
        label: for people.
        write: gives the files of an export, its table first.
        ending: of the one file where no pictures are wanted; empty for a format that is always a zip.
        sources: what it can be written from.
        place: where it stands in lists; the lowest first, then by name.
        signatures: what label import knows a file by that it cannot read: each the whole set of columns of a
            table's first line, or of keys of a JSON object.
    """

    name: str
    label: str | Promise
    write: Callable[[Source], Iterator[Member]]
    ending: str = ""
    sources: tuple[str, ...] = (SNAPSHOT,)
    place: int = 50
    signatures: tuple[frozenset[str], ...] = ()
