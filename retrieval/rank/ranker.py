"""The one way in which items are ranked for a query: live, in evaluations, and in replayed sessions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from common.suggestions import SUGGESTIONS
from retrieval.rank.carvings import CANDIDATES as CARVINGS
from retrieval.rank.carvings import DONE, Ordered, Placed, Row, order_carvings
from retrieval.rank.exemplar_rule import RULE, ExemplarRule, Near, adjust
from retrieval.rank.exemplars import Exemplar, ExemplarStore, NearExemplars
from retrieval.rank.gallery import Gallery, Reading
from retrieval.rank.nearest import Candidate, nearest_readings
from retrieval.register import PrintForm, Registration
from retrieval.register.relation import UNKNOWN, Proposal

SIBLINGS = 50
"""Of one character, so many other blocks are drawn nearer with the one that was matched."""
# An item may have two vectors, and a vector may have been replaced since the index was built, so that more
# are searched for than are suggested. Where that was not enough, four times as many are, until all were.
_SEARCHED = 4
_SEARCH_MORE = 4


@dataclass(frozen=True)
class RankedItem:
    """An item suggested for a query.

    Args:
        item: its id.
        distance: cosine distance of its nearest reading, as exemplars moved it, in [0, 2].
        confidence: probability that it is right, in [0, 1].
        mirrored: whether the reading is that of the flipped height map.
        turn: quarter turns before that; see ``Reading``.
        exemplar: the query whose picture drew it nearer, where one did.
        registration: how it lies under the print, where that was asked for and something was found.
        proposal: how registration says that it is related to the print.
        kept: why registration had no say in where it stands, or empty; see ``carvings.Placed``.
    """

    item: int
    distance: float
    confidence: float
    mirrored: bool
    exemplar: int | None = None
    registration: Registration | None = None
    kept: str = ""
    turn: int = 0
    proposal: Proposal = UNKNOWN


@dataclass(frozen=True)
class RankedPrint:
    """What was found for one print.

    items: the best first. further: other carvings of the first one's character, the best fit first, without
    a confidence. outcome: "done", or why registration had no say; see ``carvings.Ordered``.
    """

    items: list[RankedItem]
    further: list[RankedItem] = field(default_factory=list)
    outcome: str = DONE


class Ranker:
    """Each item by its nearest reading, then by what exemplars say of it, then with a confidence.

    Args:
        gallery: what is searched.
        confidence: from (Q, k) distances, nearest first, inf for none, to (Q, k) probabilities.
        exemplars: prints that people matched, as vectors of the gallery's model; None for none.
        rule: how far exemplars move items.

    Example:
        >>> import numpy as np
        >>> from retrieval.embed.confidence import confidence
        >>> from retrieval.rank import ArrayGallery, Ranker, Reading
        >>> gallery = ArrayGallery(np.eye(3, dtype=np.float32), [Reading(7), Reading(8), Reading(8, True)])
        >>> (found,) = Ranker(gallery, confidence).rank(np.array([[0, 0.6, 0.8]], np.float32))
        >>> [(one.item, round(one.distance, 2), one.mirrored) for one in found]
        [(8, 0.2, True), (7, 1.0, False)]
    """

    def __init__(
        self,
        gallery: Gallery,
        confidence: Callable[[np.ndarray], np.ndarray],
        exemplars: ExemplarStore | None = None,
        *,
        rule: ExemplarRule = RULE,
    ) -> None:
        self._gallery, self._confidence, self._rule = gallery, confidence, rule
        self._exemplars = ExemplarStore(0) if exemplars is None else exemplars

    def rank(
        self, vectors: np.ndarray, queries: Sequence[int | None] = (), *, count: int = SUGGESTIONS
    ) -> list[list[RankedItem]]:
        """The most similar items for each query, the best first.

        Args:
            vectors: (Q, D) float32, unit length.
            queries: the ids of the Q that ask, whose own exemplars do not count; None for a picture that is
                no query, empty where none is.
            count: how many items for each query; there are fewer where the gallery has fewer.
        """
        found = self._candidates(vectors, queries, count)
        return self._with_confidence(
            [[Placed(one, one.distance) for one in row[:count]] for row in found], count
        )

    def rank_prints(
        self,
        vectors: np.ndarray,
        pictures: Sequence[PrintForm | None],
        queries: Sequence[int | None] = (),
        *,
        count: int = SUGGESTIONS,
    ) -> list[RankedPrint]:
        """The same, and among items of one character the very carving first, by registration.

        Args:
            vectors, queries, count: as for ``rank``.
            pictures: the Q prints; None for one that is not to be had.
        """
        wide = max(count, CARVINGS)
        found = [row[:wide] for row in self._candidates(vectors, queries, wide)]
        ordered = self._carvings(found, pictures, count)
        rows = self._with_confidence([one.placed for one in ordered], count)
        return [
            RankedPrint(row, [_ranked(placed, 0.0) for placed in one.further], one.outcome)
            for row, one in zip(rows, ordered, strict=True)
        ]

    def _candidates(
        self, vectors: np.ndarray, queries: Sequence[int | None], count: int
    ) -> list[list[Candidate]]:
        found = self._nearest(vectors, count)
        if self._exemplars:
            found = self._with_exemplars(vectors, found, list(queries) or [None] * len(vectors))
        return found

    def _carvings(
        self, found: list[list[Candidate]], pictures: Sequence[PrintForm | None], count: int
    ) -> list[Ordered]:
        """Each query's items, those of one character by how well they fit its print."""
        items = {one.item for row in found for one in row}
        readings = self._gallery.readings_of(items)
        vectors = {its: vector for some in readings.values() for its, vector in some}
        doubtful = frozenset(item for item, some in readings.items() if _is_doubtful(some))
        ordered = []
        for row, picture in zip(found, pictures, strict=True):
            there = [one for one in row if one.reading in vectors]
            own = np.array([vectors[one.reading] for one in there])
            ordered.append(order_carvings(Row(there, own, self._gallery.forms, doubtful), picture, count))
        return ordered

    def _nearest(self, vectors: np.ndarray, count: int) -> list[list[Candidate]]:
        """Each query's nearest items, at most ``count``."""
        found: list[list[Candidate]] = [[] for _ in vectors]
        short, searched = list(range(len(vectors))), _SEARCHED * count
        while short:
            hits = self._gallery.search(vectors[short], searched)
            readings = self._gallery.readings(np.unique(hits.ids[hits.ids >= 0]).tolist())
            for row, some in zip(short, nearest_readings(hits, readings, count), strict=True):
                found[row] = some
            searched_all = searched >= len(self._gallery)
            short = [] if searched_all else [row for row in short if len(found[row]) < count]
            searched *= _SEARCH_MORE
        return found

    def _with_exemplars(
        self, vectors: np.ndarray, found: list[list[Candidate]], queries: list[int | None]
    ) -> list[list[Candidate]]:
        """The same with the items that exemplars bring among them, in the order that they give."""
        near = self._near_exemplars(vectors, queries)
        exemplars = {one: self._exemplars[one] for some in near for one in some.ids}
        characters = self._gallery.characters({one.item for one in exemplars.values()})
        brought = self._brought(vectors, near, found, characters)
        return [
            self._moved([*row, *more], some, characters)
            for row, more, some in zip(found, brought, near, strict=True)
        ]

    def _near_exemplars(self, vectors: np.ndarray, queries: list[int | None]) -> list[NearExemplars]:
        """The exemplars that speak of each query; those taken back are dropped."""
        while True:
            distances = self._exemplars.compare(vectors)
            near = [
                self._exemplars.within(row, reach=self._rule.reach, most=self._rule.nearest, without=query)
                for row, query in zip(distances, queries, strict=True)
            ]
            seen = {one for some in near for one in some.ids}
            gone = seen - set(self._gallery.standing(seen))
            if not gone:
                return near
            self._exemplars.drop(gone)

    def _brought(
        self,
        vectors: np.ndarray,
        near: list[NearExemplars],
        found: list[list[Candidate]],
        characters: Mapping[int, str],
    ) -> list[list[Candidate]]:
        """For each query the items that exemplars near it speak for, and that were not found without them."""
        siblings = self._gallery.siblings({one for one in characters.values() if one}, SIBLINGS)
        wanted: list[set[int]] = []
        for some, row in zip(near, found, strict=True):
            items = {self._exemplars[one].item for one in some.ids}
            items |= {other for item in items for other in siblings.get(characters.get(item, ""), ())}
            wanted.append(items - {one.item for one in row})
        readings = self._gallery.readings_of(set().union(*wanted))
        return [
            [_nearest_of(vector, readings[item]) for item in sorted(items) if item in readings]
            for vector, items in zip(vectors, wanted, strict=True)
        ]

    def _moved(
        self, row: list[Candidate], near: NearExemplars, characters: Mapping[int, str]
    ) -> list[Candidate]:
        """One query's items as exemplars move them, the nearest first; equal distances by rising item."""
        exemplars = [self._exemplars[one] for one in near.ids]
        trust = np.array([one.trust for one in exemplars])
        moved = adjust(
            np.array([one.distance for one in row]),
            Near(near.distances, trust, _weights(row, exemplars, characters)),
            self._rule,
        )
        rows = zip(row, moved.distances.tolist(), moved.decisive.tolist(), strict=True)
        placed = [
            replace(one, distance=far, exemplar=exemplars[by].query if by >= 0 else None)
            for one, far, by in rows
        ]
        return sorted(placed, key=lambda one: (one.distance, one.item))

    def _with_confidence(self, found: list[list[Placed]], count: int) -> list[list[RankedItem]]:
        """A place keeps the confidence that the embedding gives it: that is one in its character."""
        distances = np.full((len(found), count), np.inf, np.float32)
        for place, row in enumerate(found):
            distances[place, : len(row)] = [one.distance for one in row]
        confidences = self._confidence(distances).tolist()
        return [
            [_ranked(one, sure) for one, sure in zip(row, some, strict=False)]
            for row, some in zip(found, confidences, strict=True)
        ]


