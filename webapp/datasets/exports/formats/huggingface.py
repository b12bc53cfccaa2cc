"""Hugging Face datasets: a folder that ``datasets.load_dataset`` loads, pictures and all."""

from collections import Counter
from collections.abc import Iterator

from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.facts import json_line
from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member
from webapp.datasets.exports.sources.source import Row, Source
from webapp.datasets.snapshots.splits import BETWEEN, SIDES

_CARD = """\
---
license: other
task_categories: [image-classification, image-to-image]
---
# Labels of Mocban, {name}

{labels} labels of {items} carved woodblock characters, frozen {made:%Y-%m-%d}.
Digest of the labels (SHA-256): `{digest}`. Split {split};
labels whose matches lie on different sides ({between}) are in none of them.

Load it with `datasets.load_dataset("imagefolder", data_dir=...)`.
"""
_OLDER = (
    *("file_name", "query", "verdict", "reason", "items", "characters", "codepoints", "relations"),
    *("name", "batch"),
)
_KEYS = (*_OLDER, "item_names")


def write(source: Source) -> Iterator[Member]:
    """``train/``, ``validation/`` and ``test/``, each with its pictures and ``metadata.jsonl``."""
    sides: Counter[str] = Counter()
    items: set[str] = set()
    for row in source.rows():
        sides[row.side] += 1
        items.update(block.sha256 for block in row.matches)
    yield Member("README.md", [_card(source, sides, len(items)).encode()])
    for side in SIDES:
        if sides[side]:
            yield Member(f"{side}/metadata.jsonl", _lines(source, side))
    for row in source.rows():
        if row.image and row.side in SIDES:
            yield Member(f"{row.side}/{_name(row)}", blob_path(row.label.query), row.label.query)


def _card(source: Source, sides: Counter[str], items: int) -> str:
    return _CARD.format(
        name=source.name,
        labels=sides.total(),
        items=items,
        made=source.made,
        digest=source.digest,
        split=source.split,
        between=sides[BETWEEN],
    )


def _name(row: Row) -> str:
    """A file of its own for each label: a picture may be in several batches."""
    return f"{row.number:08}-{row.image.removeprefix('images/')}"


def _lines(source: Source, side: str) -> Iterator[bytes]:
    for row in source.rows():
        if row.side == side and row.image:
            yield json_line(dict(zip(_KEYS, _values(row), strict=True)))


def _values(row: Row) -> tuple:
    blocks = row.matches
    return (
        *(_name(row), row.label.query, row.label.verdict, row.label.reason),
        [block.sha256 for block in blocks],
        [block.character for block in blocks],
        [block.codepoint for block in blocks],
        [block.relation for block in blocks],
        *(row.origin["name"], row.origin["batch"]),
        [block.name for block in blocks],
    )


FORMAT = Format(
    name="huggingface",
    label="Hugging Face datasets",
    write=write,
    signatures=(frozenset(_KEYS), frozenset(_OLDER)),
)
