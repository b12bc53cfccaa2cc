"""From vectors to the items that a query most resembles: the ranker, with the database behind it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from retrieval.rank import RankedItem, Ranker, Reading
from retrieval.rank.by_place import order_by_place
from retrieval.register import ItemForm, PrintForm
from retrieval.types import Hits
from webapp.gallery.models import Item, ItemVector
from webapp.search.exemplars import exemplars_there
from webapp.search.fits import Fit
from webapp.search.hits import Hit, Registered
from workers.live.forms import further_turn, stored_forms
from workers.live.release import LiveRelease

_AT_ONCE = 10_000
# Where a point lies after a quarter turn counterclockwise, y being down.
_QUARTER = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def find_carvings(
    loaded: LiveRelease,
    vectors: np.ndarray,
    pictures: Sequence[PrintForm | None],
    queries: Sequence[int] = (),
) -> list[tuple[list[Hit], Registered]]:
    """The five most similar items for each query, the very carving first among those of one character, and
    what became of the second stage; fewer where there are fewer.

    vectors: (Q, D) float32, unit length. queries: the ids of those that ask, whose own answers do not count;
    none where pictures ask that are no queries.
    pictures: the Q prints; None for one that cannot be read.
    """
    ranked = _ranker(loaded).rank_prints(vectors, pictures, queries)
    turns = _turns({one.item for found in ranked for one in (*found.items, *found.further)})
    return [
        (
            [hit_of(one, turns.get(one.item)) for one in found.items],
            Registered(found.outcome, [hit_of(one, turns.get(one.item)) for one in found.further]),
        )
        for found in ranked
    ]


def hits_by_place(hits: Sequence[Hit], placed: int | None) -> list[Hit]:
    """The same, the item first that the page's block has where the print is. placed: its id."""
    order = order_by_place([hit.item_id for hit in hits], placed)
    moved = bool(order) and order[0] != 0
    return [replace(hits[place], placed=moved and not rank) for rank, place in enumerate(order)]


def hit_of(one: RankedItem, turn: int | None = None) -> Hit:
    """As it is written down; a fit whose numbers make no sense is left out.

    turn: degrees by which the item's files are turned.
    """
    fit = fit_of(one, turn)
    return Hit(
        item_id=one.item,
        distance=one.distance,
        confidence=one.confidence,
        mirrored=one.mirrored,
        exemplar_id=one.exemplar,
        fit=fit,
        proposed=one.proposal.relation if fit else "",
        proposed_probability=one.proposal.probability if fit else None,
    )


def fit_of(one: RankedItem, turn: int | None = None) -> Fit | None:
    """Where the item's height map, as its file keeps it, lies on the picture."""
    found = one.registration
    if found is None or found.transform is None:
        return None
    read = np.linalg.matrix_power(_QUARTER, one.turn % 4)
    if one.mirrored:
        read = np.diag([-1.0, 1.0, 1.0]) @ read
    transform = tuple((found.transform @ read).ravel().tolist())
    fit = Fit(transform, agreement=found.correlation, residual=found.residual, turn=turn)
    return fit if fit.is_sound else None


def _turns(items: Collection[int]) -> dict[int, int]:
    return dict(Item.objects.filter(pk__in=items).values_list("pk", "turn")) if items else {}


def _ranker(loaded: LiveRelease) -> Ranker:
    return Ranker(LiveGallery(loaded), loaded.embedder.confidence, loaded.exemplars)


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
                found[pk] = Reading(item, mirrored, character, further_turn(turn, kept))
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
            reading = Reading(item, mirrored, character, further_turn(turn, kept))
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
        """The forms beside the items' other files."""
        return stored_forms(readings)

    def standing(self, exemplars: Collection[int]) -> Collection[int]:
        """The exemplars whose queries and items are still there."""
        return exemplars_there(exemplars)
