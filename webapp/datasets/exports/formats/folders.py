"""A folder of pictures for each codepoint, as many trainers take it."""

from collections.abc import Iterator

from webapp.core.blobs import blob_path
from webapp.core.characters import codepoints
from webapp.datasets.exports.formats.source import Member, Source


def folders(source: Source) -> Iterator[Member]:
    """``U+6F22/<digest>.png``: each picture under the character of each of its matches.

    A match whose character nobody knows goes under its item; labels without a match are left out.
    """
    given: set[str] = set()
    last = ""
    for row, match in source.matches():
        if row.label.query != last:
            last, given = row.label.query, set()
        name = f"{folder_of(match.character, match.item)}/{row.image.removeprefix('images/')}"
        if not row.image:
            source.missing.append(f"the file of the picture {row.origin['name']} is gone")
        elif name not in given:
            given.add(name)
            yield Member(name, blob_path(row.label.query))


def folder_of(character: str, item: str) -> str:
    """ "U+845B_U+E0100" for a character, "item-" and a digest where it is not known."""
    return codepoints(character).replace(" ", "_") if character else f"item-{item}"
