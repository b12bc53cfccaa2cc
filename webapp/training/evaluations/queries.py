"""The labelled queries of a snapshot that a candidate is measured on."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import read_entries
from webapp.datasets.snapshots.manifest import Label
from webapp.datasets.snapshots.splits import TEST, TRAIN, with_sides
from webapp.gallery.models import Item
from webapp.review.models import Gold
from webapp.training.evaluations.slices import SELDOM


@dataclass(frozen=True)
class SnapshotQuery:
    """A labelled query of the test side. items: ids of those that it matches. slices: what it belongs to, by
    the names of ``webapp.training.evaluations.slices``.
    """

    query_id: int
    name: str
    sha256: str
    items: frozenset[int]
    slices: tuple[str, ...]


def evaluation_queries(snapshot: Snapshot, split: str) -> list[SnapshotQuery]:
    """The test side's matches whose items are in the gallery, each picture once.

    Raises:
        BadSnapshot: the snapshot's files are not what was frozen.
    """
    items = dict(Item.objects.filter(state=Item.State.READY).values_list("sha256", "pk"))
    gold = set(Gold.objects.values_list("pk", flat=True))
    entries = read_entries(snapshot.number, snapshot.digest, snapshot.origins)
    learned: Counter[str] = Counter()
    found: dict[str, tuple[Label, dict]] = {}
    for (label, origin), side in with_sides(entries, split, label_of=itemgetter(0)):
        if side == TRAIN:
            learned.update({match.character for match in label.matches})
        if side == TEST and any(match.item in items for match in label.matches):
            found.setdefault(label.query, (label, origin))
    return [
        SnapshotQuery(
            query_id=origin["query_id"],
            name=origin["name"],
            sha256=label.query,
            items=frozenset(items[match.item] for match in label.matches if match.item in items),
            slices=tuple(_slices(label, origin, learned, origin["query_id"] in gold)),
        )
        for label, origin in found.values()
    ]


def _slices(label: Label, origin: dict, learned: Counter, gold: bool) -> Iterable[str]:
    """What a query is counted under: names of ``webapp.training.evaluations.slices``.

    learned: how often each character is labelled on the training side. gold: whether its answer is known.
    """
    characters = {match.character for match in label.matches} - {""}
    if characters:
        yield "beyond_bmp" if any(ord(one[0]) > 0xFFFF for one in characters) else "in_bmp"
        often = max(learned[one] for one in characters)
        yield "never" if not often else "seldom" if often <= SELDOM else "often"
    else:
        yield "unknown"
    decision = next(one for one in origin["decisions"] if one["id"] == origin["label"])
    if decision["release"] is not None:  # an imported label was given before no ranking of ours
        yield "blind" if decision["blind"] else "seen"
    if gold:
        yield "gold"
    if label.matches[0].relation:
        yield label.matches[0].relation
