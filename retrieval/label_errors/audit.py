"""Labels of queries weighed by what a model sees, and by each other: which of them are doubtful, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from retrieval.index.exact import ExactIndex
from retrieval.label_errors.evidence import Evidence, LabelDoubts, weigh_labels
from retrieval.rank import ArrayGallery, Ranker, Reading

Confidence = Callable[[np.ndarray], np.ndarray]
Report = Callable[[int, int], None]

_AT_ONCE = 500
_STEEP = 8.0
"""How fast doubt rises with the margin: 0.5 where as much speaks for another class, 0.9 from 0.28 on."""
_OF_BLOCKS, _BLOCK_MARGIN = 0.6, 0.1
"""Which block of a character it is, is seen less surely than the character."""
_NEAR, _NEIGHBOURS = 0.03, 6
_FITS = 0.5


class DoubtKind(StrEnum):
    """Why a label is doubted."""

    CHARACTER = "character"  # a block of another character fits better
    BLOCK = "block"  # another block of the character fits better
    NONE = "none"  # a block fits, though none was chosen
    CONTRADICTION = "contradiction"  # nearly the same picture has another label


@dataclass(frozen=True)
class QueryLabel:
    """A label to be weighed.

    Args:
        items: ids of the blocks that it names; none where the label is "none".
        picture: the same word for the same picture, in whichever batch it lies.
        of_carving: whether it names the very carving, not just the character.
    """

    items: tuple[int, ...]
    picture: str
    of_carving: bool = True


@dataclass(frozen=True)
class DoubtfulLabel:
    """A label that is doubted.

    Args:
        place: which of the labels.
        kind: why.
        doubt: how much, in [0, 1].
        item: the block that fits better, where there is one.
        character: the character that fits better, where the gallery has no block of it.
        other: the place of the label that contradicts it, where one does.
    """

    place: int
    kind: DoubtKind
    doubt: float
    item: int | None = None
    character: str = ""
    other: int | None = None


@dataclass(frozen=True)
class ClassedGallery:
    """A gallery whose items are classed by their character; one of unknown character is a class of its own.

    vectors: (M, D) float32 of unit length. items: (M,) int64 ids, with repeats. classes: (M,) int64.
    class_of: class by the item's id. characters: by the class, empty where unknown.
    """

    vectors: np.ndarray
    items: np.ndarray
    classes: np.ndarray
    class_of: Mapping[int, int]
    characters: tuple[str, ...]

    @classmethod
    def of(cls, vectors: np.ndarray, items: np.ndarray, characters: Mapping[int, str]) -> "ClassedGallery":
        """Class the items that have a character, or "" for an unknown one; vectors of others are left out."""
        kept = np.array([item in characters for item in items.tolist()], bool)
        names: dict[str, int] = {}
        class_of = {
            item: names.setdefault(character or f"\0{item}", len(names))
            for item, character in characters.items()
        }
        classes = np.array([class_of[item] for item in items[kept].tolist()], np.int64)
        named = tuple("" if name.startswith("\0") else name for name in names)
        return cls(vectors[kept], items[kept], classes, class_of, named)

    def places_by_class(self) -> dict[int, np.ndarray]:
        """Where each class has its vectors."""
        order = np.argsort(self.classes, kind="stable")
        classes, starts = np.unique(self.classes[order], return_index=True)
        if not len(classes):
            return {}
        return dict(zip(classes.tolist(), np.split(order, starts[1:]), strict=True))


class LabelAudit:
    """Weighs the labels of N queries; nothing is changed by it.

    Args:
        labels: N of them.
        vectors: (N, D) float32 of unit length, of the labelled pictures.
        gallery: by the same model.
        confidence: from (Q, k) distances, nearest first, to (Q, k) probabilities.
        learned: directions of the characters that the model learned, (K, D) of unit length, and their
            codepoints, (K,); None where it names none.
        report: called with how many labels are done, of how many.
    """

    def __init__(
        self,
        labels: Sequence[QueryLabel],
        vectors: np.ndarray,
        gallery: ClassedGallery,
        *,
        confidence: Confidence,
        learned: tuple[np.ndarray, np.ndarray] | None = None,
        report: Report = lambda done, total: None,
    ) -> None:
        self._labels, self._vectors, self._gallery = labels, vectors, gallery
        self._confidence, self._learned, self._report = confidence, learned, report
        self._blocks = gallery.places_by_class()
        self._found: dict[int, DoubtfulLabel] = {}

    def doubtful(self) -> tuple[list[DoubtfulLabel], int]:
        """The labels that are doubted, each for what weighs most, and how many are counted as wrong."""
        class_of = self._gallery.class_of
        matched = [n for n, one in enumerate(self._labels) if one.items and one.items[0] in class_of]
        none = [n for n, one in enumerate(self._labels) if not one.items]
        doubts, wrong = self._by_character(matched)
        self._keep(doubts)
        self._keep(self._by_block(matched))
        self._keep(self._fitting(none))
        self._keep(self._contradicting())
        return list(self._found.values()), wrong

    def _keep(self, rows: Iterator[DoubtfulLabel]) -> None:
        """One row a label: for what weighs most, with the contradicting label where there is one."""
        for row in list(rows):
            before = self._found.get(row.place)
            if before is None or row.doubt > before.doubt:
                self._found[row.place] = row
            elif row.other is not None:
                self._found[row.place] = replace(before, other=row.other)

    def _by_character(self, matched: list[int]) -> tuple[Iterator[DoubtfulLabel], int]:
        """Matches for which another character has more than their own."""
        if not matched:
            return iter(()), 0
        gallery, characters = self._gallery, list(self._gallery.characters)
        labels = np.array([gallery.class_of[self._labels[place].items[0]] for place in matched])
        pictures = np.unique([self._labels[place].picture for place in matched], return_inverse=True)[1]
        vectors = self._vectors[matched]
        evidence = [
            Evidence(gallery.vectors, gallery.classes),
            # A picture is no evidence for itself, in whichever batch it lies.
            Evidence(vectors, labels, groups=pictures),
            *self._learned_evidence(characters),
        ]
        doubts = weigh_labels(
            vectors, labels, evidence, count=len(characters), groups=pictures, report=self._report
        )
        return self._characters_doubted(matched, doubts, characters), int(doubts.wrong.sum())

    def _learned_evidence(self, characters: list[str]) -> list[Evidence]:
        """The directions that the model learned; a character without a block becomes a class, too."""
        if self._learned is None:
            return []
        directions, codepoints = self._learned
        places = {character: place for place, character in enumerate(characters) if character}
        classes = []
        for character in map(chr, codepoints.tolist()):
            if character not in places:
                places[character] = len(characters)
                characters.append(character)
            classes.append(places[character])
        return [Evidence(directions, np.array(classes, np.int64))]

    def _characters_doubted(
        self, matched: list[int], doubts: LabelDoubts, characters: list[str]
    ) -> Iterator[DoubtfulLabel]:
        for row, place in enumerate(matched):
            margin, best = float(doubts.margin[row]), int(doubts.best[row])
            named = {self._gallery.class_of.get(item) for item in self._labels[place].items}
            if best < 0 or best in named or (margin <= 0 and not doubts.wrong[row]):
                continue
            item = self._nearest_of_class(self._vectors[place], best)
            character = "" if item else characters[best]
            yield DoubtfulLabel(place, DoubtKind.CHARACTER, _doubt(margin), item, character)

    def _nearest_of_class(self, vector: np.ndarray, wanted: int) -> int | None:
        places = self._blocks.get(wanted)
        if places is None:
            return None
        return int(self._gallery.items[places[(self._gallery.vectors[places] @ vector).argmax()]])

    def _by_block(self, matched: list[int]) -> Iterator[DoubtfulLabel]:
        """Matches said to be of the very block, where another block of the character is nearer."""
        gallery = self._gallery
        for place in matched:
            label = self._labels[place]
            there = self._blocks.get(gallery.class_of[label.items[0]])
            if there is None or not label.of_carving:
                continue
            near, ids = gallery.vectors[there] @ self._vectors[place], gallery.items[there]
            own = np.isin(ids, label.items)
            if own.all() or not own.any():
                continue
            margin = float(near[~own].max() - near[own].max())
            if margin >= _BLOCK_MARGIN:
                item = int(ids[~own][near[~own].argmax()])
                yield DoubtfulLabel(place, DoubtKind.BLOCK, _OF_BLOCKS * _doubt(margin), item)

    def _fitting(self, none: list[int]) -> Iterator[DoubtfulLabel]:
        """Answers of "none" where the model is confident of a block."""
        if not none or not len(self._gallery.items):
            return
        readings = [Reading(item) for item in self._gallery.items.tolist()]
        ranker = Ranker(ArrayGallery(self._gallery.vectors, readings), self._confidence)
        for place, found in zip(none, ranker.rank(self._vectors[none]), strict=True):
            if found[0].confidence >= _FITS:
                yield DoubtfulLabel(place, DoubtKind.NONE, found[0].confidence, found[0].item)

    def _contradicting(self) -> Iterator[DoubtfulLabel]:
        """Pictures that are nearly the same, whose labels name no common block or character."""
        total = len(self._labels)
        if total < 2:
            return
        index = ExactIndex(self._vectors)
        classes = [self._classes_named(one) for one in self._labels]
        for start in range(0, total, _AT_ONCE):
            hits = index.search(self._vectors[start : start + _AT_ONCE], min(_NEIGHBOURS, total))
            near = (hits.ids >= 0) & (hits.distances <= _NEAR)
            for place, (ids, is_near) in enumerate(zip(hits.ids, near, strict=True), start):
                others = (at for at in ids[is_near].tolist() if at != place)
                other = next((at for at in others if not classes[at] & classes[place]), None)
                if other is not None:
                    yield self._contradiction(place, other)

    def _contradiction(self, place: int, other: int) -> DoubtfulLabel:
        before = self._found.get(place)
        # One of the two is wrong at least: the one that is doubted for itself comes first.
        doubt = 0.5 + 0.4 * (before.doubt if before else 0.0)
        item = self._labels[other].items[0] if self._labels[other].items else None
        return DoubtfulLabel(place, DoubtKind.CONTRADICTION, doubt, item, other=other)

    def _classes_named(self, label: QueryLabel) -> frozenset[int]:
        """The classes that a label names; -1 for "none"."""
        named = (self._gallery.class_of.get(item, -2 - item) for item in label.items)
        return frozenset(named) or frozenset([-1])


def _doubt(margin: float) -> float:
    return float(1 / (1 + np.exp(-_STEEP * margin)))
