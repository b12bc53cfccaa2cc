"""Items of the gallery ranked by their likeness to a query, for when none of the five is right."""

from array import array
from dataclasses import dataclass
from operator import mul
from sys import byteorder

from django.db.models import QuerySet

from webapp.batches.models import Query
from webapp.gallery.models import Item, ItemVector

MOST_RANKED = 400
"""Items compared in one answer. Whoever meets more of them should ask for less."""


@dataclass(frozen=True)
class Candidate:
    """An item, and its cosine distance to the query in [0, 2]; None where one of them has no vector."""

    item: Item
    distance: float | None


@dataclass(frozen=True)
class Ranking:
    """candidates: the most alike first. total: how many items fit, of which the first 400 are ranked."""

    candidates: list[Candidate]
    total: int


def items_ranked(query: Query, items: QuerySet[Item]) -> Ranking:
    """``items`` by likeness to the query's picture, in four questions; those that cannot be compared last.

    Only vectors of one model are compared. Plain Python takes some 20 ms for 400 items: too little to
    bring an array library into every process of the web server.
    """
    found = list(items[: MOST_RANKED + 1])
    total = len(found) if len(found) <= MOST_RANKED else items.count()
    found = found[:MOST_RANKED]
    distances = _distances(query, [item.pk for item in found])
    candidates = [Candidate(item, distances.get(item.pk)) for item in found]
    candidates.sort(key=lambda one: (one.distance is None, one.distance or 0.0, one.item.pk))
    return Ranking(candidates, total)


def _distances(query: Query, pks: list[int]) -> dict[int, float]:
    """The distance of each item by its id: that of its nearer reading, where it has two."""
    if query.vector is None or query.vector_model_id is None:
        return {}
    asked = _numbers(query.vector)
    rows = ItemVector.objects.filter(item__in=pks, model=query.vector_model_id)
    nearest: dict[int, float] = {}
    for pk, data in rows.values_list("item", "vector"):
        distance = 1.0 - sum(map(mul, asked, _numbers(data)))
        nearest[pk] = min(distance, nearest.get(pk, 2.0))
    return {pk: max(0.0, distance) for pk, distance in nearest.items()}


def _numbers(data: bytes | memoryview) -> array:
    """A stored vector's numbers: float32, little-endian."""
    numbers = array("f", bytes(data))
    if byteorder == "big":
        numbers.byteswap()
    return numbers
