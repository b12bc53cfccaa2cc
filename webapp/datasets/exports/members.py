"""The files of an export."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.sources.source import Source


@dataclass(frozen=True)
class Member:
    """One file of an export.

    Args:
        name: its path in the zip.
        content: its parts, read once; or where it lies.
        sha256: what the file that lies there must be; empty where nobody can tell.
    """

    name: str
    content: Path | Iterable[bytes]
    sha256: str = ""


def picture_members(source: Source) -> Iterator[Member]:
    """The labelled pictures, each once; none where they are not wanted."""
    if source.with_files:
        yield from pictures_of(source.rows())


def pictures_of(rows) -> Iterator[Member]:
    """The pictures of these rows, each once."""
    last = ""
    for row in rows:
        if row.image and row.label.query != last:
            last = row.label.query
            yield Member(row.image, blob_path(last), last)


def print_members(source: Source) -> Iterator[Member]:
    """The ink prints of all blocks that are matched, each once; none where files are not wanted."""
    if not source.with_files:
        return
    given: set[str] = set()
    for _, block in source.matches():
        if block.sha256 not in given:
            given.add(block.sha256)
            if path := source.block_file(block):
                yield Member(print_name(block.sha256), path)


def print_name(sha256: str) -> str:
    """Path of a block's ink print in an export."""
    return f"items/{sha256}.png"
