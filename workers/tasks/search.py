"""From vectors to the items that a query most resembles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embed.exemplars import NEAREST, RULE, Near, Own, move
from retrieval.index.exemplars import Asked
from retrieval.types import Hits
from webapp.gallery.models import Item, ItemVector
from webapp.search.exemplars import exemplars_there
from webapp.search.selectors import SUGGESTIONS
from webapp.search.services import Hit
from workers.live.release import LiveRelease

# An item may have two vectors, and a vector may have been replaced since the index was built, so that more
# are asked for than five. Where that was not enough, four times as many are, until there are no more.
_ASKED_FOR = 4 * SUGGESTIONS
_ASK_MORE = 4
# Of one character, so many other blocks are drawn nearer with the one that was matched.
_MOST_SIBLINGS = 50
# Items that exemplars may bring among the five, or out of them.
_CANDIDATES = 4 * SUGGESTIONS


@dataclass(frozen=True)
class Found:
    """An item for one query. distance: cosine distance of its nearer reading, in [0, 2]. character: as in
    ``Item``. exemplar: id of the query whose picture drew it nearer, where one did.
    """

    item: int
    distance: float
    mirrored: bool
    character: str
    exemplar: int | None = None


def find_items(loaded: LiveRelease, vectors: np.ndarray, queries: Sequence[int] = ()) -> list[list[Hit]]:
    """The five most similar items for each query, the best first; fewer where there are fewer.

    Exemplars have a say in what is similar. vectors: (Q, D) float32, unit length. queries: the ids of those
    that ask, whose own answers do not count; none where pictures ask that are no queries.
    """
    asked = _ASKED_FOR
    while True:
        hits = loaded.search(vectors, asked)
        found = _per_item(hits, _readings(hits))
        if asked >= len(loaded) or all(len(row) >= SUGGESTIONS for row in found):
            break
        asked *= _ASK_MORE
    if len(loaded.exemplars):
        found = _with_exemplars(loaded, vectors, found, list(queries) or [None] * len(vectors))
    return [_with_confidence(loaded, row[:SUGGESTIONS]) for row in found]


def _readings(hits: Hits) -> Mapping[int, tuple[int, bool, str]]:
    """Item, reading and character of every vector found that still stands for a ready item, by the vector's
    id.
    """
    ids = np.unique(hits.ids[hits.ids >= 0]).tolist()
    rows = []
    for start in range(0, len(ids), 10_000):
        some = ItemVector.objects.filter(pk__in=ids[start : start + 10_000], item__state=Item.State.READY)
        rows += some.values_list("pk", "item", "mirrored", "item__character")
    return {pk: told for pk, *told in rows}


def _per_item(hits: Hits, readings: Mapping[int, tuple[int, bool, str]]) -> list[list[Found]]:
    """Each query's nearest items, each by its nearest vector: more than five, for exemplars to move."""
    found = []
    for ids, distances in zip(hits.ids.tolist(), hits.distances.tolist(), strict=True):
        best: dict[int, Found] = {}
        for pk, distance in zip(ids, distances, strict=True):
            if pk in readings and len(best) < _CANDIDATES:
                item, mirrored, character = readings[pk]
                best.setdefault(item, Found(item, distance, mirrored, character))
        found.append(list(best.values()))
    return found


def _with_exemplars(
    loaded: LiveRelease, vectors: np.ndarray, found: list[list[Found]], queries: Sequence[int | None]
) -> list[list[Found]]:
    """The same with what exemplars bring among them, in the order that they give."""
    exemplars = loaded.exemplars
    distances = exemplars.compare(vectors)
    near = [
        exemplars.within(row, reach=RULE.reach, most=NEAREST, without=query)
        for row, query in zip(distances, queries, strict=True)
    ]
    seen = {one for asked in near for one in asked.ids}
    gone = seen - exemplars_there(seen)
    if gone:  # with their queries or items, just now
        exemplars.drop(gone)
        return _with_exemplars(loaded, vectors, found, queries)
    characters = _characters({exemplars[one].item for one in seen})
    brought = _brought(loaded, vectors, near, found, characters)
    return [
        _moved(loaded, [*row, *more], asked, far, query, characters)
        for row, more, asked, far, query in zip(found, brought, near, distances, queries, strict=True)
    ]


