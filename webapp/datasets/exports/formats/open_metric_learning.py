"""open-metric-learning: the table of its retrieval, with the pictures that it names."""

from collections.abc import Iterator

from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member, picture_members, print_members, print_name
from webapp.datasets.exports.sources.source import Source
from webapp.datasets.exports.table import csv_line
from webapp.datasets.snapshots.splits import BETWEEN, TRAIN

_OLDER = ("label", "path", "split", "is_query", "is_gallery", "category", "sha256")
_COLUMNS = (*_OLDER, "name")


def write(source: Source) -> Iterator[Member]:
    """``df.csv``, the prints, and the blocks' ink prints.

    A class is a character, or a block whose character nobody knows. Prints are queries, ink prints the
    gallery. "validation" holds the labels of the split's validation and test sides; who needs them apart
    takes another format.
    """
    yield Member("df.csv", _lines(source))
    yield from picture_members(source)
    yield from print_members(source)


def _lines(source: Source) -> Iterator[bytes]:
    yield csv_line(_COLUMNS)
    classes: dict[str, int] = {}
    items: set[str] = set()
    for row, block in source.matches():
        category = block.character or block.sha256
        number = classes.setdefault(category, len(classes))
        if row.side == BETWEEN or not source.block_file(block):
            continue
        side = TRAIN if row.side == TRAIN else "validation"
        query, gallery = ([None, None],) * 2 if side == TRAIN else ([True, False], [False, True])
        if row.image:
            yield csv_line([number, row.image, side, *query, category, row.label.query, row.origin["name"]])
        if block.sha256 not in items:
            items.add(block.sha256)
            path = print_name(block.sha256)
            yield csv_line([number, path, side, *gallery, category, block.sha256, block.name])


FORMAT = Format(
    name="oml",
    label="open-metric-learning",
    write=write,
    signatures=(frozenset(_COLUMNS), frozenset(_OLDER)),
)
