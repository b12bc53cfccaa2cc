"""The course's ``query,label``: for each picture five file names of meshes, the likeliest first."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from common.suggestions import SUGGESTIONS
from webapp.datasets.exports.block_names import distinct_names, with_mark
from webapp.datasets.exports.format import BATCH, SNAPSHOT, Format
from webapp.datasets.exports.members import Member, pictures_of
from webapp.datasets.exports.sources.source import Row, Source
from webapp.datasets.exports.table import csv_line
from webapp.gallery.models import Item

_COLUMNS = ("query", "label")


def write(source: Source) -> Iterator[Member]:
    """``labels.csv``, and the pictures where they are wanted.

    A confirmed match comes first, then further ones, the other suggestions after them by rank. Pictures that
    nobody answered, or for which none was right, have the suggestions as they were made. Nothing is escaped.
    """
    yield Member("labels.csv", _lines(source))
    if source.with_files:
        yield from pictures_of(source.all_rows())


def _lines(source: Source) -> Iterator[bytes]:
    blocks, pictures = _block_names(source), _PictureNames(source)
    yield csv_line(_COLUMNS)
    for row in source.all_rows():
        if items := _likeliest(row):
            yield csv_line([pictures.name(row), ",".join(blocks[sha256] for sha256 in items)])


def _likeliest(row: Row) -> list[str]:
    matched = [block.sha256 for block in row.matches]
    suggested = [one["item"] for one in row.origin["suggestions"]]
    return [*matched, *(item for item in suggested if item not in matched)][:SUGGESTIONS]


def _block_names(source: Source) -> dict[str, str]:
    """By its digest, each block's shortest path that no other block of the gallery or of the export has."""
    names = dict(Item.objects.values_list("sha256", "name"))
    for row in source.all_rows():
        names |= {block.sha256: block.name for block in row.matches}
        names |= {one["item"]: one["item_name"] for one in row.origin["suggestions"]}
    # A comma would end a name early.
    return distinct_names({sha256: name.replace(",", "_") for sha256, name in names.items()})


class _PictureNames:
    """Pictures by their paths below the folder that all of them share, or as they are called in the zip.

    Where two pictures of different batches have one path, both are marked by their digests.
    """

    def __init__(self, source: Source) -> None:
        self._folder: list[str] | None = None
        first: dict[int, int] = {}
        self._twice: set[int] = set()
        for row in source.all_rows():
            name, picture = hash(row.origin["name"]), hash(row.label.query)
            if first.setdefault(name, picture) != picture:
                self._twice.add(name)
            self._narrow(row.origin["name"].split("/")[:-1])

    def name(self, row: Row) -> str:
        if row.image:
            return row.image.removeprefix("images/")
        name = row.origin["name"]
        below = "/".join(name.split("/")[len(self._folder or ()) :])
        return with_mark(below, row.label.query[:8]) if hash(name) in self._twice else below

    def _narrow(self, folders: list[str]) -> None:
        if self._folder is None:
            self._folder = folders
        while folders[: len(self._folder)] != self._folder:
            self._folder = self._folder[:-1]


FORMAT = Format(
    name="course",
    label=_("query,label CSV"),
    write=write,
    ending="csv",
    sources=(BATCH, SNAPSHOT),
    place=5,
    signatures=(frozenset(_COLUMNS),),
)
