"""Items of the gallery ranked by their likeness to a query, for when none of the five is right."""

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import mul
from sys import byteorder

from django.db.models import QuerySet

from webapp.batches.models import Query
from webapp.gallery.finding import TIERS, Fit, Reason, items_fitting, items_showing
from webapp.gallery.models import Item, ItemVector
from webapp.registry.selectors import live_release
from webapp.search.nearest import NearestAnswer, nearest_to

MOST_COMPARED = 400
"""Items that the web server compares by itself, where no worker has done it: 20 ms of plain Python."""


@dataclass(frozen=True)
class Candidate:
    """An item; its cosine distance in [0, 2], None where it was not compared; why it fits what was typed."""

    item: Item
    distance: float | None
    reason: Reason | None = None


@dataclass(frozen=True)
class Candidates:
    """Candidates in order; items are read from the database when a slice of them is taken.

    found: (item's id, distance), the best first. A slice is shorter by items that are gone meanwhile.
    ranked: how many of them were compared. coming: whether a worker is still at it. silent: whether none
    has answered for some seconds.
    """

    found: Sequence[tuple[int, float | None]]
    fit: Fit | None
    ranked: int
    coming: bool = False
    silent: bool = False

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, places: slice) -> list[Candidate]:
        some = self.found[places]
        items = Item.objects.filter(state=Item.State.READY).in_bulk([pk for pk, _ in some])
        return [self._candidate(items[pk], distance) for pk, distance in some if pk in items]

    def _candidate(self, item: Item, distance: float | None) -> Candidate:
        return Candidate(item, distance, self.fit.reason(item.character) if self.fit else None)


def candidates(
    query: Query,
    *,
    typed: str = "",
    character: str = "",
    like: Item | None = None,
    without: Collection[int] = (),
) -> Candidates:
    """Ready items of the gallery: those that fit ``typed``, or all; the most alike first.

    character: only items of exactly this one, ``typed`` being passed over. like: an item that they are to be
    like, in the query's stead; it is not among them itself. without: ids of further items to leave out.
    Among those that fit, the better reason comes before likeness. Few items are compared here and now; for
    more, a worker is asked.
    """
    source = like or query
    left_out = {*without, *([like.pk] if like else [])}
    ready = Item.objects.filter(state=Item.State.READY).exclude(pk__in=left_out).order_by("pk")
    if character:
        return _fitting(source, items_showing(character, ready))
    if typed.strip():
        return _fitting(source, items_fitting(typed, ready))
    return _all_of(source, ready, left_out)


def _fitting(source: Query | Item, fit: Fit) -> Candidates:
    """What fits, by tiers, and by likeness in each."""
    tiers = fit.tiers()
    nearest = nearest_to(source) if len(tiers) > MOST_COMPARED else NearestAnswer(None)
    found: list[list[tuple[int, float | None]]] = [[] for _ in TIERS]
    missing = dict(tiers)
    for pair in nearest.order.pairs() if nearest.order else ():
        if (tier := missing.pop(pair[0], None)) is not None:
            found[tier].append(pair)
    others = _compared_first(source, missing)
    ranked = len(tiers) - len(missing) + sum(distance is not None for _, distance in others)
    for other in others:
        found[tiers[other[0]]].append(other)
    for fitting in found:
        fitting.sort(key=lambda pair: (pair[1] is None, pair[1] or 0.0))
    coming = len(tiers) > MOST_COMPARED and nearest.order is None
    return Candidates(list(chain(*found)), fit, ranked=ranked, coming=coming, silent=nearest.silent)


def _all_of(source: Query | Item, ready: QuerySet[Item], left_out: Collection[int]) -> Candidates:
    """Everything by likeness; nothing while that is not known."""
    pks = list(ready.values_list("pk", flat=True)[: MOST_COMPARED + 1])
    if len(pks) <= MOST_COMPARED:
        distances = _compared(source, pks)
        ordered = sorted(distances.items(), key=lambda one: (one[1], one[0]))
        return Candidates(ordered, None, ranked=len(ordered))
    nearest = nearest_to(source)
    found = [pair for pair in nearest.order.pairs() if pair[0] not in left_out] if nearest.order else []
    return Candidates(found, None, ranked=len(found), silent=nearest.silent, coming=nearest.order is None)


def _compared_first(source: Query | Item, tiers: dict[int, int]) -> list[tuple[int, float | None]]:
    """Those items that fit best are compared here and now; all of them, the most alike first."""
    pks = sorted(tiers, key=lambda pk: (tiers[pk], pk))
    distances = _compared(source, pks[:MOST_COMPARED])
    pks.sort(key=lambda pk: (pk not in distances, distances.get(pk, 0.0), pk))
    return [(pk, distances.get(pk)) for pk in pks]


def _compared(source: Query | Item, pks: list[int]) -> dict[int, float]:
    """The distance of each item by its id: that of its nearer reading, where it has two.

    Only vectors of one model are compared. Plain Python takes some 20 ms for 400 items: too little to
    bring an array library into every process of the web server.
    """
    model, asking = _vectors_of(source)
    rows = ItemVector.objects.filter(item__in=pks, model=model) if asking else ItemVector.objects.none()
    nearest: dict[int, float] = {}
    for pk, data in rows.values_list("item", "vector"):
        numbers = _numbers(data)
        distance = 1.0 - max(sum(map(mul, vector, numbers)) for vector in asking)
        nearest[pk] = min(distance, nearest.get(pk, 2.0))
    return {pk: max(0.0, distance) for pk, distance in nearest.items()}


def _vectors_of(source: Query | Item) -> tuple[int | None, list[array]]:
    """The model, and its vectors by it: a query's one, an item's one or two."""
    if isinstance(source, Query):
        return source.vector_model_id, [_numbers(source.vector)] if source.vector is not None else []
    release = live_release()
    if release is None:
        return None, []
    rows = ItemVector.objects.filter(item=source, model=release.model).values_list("vector", flat=True)
    return release.model_id, [_numbers(data) for data in rows]


def _numbers(data: bytes | memoryview) -> array:
    """A stored vector's numbers: float32, little-endian."""
    numbers = array("f", bytes(data))
    if byteorder == "big":
        numbers.byteswap()
    return numbers
