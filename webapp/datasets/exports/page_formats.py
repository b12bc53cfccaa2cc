"""The box formats as export formats of a document: the room of pages writes them, this one packs them."""

from collections.abc import Iterator
from functools import partial

from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.format import DOCUMENT, Format
from webapp.datasets.exports.members import Member
from webapp.datasets.exports.sources.source import Source
from webapp.pages.interchange.box_format import BoxFormat
from webapp.pages.interchange.formats import BOX_FORMATS

_AFTER = 100  # they come after the formats of labels


def page_formats() -> list[Format]:
    """One for each box format that is written."""
    return [
        Format(
            name=one.name,
            label=one.label,
            write=partial(_write, one),
            ending=one.ending if one.single else "",
            sources=(DOCUMENT,),
            place=_AFTER + one.place,
        )
        for one in BOX_FORMATS.values()
        if one.write
    ]


def _write(format: BoxFormat, source: Source) -> Iterator[Member]:
    """The format's files, and the pictures under the names that stand in them, where they are wanted."""
    if source.book is None or format.write is None:
        return
    for name, parts in format.write(source.book):
        yield Member(name, parts)
    if source.with_files:
        for page in source.book.pages():
            yield Member(f"{format.pictures}{page.name}", blob_path(page.sha256), page.sha256)
