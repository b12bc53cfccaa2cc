"""A folder of pictures for each codepoint, as many trainers take it."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member
from webapp.datasets.exports.sources.source import Block, Source


def write(source: Source) -> Iterator[Member]:
    """``U+6F22/a.png``: each picture under the character of each of its matches.

    A match whose character nobody knows goes under its block; labels without a match are left out.
    """
    given: set[str] = set()
    last = ""
    for row, block in source.matches():
        if row.label.query != last:
            last, given = row.label.query, set()
        name = f"{_folder_of(block)}/{row.image.removeprefix('images/')}"
        if row.image and name not in given:
            given.add(name)
            yield Member(name, blob_path(row.label.query), row.label.query)


def _folder_of(block: Block) -> str:
    """ "U+845B_U+E0100" for a character, "item-" and a digest where it is not known."""
    return block.codepoint.replace(" ", "_") if block.character else f"item-{block.sha256}"


FORMAT = Format(name="folders", label=_("one folder per codepoint"), write=write)
