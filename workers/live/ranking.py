"""From vectors to the items that a query most resembles: the ranker, with the database behind it."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from retrieval.rank import Ranker, Reading
from retrieval.register import ItemForm
from retrieval.types import Hits
from webapp.gallery.models import Item, ItemVector
from webapp.search.exemplars import exemplars_there
from webapp.search.hits import Hit
from workers.live.release import LiveRelease

_AT_ONCE = 10_000


def find_items(loaded: LiveRelease, vectors: np.ndarray, queries: Sequence[int] = ()) -> list[list[Hit]]:
    """The five most similar items for each query, the best first; fewer where there are fewer.

    vectors: (Q, D) float32, unit length. queries: the ids of those that ask, whose own answers do not count;
    none where pictures ask that are no queries.
    """
    ranker = Ranker(LiveGallery(loaded), loaded.embedder.confidence, loaded.exemplars)
    return [
        [
            Hit(
                item_id=one.item,
                distance=one.distance,
                confidence=one.confidence,
                mirrored=one.mirrored,
                exemplar_id=one.exemplar,
            )
            for one in row
        ]
        for row in ranker.rank(vectors, queries)
    ]


class LiveGallery:
    """The gallery of the live release, as a ranker asks for it: see ``retrieval.rank.Gallery``."""

    def __init__(self, loaded: LiveRelease) -> None:
        self._loaded = loaded

    def __len__(self) -> int:
        return len(self._loaded)

    def search(self, queries: np.ndarray, k: int) -> Hits:
        """The k nearest vectors, some of which may have been replaced meanwhile."""
        return self._loaded.search(queries, k)

    def readings(self, vectors: Sequence[int]) -> Mapping[int, Reading]:
        """Those of the vectors that still stand for a ready item."""
        found: dict[int, Reading] = {}
        for start in range(0, len(vectors), _AT_ONCE):
            rows = ItemVector.objects.filter(
                pk__in=vectors[start : start + _AT_ONCE], item__state=Item.State.READY
            )
            columns = ("pk", "item", "mirrored", "item__character", "turn", "item__turn")
            for pk, item, mirrored, character, turn, kept in rows.values_list(*columns):
                found[pk] = Reading(item, mirrored, character, _further(turn, kept))
        return found

    def readings_of(self, items: Collection[int]) -> Mapping[int, Sequence[tuple[Reading, np.ndarray]]]:
        """The readings of ready items by the live model."""
        found: dict[int, list[tuple[Reading, np.ndarray]]] = {}
        rows = ItemVector.objects.filter(
            item__in=items, model=self._loaded.release.model_id, item__state=Item.State.READY
        )
        columns = ("item", "mirrored", "item__character", "turn", "item__turn", "vector")
        for item, mirrored, character, turn, kept, data in rows.values_list(*columns) if items else ():
            vector = np.frombuffer(bytes(data), "<f4")
            reading = Reading(item, mirrored, character, _further(turn, kept))
            found.setdefault(item, []).append((reading, vector))
        return found

    def characters(self, items: Collection[int]) -> Mapping[int, str]:
        """The characters of items."""
        return dict(Item.objects.filter(pk__in=items).values_list("pk", "character"))

    def siblings(self, characters: Collection[str], most: int) -> Mapping[str, Sequence[int]]:
        """Ready items by character."""
        found: dict[str, list[int]] = {}
        rows = Item.objects.filter(character__in=characters, state=Item.State.READY).order_by("pk")
        for pk, character in rows.values_list("pk", "character") if characters else ():
            if len(found.setdefault(character, [])) < most:
                found[character].append(pk)
        return found

    def forms(self, readings: Sequence[Reading]) -> Mapping[int, ItemForm]:
        """None yet: no form is stored with an item."""
        return {}

    def standing(self, exemplars: Collection[int]) -> Collection[int]:
        """The exemplars whose queries and items are still there."""
        return exemplars_there(exemplars)


def _further(turn: int, kept: int) -> int:
    """Quarter turns from how an item's files are kept to how it was read; both in degrees."""
    return (turn - kept) // 90 % 4
