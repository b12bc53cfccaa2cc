"""JSON Lines: each label on a line, with all its matches and its whole origin; for programs."""

from collections.abc import Iterator

from webapp.datasets.exports.facts import block_facts, facts, json_line
from webapp.datasets.exports.format import BATCH, SNAPSHOT, Format
from webapp.datasets.exports.members import Member, picture_members
from webapp.datasets.exports.sources.source import Source


def write(source: Source) -> Iterator[Member]:
    """``labels.jsonl``, and the pictures where they are wanted."""
    yield Member("labels.jsonl", _lines(source))
    yield from picture_members(source)


def _lines(source: Source) -> Iterator[bytes]:
    for row in source.rows():
        matches = [block_facts(block) for block in row.matches]
        yield json_line({**facts(row), "matches": matches, "origin": row.origin})


FORMAT = Format(
    name="jsonl", label="JSON Lines", write=write, ending="jsonl", sources=(BATCH, SNAPSHOT), place=3
)