def _characters(items: set[int]) -> dict[int, str]:
    return dict(Item.objects.filter(pk__in=items).values_list("pk", "character"))


def _brought(
    loaded: LiveRelease,
    vectors: np.ndarray,
    near: list[Asked],
    found: list[list[Found]],
    characters: Mapping[int, str],
) -> list[list[Found]]:
    """For each query the items that exemplars near it speak for, and that were not found without them."""
    exemplars = loaded.exemplars
    siblings = _siblings({character for character in characters.values() if character})
    wanted = []
    for asked, row in zip(near, found, strict=True):
        items = {exemplars[one].item for one in asked.ids}
        items |= {other for item in items for other in siblings.get(characters.get(item, ""), ())}
        wanted.append(items - {one.item for one in row})
    readings = _vectors_of(loaded, set().union(*wanted))
    return [
        [_nearest_reading(item, vector, readings[item]) for item in sorted(items) if item in readings]
        for vector, items in zip(vectors, wanted, strict=True)
    ]


def _siblings(characters: set[str]) -> dict[str, list[int]]:
    """Ready items by character."""
    found: dict[str, list[int]] = {}
    rows = Item.objects.filter(character__in=characters, state=Item.State.READY).order_by("pk")
    for pk, character in rows.values_list("pk", "character") if characters else ():
        if len(found.setdefault(character, [])) < _MOST_SIBLINGS:
            found[character].append(pk)
    return found


def _vectors_of(loaded: LiveRelease, items: set[int]) -> dict[int, list[tuple[bool, str, np.ndarray]]]:
    """The readings of ready items by the live model: which way, the character, (D,) float32."""
    readings: dict[int, list[tuple[bool, str, np.ndarray]]] = {}
    rows = ItemVector.objects.filter(
        item__in=items, model=loaded.release.model_id, item__state=Item.State.READY
    )
    for item, mirrored, character, data in (
        rows.values_list("item", "mirrored", "item__character", "vector") if items else ()
    ):
        readings.setdefault(item, []).append((mirrored, character, np.frombuffer(bytes(data), "<f4")))
    return readings


def _nearest_reading(item: int, vector: np.ndarray, readings: list[tuple[bool, str, np.ndarray]]) -> Found:
    distances = [float(np.clip(1 - vector @ reading, 0, 2)) for _, _, reading in readings]
    best = int(np.argmin(distances))
    mirrored, character, _ = readings[best]
    return Found(item, distances[best], mirrored, character)


def _moved(
    loaded: LiveRelease,
    row: list[Found],
    asked: Asked,
    distances: np.ndarray,
    query: int | None,
    characters: Mapping[int, str],
) -> list[Found]:
    """One query's items as exemplars move them, the nearest first."""
    exemplars = loaded.exemplars
    told = [exemplars[one] for one in asked.ids]
    weights = np.zeros((len(row), len(told)))
    for place, one in enumerate(row):
        for column, exemplar in enumerate(told):
            if exemplar.item == one.item:
                weights[place, column] = 1.0
            elif one.character and one.character == characters.get(exemplar.item):
                weights[place, column] = exemplar.shared
    own = [exemplars.nearest_of(distances, one.item, without=query) for one in row]
    moved = move(
        np.array([one.distance for one in row]),
        Near(asked.distances, np.array([one.trust for one in told]), weights),
        Own(np.array([far for far, _ in own]), np.array([trust for _, trust in own])),
    )
    rows = zip(row, moved.distances.tolist(), moved.decisive.tolist(), strict=True)
    placed = [
        Found(one.item, far, one.mirrored, one.character, told[by].query if by >= 0 else None)
        for one, far, by in rows
    ]
    return sorted(placed, key=lambda one: (one.distance, one.item))


def _with_confidence(loaded: LiveRelease, row: Sequence[Found]) -> list[Hit]:
    if not row:
        return []
    distances = np.array([[one.distance for one in row]], np.float32)
    confidences = loaded.embedder.confidence(distances)[0].tolist()
    return [
        Hit(
            item_id=one.item,
            distance=one.distance,
            confidence=confidence,
            mirrored=one.mirrored,
            exemplar_id=one.exemplar,
        )
        for one, confidence in zip(row, confidences, strict=True)
    ]
