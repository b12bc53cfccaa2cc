"""The training pairs of a run: a list of files written from a snapshot, which the training process reads.

Only pairs of the training side are trained on, and only those of the validation side are measured meanwhile.
Of the test side, and of labels between two sides, neither print nor block is in the list.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from common.publish import open_private, write_aside
from webapp.batches.models import Query
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_path
from webapp.core.files.disk import full_disk_refused
from webapp.core.files.media import derived
from webapp.datasets.snapshots.files import read_labels
from webapp.datasets.snapshots.manifest import Label, Match
from webapp.datasets.snapshots.splits import TEST, TRAIN, VALIDATION, side_of, with_sides
from webapp.gallery.models import Item
from webapp.training.models import TrainingRun

MOST_PAIRS = 40_000
OTHER_BLOCKS, OTHER_PRINTS = 3_000, 1_500


def write_training_pairs(path: Path, run: TrainingRun) -> None:
    """Write the list, whole or not at all; the same for the same snapshot and gallery.

    Raises:
        Refused: the training side has no label whose block is in the gallery.
        BadSnapshot: the snapshot's files are not what was frozen.
        DiskFull: there was no room.
    """
    items = {item.sha256: item for item in Item.objects.filter(state=Item.State.READY).order_by("-pk")}
    labels = list(read_labels(run.snapshot.number, run.snapshot.digest))
    pairs = list(_pairs(labels, items, run.split))
    if not any(pair["side"] == TRAIN for pair in pairs):
        raise Refused(
            f"the training set of {run.snapshot} has no match whose block is in the gallery",
            hint="label more pictures, create another snapshot and train on that",
            code="nothing_to_learn",
        )
    rng = random.Random(run.snapshot.digest)  # noqa: S311 - the same for the same snapshot
    if len(pairs) > MOST_PAIRS:
        pairs = [pairs[place] for place in sorted(rng.sample(range(len(pairs)), MOST_PAIRS))]
    with full_disk_refused("the training pairs"), write_aside(path) as aside, open_private(aside) as file:
        for line in (*pairs, *_blocks(items, pairs, run.split, rng), *_prints(labels, rng)):
            file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())


def _pairs(labels: list[Label], items: dict[str, Item], split: str) -> Iterator[dict]:
    seen: set[tuple[str, str]] = set()
    for label, side in with_sides(labels, split, label_of=lambda label: label):
        if side not in (TRAIN, VALIDATION):
            continue
        for match in label.matches:
            if match.item in items and (label.query, match.item) not in seen:
                seen.add((label.query, match.item))
                item = items[match.item]
                yield {
                    **_block(item, "pair"),
                    "side": side,
                    "print": str(blob_path(label.query)),
                    "query": label.query,
                    "character": match.character,
                }


def _blocks(items: dict[str, Item], pairs: list[dict], split: str, rng: random.Random) -> list[dict]:
    """Some of the gallery's other blocks, none of them on the test side."""
    paired = {pair["block"] for pair in pairs}
    others = [item for sha256, item in sorted(items.items()) if sha256 not in paired]
    found = []
    for item in rng.sample(others, len(others)):
        own = Label("", "match", (Match(item.sha256, item.character),))
        if side_of(own, split) != TEST:
            found.append(_block(item, "block"))
        if len(found) == OTHER_BLOCKS:
            break
    return found


def _prints(labels: list[Label], rng: random.Random) -> list[dict]:
    """Some pictures that nobody has labelled."""
    labelled = {label.query for label in labels}
    rows = Query.objects.filter(state=Query.State.READY).order_by("sha256").distinct()
    others = [sha256 for sha256 in rows.values_list("sha256", flat=True) if sha256 not in labelled]
    some = rng.sample(others, min(len(others), OTHER_PRINTS))
    return [{"kind": "print", "print": str(blob_path(sha256))} for sha256 in some]


def _block(item: Item, kind: str) -> dict:
    return {
        "kind": kind,
        "height": str(derived("items", item.pk, "height.png")),
        "mirrored": item.is_mirrored,
        "block": item.sha256,
        "character": item.character,
    }
