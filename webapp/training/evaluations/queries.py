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
from webapp.review.models import Decision, Gold
from webapp.training.evaluations.slices import SELDOM

_VERY = Decision.Relation.SAME_CARVING.value


@dataclass(frozen=True)
class SnapshotQuery:
    """A labelled query of the test side.

    items: ids of those that it matches. slices: what it belongs to, by the names of
    ``webapp.training.evaluations.slices``. carvings: of the items, those said to be the same carving.
    character: ids of all items of the character of these; empty where there are no such carvings.
    """

    query_id: int
    name: str
    sha256: str
    items: frozenset[int]
    slices: tuple[str, ...]
    carvings: frozenset[int] = frozenset()
    character: frozenset[int] = frozenset()


def evaluation_queries(snapshot: Snapshot, split: str) -> list[SnapshotQuery]:
    """The test side's matches whose items are in the gallery, each picture once.

    Raises:
        BadSnapshot: the snapshot's files are not what was frozen.
    """
    items: dict[str, int] = {}
    alike: dict[str, set[int]] = {}
    ready = Item.objects.filter(state=Item.State.READY)
    for sha256, pk, character in ready.values_list("sha256", "pk", "character"):
        items[sha256] = pk
        alike.setdefault(character, set()).add(pk)
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
            **_carvings(label, items, alike),
        )
        for label, origin in found.values()
    ]


def _carvings(label: Label, items: dict[str, int], alike: dict[str, set[int]]) -> dict[str, frozenset[int]]:
    """What printed a query, and all of its character. items: ids by digest; alike: ids by character."""
    very = [match for match in label.matches if match.relation == _VERY and match.item in items]
    carvings = frozenset(items[match.item] for match in very)
    characters = {match.character for match in very} - {""}
    return {"carvings": carvings, "character": carvings.union(*(alike.get(one, set()) for one in characters))}


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
