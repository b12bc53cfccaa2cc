"""Triplets with hard negatives: a print, a block that it matches, and one that was refused."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from webapp.datasets.exports.facts import json_line
from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member, picture_members, print_members
from webapp.datasets.exports.sources.source import Block, Row, Source

_OLDER = (
    *("anchor", "positive", "negative", "positive_rank", "negative_rank", "negative_distance"),
    *("release", "relation", "split", "image"),
)
_KEYS = (*_OLDER, "anchor_name", "positive_name", "negative_name")


def write(source: Source) -> Iterator[Member]:
    """``triplets.jsonl``: the refused block is one that was suggested above the right one.

    rank and release are the refused suggestion's; labels whose first suggestion was right give none.
    """
    yield Member("triplets.jsonl", _lines(source))
    yield from picture_members(source)
    yield from print_members(source)


def _lines(source: Source) -> Iterator[bytes]:
    for row, block in source.matches():
        matched = {one.sha256 for one in row.matches}
        ranks = {one["item"]: one["rank"] for one in row.origin["suggestions"]}
        chosen = ranks.get(block.sha256, len(ranks) + 1)
        for one in row.origin["suggestions"]:
            if one["rank"] < chosen and one["item"] not in matched:
                values = _values(row, block, one, ranks.get(block.sha256))
                yield json_line(dict(zip(_KEYS, values, strict=True)))


def _values(row: Row, block: Block, refused: dict, rank: int | None) -> tuple:
    return (
        *(row.label.query, block.sha256, refused["item"], rank, refused["rank"], refused["distance"]),
        *(refused["release"], block.relation or None, row.side, row.image or None),
        *(row.origin["name"], block.name, refused["item_name"]),
    )


FORMAT = Format(
    name="triplets",
    label=_("triplets with hard negatives"),
    write=write,
    ending="jsonl",
    signatures=(frozenset(_KEYS), frozenset(_OLDER)),
)
