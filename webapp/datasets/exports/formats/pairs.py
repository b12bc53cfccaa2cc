"""Pairs by relation: each print with each block that it matches, and how they are related."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from webapp.datasets.exports.facts import json_line
from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member, picture_members, print_members
from webapp.datasets.exports.sources.source import Source

_OLDER = ("query", "item", "character", "relation", "split", "image")
_OLD = (*_OLDER, "query_name", "item_name")
_KEYS = (*_OLD, "fit")


def write(source: Source) -> Iterator[Member]:
    """``pairs.jsonl``, the prints, and the blocks' ink prints where files are wanted."""
    yield Member("pairs.jsonl", _lines(source))
    yield from picture_members(source)
    yield from print_members(source)


def _lines(source: Source) -> Iterator[bytes]:
    for row, block in source.matches():
        values = (
            *(row.label.query, block.sha256, block.character or None, block.relation or None),
            *(row.side, row.image or None, row.origin["name"], block.name),
            block.fit and block.fit.stored(),
        )
        yield json_line(dict(zip(_KEYS, values, strict=True)))


FORMAT = Format(
    name="pairs",
    label=_("pairs by relation"),
    write=write,
    ending="jsonl",
    signatures=(frozenset(_KEYS), frozenset(_OLD), frozenset(_OLDER)),
)
