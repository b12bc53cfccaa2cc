"""Hugging Face datasets: a folder that ``datasets.load_dataset`` loads, pictures and all."""

from collections.abc import Iterator

from webapp.core.blobs import blob_path
from webapp.datasets.exports.formats.source import Member, Row, Source, facts
from webapp.datasets.exports.formats.tables import json_line
from webapp.datasets.snapshots.splits import BETWEEN, SIDES

_CARD = """\
---
license: other
task_categories: [image-classification, image-to-image]
---
# Labels of Mocban, snapshot {number}

{labels} labels of {items} carved woodblock characters, frozen {frozen:%Y-%m-%d}.
Digest of the labels (SHA-256): `{digest}`. Split {split};
labels whose matches lie on different sides ({between}) are in none of them.

Load it with `datasets.load_dataset("imagefolder", data_dir=...)`.
"""


def huggingface(source: Source) -> Iterator[Member]:
    """``train/``, ``validation/`` and ``test/``, each with its pictures and ``metadata.jsonl``."""
    card, snapshot = source.snapshot.card, source.snapshot
    text = _CARD.format(
        number=snapshot.number,
        labels=snapshot.count,
        items=card["items"],
        frozen=snapshot.frozen,
        digest=snapshot.digest,
        split=source.split,
        between=card["splits"][source.split][BETWEEN],
    )
    yield Member("README.md", [text.encode()])
    for side in SIDES:
        if card["splits"][source.split][side]:
            yield Member(f"{side}/metadata.jsonl", _lines(source, side))
    for row in source.rows():
        if not row.image:
            source.missing.append(f"the file of the picture {row.origin['name']} is gone")
        elif row.side in SIDES:
            yield Member(f"{row.side}/{_name(row)}", blob_path(row.label.query))


def _name(row: Row) -> str:
    """A file of its own for each label: a picture may be in several batches."""
    return f"{row.number:08}-{row.image.removeprefix('images/')}"


def _lines(source: Source, side: str) -> Iterator[bytes]:
    for row in source.rows(quietly=True):
        if row.side == side and row.image:
            told = [facts(row, match) for match in row.label.matches]
            yield json_line(
                {
                    "file_name": _name(row),
                    "query": row.label.query,
                    "verdict": row.label.verdict,
                    "reason": row.label.reason,
                    "items": [one["item"] for one in told],
                    "characters": [one["character"] or "" for one in told],
                    "codepoints": [one["codepoint"] or "" for one in told],
                    "relations": [one["relation"] or "" for one in told],
                    "name": row.origin["name"],
                    "batch": row.origin["batch"],
                }
            )
