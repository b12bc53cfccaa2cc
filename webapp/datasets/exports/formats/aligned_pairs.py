"""Aligned pairs: each print and the height map of the block that it matches, laid over each other."""

import io
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from PIL import Image

from webapp.datasets.exports.alignment import AlignedPair, aligned
from webapp.datasets.exports.facts import json_line
from webapp.datasets.exports.format import BATCH, SNAPSHOT, Format
from webapp.datasets.exports.members import Member, pictures_of
from webapp.datasets.exports.sources.source import Block, Row, Source

_KEYS = (
    *("query", "query_name", "item", "item_name", "character", "relation", "split", "image"),
    *("print", "height", "transform", "scan_transform", "mirrored"),
    *("agreement", "residual", "ink_overlap", "fitted_by", "annotator"),
)


def write(source: Source) -> Iterator[Member]:
    """``pairs.jsonl``; of each pair the print and the height map in one frame; and the prints as uploaded."""
    yield Member("pairs.jsonl", _lines(source))
    for number, _row, _block, pair in _pairs(source):
        if pair:
            yield Member(_name(number, "print"), [_png(pair.picture)])
            yield Member(_name(number, "height"), [_png(pair.height)])
    yield from pictures_of(row for row in source.rows() if any(block.fit for block in row.matches))


def _lines(source: Source) -> Iterator[bytes]:
    for number, row, block, pair in _pairs(source):
        fit = block.fit
        values = (
            *(row.label.query, row.origin["name"], block.sha256, block.name),
            *(block.character or None, block.relation or None, row.side, row.image or None),
            *((_name(number, "print"), _name(number, "height")) if pair else (None, None)),
            list(pair.transform) if pair else None,
            list(fit.transform) if fit else None,
            source.is_mirrored(block),
            *(fit and fit.agreement, fit and fit.residual, pair.ink_overlap if pair else None),
            *(fit and fit.by, row.decision.get("annotator")),
        )
        yield json_line(dict(zip(_KEYS, values, strict=True)))


def _pairs(source: Source) -> Iterator[tuple[int, Row, Block, AlignedPair | None]]:
    """Each match whose place on the picture is known, numbered; None where a file of it is missing."""
    placed = ((row, block) for row, block in source.matches() if block.fit)
    for number, (row, block) in enumerate(placed, 1):
        yield number, row, block, _aligned(source, row, block)


def _aligned(source: Source, row: Row, block: Block) -> AlignedPair | None:
    picture = source.page_picture(row)
    height, ink = source.block_file(block, "height.png"), source.block_file(block)
    if not (block.fit and picture and height and ink):
        return None
    mirrored = source.is_mirrored(block)
    return aligned(picture=picture, height=height, ink=ink, ink_mirrored=mirrored, fit=block.fit)


def _name(number: int, what: str) -> str:
    return f"pairs/{number:06}/{what}.png"


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


FORMAT = Format(
    name="aligned_pairs",
    label=_("aligned pairs"),
    write=write,
    sources=(BATCH, SNAPSHOT),
    signatures=(frozenset(_KEYS),),
)
