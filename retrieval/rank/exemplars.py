"""The exemplars of one model in memory: they come, change and go one by one, and all are compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.index.checks import checked_vectors

_FIRST = 256
_GROWTH = 1.5


@dataclass(frozen=True)
class Exemplar:
    """A print that people matched. query: the id of the print. item: whose picture it is.

    trust: in (0, 1]. shared: how much of it other items of the character get, in [0, 1].
    """

    query: int
    item: int
    trust: float
    shared: float


@dataclass(frozen=True)
class NearExemplars:
    """One query's exemplars within reach, the nearest first. ids: theirs. distances: (E,) in [0, 2]."""

    ids: list[int]
    distances: np.ndarray


class ExemplarStore:
    """Vectors by the exemplars' ids. N of width D take 4 N D bytes, and half as much again at most: 77 to
    115 MB for 100,000 of the shipped model's.
    """

    def __init__(self, width: int) -> None:
        self._vectors = np.zeros((_FIRST, width), np.float32)
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._exemplars: dict[int, Exemplar] = {}

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def width(self) -> int:
        """D, the length of a vector."""
        return self._vectors.shape[1]

    def __getitem__(self, one: int) -> Exemplar:
        return self._exemplars[one]

    def ids(self) -> list[int]:
        """The ids of all, in no order."""
        return list(self._ids)

    def put(self, ids: Sequence[int], exemplars: Sequence[Exemplar], vectors: np.ndarray) -> None:
        """Take exemplars in, or change them. vectors: (N, D) float, unit length. Raises BadInput."""
        vectors = checked_vectors(vectors, width=self._vectors.shape[1])
        self._make_room(len(self) + len(ids))
        for one, exemplar, vector in zip(ids, exemplars, vectors, strict=True):
            if one not in self._exemplars:
                self._places[one] = len(self._ids)
                self._ids.append(one)
            self._vectors[self._places[one]] = vector
            self._exemplars[one] = exemplar

    def drop(self, ids: Iterable[int]) -> None:
        """Forget exemplars; ids that are not there are ignored."""
        for one in ids:
            if one not in self._exemplars:
                continue
            place, last = self._places.pop(one), self._ids.pop()
            if last != one:  # the last one moves into the gap
                self._ids[place], self._places[last] = last, place
                self._vectors[place] = self._vectors[len(self._ids)]
            del self._exemplars[one]

    def compare(self, queries: np.ndarray) -> np.ndarray:
        """(Q, N) cosine distances in [0, 2] of unit queries, (Q, D), to all, in the order of ``ids``."""
        queries = checked_vectors(queries, width=self._vectors.shape[1], what="queries")
        return np.clip(1 - queries @ self._vectors[: len(self)].T, 0, 2)

    def within(
        self, distances: np.ndarray, *, reach: float, most: int, without: int | None = None
    ) -> NearExemplars:
        """The exemplars that are nearer than ``reach``, at most so many; of equal ones those of lowest id.

        distances: (N,), one row of ``compare``. without: a query whose own exemplars do not count.
        """
        places = np.flatnonzero(distances < reach)
        own = [self._places[one] for one in self._of_query(places, without)]
        places = np.setdiff1d(places, own) if own else places
        if len(places) > most:
            furthest = np.partition(distances[places], most - 1)[most - 1]
            places = places[distances[places] <= furthest]
        found = sorted(places.tolist(), key=lambda place: (distances[place], self._ids[place]))[:most]
        return NearExemplars([self._ids[place] for place in found], distances[found])

    def _of_query(self, places: np.ndarray, query: int | None) -> list[int]:
        """The ids of a query's own exemplars among some places."""
        if query is None:
            return []
        return [one for place in places.tolist() if self._exemplars[one := self._ids[place]].query == query]

    def _make_room(self, count: int) -> None:
        if count <= len(self._vectors):
            return
        wider = np.zeros((max(count, int(_GROWTH * len(self._vectors))), self._vectors.shape[1]), np.float32)
        wider[: len(self)] = self._vectors[: len(self)]
        self._vectors = wider
