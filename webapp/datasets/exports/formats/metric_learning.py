"""What metric learning takes: open-metric-learning's table, triplets with hard negatives, and pairs."""

from collections.abc import Iterator

from webapp.datasets.exports.formats.source import Member, Source, item_image
from webapp.datasets.exports.formats.tables import csv_line, json_line
from webapp.datasets.snapshots.splits import TRAIN

_OML = ("label", "path", "split", "is_query", "is_gallery", "category", "sha256")


def oml(source: Source) -> Iterator[Member]:
    """``df.csv`` for open-metric-learning's retrieval, with the pictures that it names.

    A class is a character, or an item whose character nobody knows. Prints are queries, the items' ink
    prints the gallery. "validation" holds the labels of the split's validation and test sides; who needs
    them apart takes another format.
    """
    yield Member("df.csv", _oml(source))
    yield from source.images()
    yield from source.item_images()


def triplets(source: Source) -> Iterator[Member]:
    """``triplets.jsonl``: a print, an item that it matches, and one that was suggested above it and refused.

    rank and release are the refused suggestion's; labels whose first suggestion was right give none.
    """
    yield Member("triplets.jsonl", _triplets(source))
    yield from source.images()
    yield from source.item_images()


def pairs(source: Source) -> Iterator[Member]:
    """``pairs.jsonl``: each print with each item that it matches, and how they are related."""
    yield Member("pairs.jsonl", _pairs(source))
    yield from source.images()
    yield from source.item_images()


def _oml(source: Source) -> Iterator[bytes]:
    yield csv_line(_OML)
    classes: dict[str, int] = {}
    items: set[str] = set()
    for row, match in source.matches():
        key = match.character or match.item
        number = classes.setdefault(key, len(classes))
        side = {TRAIN: TRAIN, "between": None}.get(row.side, "validation")
        if side is None or not source.item_print(match.item):
            continue
        training = side == TRAIN
        flags = [None, None] if training else [True, False]
        if row.image:
            yield csv_line([number, row.image, side, *flags, key, row.label.query])
        if match.item not in items:
            items.add(match.item)
            flags = [None, None] if training else [False, True]
            yield csv_line([number, item_image(match.item), side, *flags, key, match.item])


def _triplets(source: Source) -> Iterator[bytes]:
    for row in source.rows():
        matched = {match.item for match in row.label.matches}
        ranks = {one["item"]: one["rank"] for one in row.origin["suggestions"]}
        for match in row.label.matches:
            chosen = ranks.get(match.item, len(ranks) + 1)
            for one in row.origin["suggestions"]:
                if one["rank"] < chosen and one["item"] not in matched:
                    yield json_line(
                        {
                            "anchor": row.label.query,
                            "positive": match.item,
                            "negative": one["item"],
                            "positive_rank": ranks.get(match.item),
                            "negative_rank": one["rank"],
                            "negative_distance": one["distance"],
                            "release": one["release"],
                            "relation": match.relation or None,
                            "split": row.side,
                            "image": row.image or None,
                        }
                    )


def _pairs(source: Source) -> Iterator[bytes]:
    for row, match in source.matches():
        yield json_line(
            {
                "query": row.label.query,
                "item": match.item,
                "character": match.character or None,
                "relation": match.relation or None,
                "split": row.side,
                "image": row.image or None,
            }
        )