def _is_doubtful(readings: Sequence[tuple[Reading, np.ndarray]]) -> bool:
    """Whether an item is read both ways round, and so its handedness is in doubt."""
    ways = {(its.turn, its.mirrored) for its, _ in readings}
    return any((turn, not mirrored) in ways for turn, mirrored in ways)


def _ranked(placed: Placed, confidence: float) -> RankedItem:
    one = placed.candidate
    return RankedItem(
        item=one.item,
        distance=one.distance,
        confidence=confidence,
        mirrored=one.reading.mirrored,
        turn=one.reading.turn,
        exemplar=one.exemplar,
        registration=placed.registration,
        kept=placed.kept,
        proposal=placed.proposal,
    )


def _nearest_of(vector: np.ndarray, readings: Sequence[tuple]) -> Candidate:
    """An item by the nearest of its readings, to a (D,) vector."""
    distances = [float(np.clip(1 - vector @ each, 0, 2)) for _, each in readings]
    best = int(np.argmin(distances))
    return Candidate(readings[best][0], distances[best])


def _weights(row: list[Candidate], exemplars: list[Exemplar], characters: Mapping[int, str]) -> np.ndarray:
    """(C, E) how far each exemplar speaks for each candidate; see ``Near``."""
    weights = np.zeros((len(row), len(exemplars)))
    for column, exemplar in enumerate(exemplars):
        character = characters.get(exemplar.item)
        for place, one in enumerate(row):
            if exemplar.item == one.item:
                weights[place, column] = 1.0
            elif one.reading.character and one.reading.character == character:
                weights[place, column] = exemplar.shared
    return weights
