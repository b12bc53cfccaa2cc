"""What a ranker asks of a gallery, and a gallery whose answers come from arrays."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from retrieval.index.exact import ExactIndex
from retrieval.register import ItemForm, read_item_form
from retrieval.types import Hits


@dataclass(frozen=True)
class Reading:
    """One way in which an item is indexed.

    item: its id. mirrored: whether its height map was flipped left-right. character: empty where unknown.
    turn: quarter turns counterclockwise before that, from how its form for registration was kept.
    """

    item: int
    mirrored: bool = False
    character: str = ""
    turn: int = 0


class Gallery(Protocol):
    """Vectors that can be searched, and what is known of the items behind them.

    The live search looks these things up in the database, evaluations and replays in arrays.
    """

    def __len__(self) -> int:
        """How many vectors can be found."""
        ...

    def search(self, queries: np.ndarray, k: int) -> Hits:
        """The k nearest vectors of (Q, D) unit queries, by their ids."""
        ...

    def readings(self, vectors: Sequence[int]) -> Mapping[int, Reading]:
        """Of these vectors, by id, those that can still be suggested."""
        ...

    def readings_of(self, items: Collection[int]) -> Mapping[int, Sequence[tuple[Reading, np.ndarray]]]:
        """Of these items, by id, all readings with their vectors, (D,) float32; items that are gone are
        left out.
        """
        ...

    def characters(self, items: Collection[int]) -> Mapping[int, str]:
        """The characters of items, by id."""
        ...

    def siblings(self, characters: Collection[str], most: int) -> Mapping[str, Sequence[int]]:
        """Items of each character, at most so many of each: those of the lowest ids."""
        ...

    def forms(self, readings: Sequence[Reading]) -> Mapping[int, ItemForm]:
        """What registration needs of these items, by id, turned to read as the print does; those that it was
        not made of are left out.
        """
        ...

    def standing(self, exemplars: Collection[int]) -> Collection[int]:
        """Of these exemplars, by id, those that have not been taken back."""
        ...


class ArrayGallery:
    """A gallery in memory, searched exactly; nothing of it is ever taken back.

    Args:
        vectors: (N, D) float32 of unit length, N may be 0.
        readings: of each vector, N of them.
        ids: (N,) int64, no two alike; 0 ... N-1 where None.
        forms: of items, as ``retrieval.register.item_form`` makes them, for the second stage.

    Raises:
        BadInput: vectors that are not of unit length, or ids that repeat.
    """

    def __init__(
        self,
        vectors: np.ndarray,
        readings: Sequence[Reading],
        ids: np.ndarray | None = None,
        *,
        forms: Mapping[int, bytes] | None = None,
    ) -> None:
        self._forms = forms or {}
        self._index, self._vectors = ExactIndex(vectors, ids), vectors
        numbers = range(len(vectors)) if ids is None else ids.tolist()
        self._readings = dict(zip(numbers, readings, strict=True))

    def __len__(self) -> int:
        return len(self._index)

    def search(self, queries: np.ndarray, k: int) -> Hits:
        """See `Gallery.search`."""
        return self._index.search(queries, k)

    def readings(self, vectors: Sequence[int]) -> Mapping[int, Reading]:
        """See `Gallery.readings`."""
        return self._readings

    def readings_of(self, items: Collection[int]) -> Mapping[int, Sequence[tuple[Reading, np.ndarray]]]:
        """See `Gallery.readings_of`."""
        return self._readings_of

    def characters(self, items: Collection[int]) -> Mapping[int, str]:
        """See `Gallery.characters`."""
        return {item: self._character(item) for item in items if item in self._readings_of}

    def siblings(self, characters: Collection[str], most: int) -> Mapping[str, Sequence[int]]:
        """See `Gallery.siblings`."""
        return {one: self._siblings[one][:most] for one in characters if one in self._siblings}

    def forms(self, readings: Sequence[Reading]) -> Mapping[int, ItemForm]:
        """See `Gallery.forms`."""
        return {
            one.item: read_item_form(self._forms[one.item], mirrored=one.mirrored, turn=one.turn)
            for one in readings
            if one.item in self._forms
        }

    def standing(self, exemplars: Collection[int]) -> Collection[int]:
        """See `Gallery.standing`."""
        return exemplars

    @cached_property
    def _readings_of(self) -> dict[int, list[tuple[Reading, np.ndarray]]]:
        found: dict[int, list[tuple[Reading, np.ndarray]]] = {}
        for reading, vector in zip(self._readings.values(), self._vectors, strict=True):
            found.setdefault(reading.item, []).append((reading, vector))
        return found

    @cached_property
    def _siblings(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for item in sorted(self._readings_of):
            found.setdefault(self._character(item), []).append(item)
        return found

    def _character(self, item: int) -> str:
        return self._readings_of[item][0][0].character
