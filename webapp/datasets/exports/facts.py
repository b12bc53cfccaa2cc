"""All that is known of one label, as programs read it: the same words for batches and for snapshots.

``query`` and ``item`` are names as they were uploaded, ``sha256`` and ``item_sha256`` digests of the files,
``query_id`` and ``item_id`` numbers of this installation. None stands for what there is not.
"""

import json
from typing import Any

from webapp.core.characters import codepoints
from webapp.datasets.exports.sources.source import Block, Row


def facts(row: Row) -> dict[str, Any]:
    """One label in JSON's values."""
    label, origin, decision = row.label, row.origin, row.decision
    first = block_facts(row.matches[0]) if row.matches else dict.fromkeys(_BLOCK)
    return {
        "query_id": origin["query_id"],
        "query": origin["name"],
        "sha256": label.query,
        "verdict": label.verdict or None,
        **first,
        "reason": label.reason or None,
        "comment": decision.get("comment") or None,
        "annotator": decision.get("annotator"),
        "decided": decision.get("decided"),
        "release": decision.get("release"),
        "also": [block_facts(block) for block in row.matches[1:]],
        "comments": comments_of(row),
        "suggestions": [_suggestion(one) for one in origin["suggestions"]],
        "batch": origin["batch"],
        "split": row.side,
        "image": row.image or None,
    }


def block_facts(block: Block) -> dict[str, Any]:
    """A block that a label names."""
    words = (block.id, block.name, block.sha256, block.character, block.codepoint, block.relation)
    return {name: word or None for name, word in zip(_BLOCK, words, strict=True)}


def comments_of(row: Row) -> list[dict[str, Any]]:
    """What anybody wrote of the picture; what stands beside answers, where a snapshot has no more."""
    if "comments" in row.origin:
        return row.origin["comments"]
    return [
        {"annotator": one["annotator"], "comment": one["comment"], "written": one["decided"]}
        for one in row.origin["decisions"]
        if one["comment"] and not one["gold"]
    ]


def json_line(value: object) -> bytes:
    """One line of a JSON Lines file."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n").encode()


_BLOCK = ("item_id", "item", "item_sha256", "character", "codepoint", "relation")


def _suggestion(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "rank": one["rank"],
        "item_id": one["item_id"],
        "item": one["item_name"],
        "character": one["character"] or None,
        "codepoint": codepoints(one["character"]) or None,
        "distance": one["distance"],
        "confidence": one["confidence"],
        "mirrored": one["mirrored"],
        "release": one["release"],
    }
