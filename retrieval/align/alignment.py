"""Boxes and a text in one order each: which character belongs to which box."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import pairwise

import numpy as np

from common.transcriptions import UNREAD, PageText
from retrieval.align.anchors import anchors, band, cuts, reach
from retrieval.align.costs import COSTS, Costs
from retrieval.align.kernel import best_path
from retrieval.align.likeness import CharacterVectors, Likeness

PART = 400
"""Boxes of one part, between two anchors, about a page: parts are aligned one after another."""
CELLS = 1 << 24
"""Pairs of box and character that one part may weigh; a byte each."""
FITS = 0.5
"""A text of whose characters fewer agree with their boxes is of another page."""
_AGREES = np.log(0.3)
# Of a logistic function of what a box says of its character and of what its neighbours say of theirs.
_SURE = (-2.0, 0.6, 7.0)
_NEIGHBOURS = 3
_LONGER = 1.5  # a text of so many characters a box is of more pages than these
_TOGETHER = 4096  # boxes that are compared with all characters at once


@dataclass(frozen=True)
class BoxReading:
    """What the text says of one box.

    Args:
        character: empty where the text has none for it, or has it as unread.
        place: of the character in the text, from 0 on; -1 for none.
        confidence: probability that this is the box's character, in [0, 1]; 0 for none.
        agrees: whether the box looks like it.
    """

    character: str
    place: int
    confidence: float
    agrees: bool


@dataclass(frozen=True)
class Alignment:
    """A text laid along boxes. boxes: one reading each. left: how many characters have no box."""

    boxes: tuple[BoxReading, ...]
    left: int

    @property
    def fit(self) -> float:
        """Share of the boxes that look like their characters, in [0, 1]; see ``FITS``."""
        return fit_of(self.boxes)


def fit_of(boxes: Sequence[BoxReading]) -> float:
    """Share of boxes that look like what the text says; 0 for none at all."""
    return sum(box.agrees for box in boxes) / len(boxes) if boxes else 0.0


def align(
    vectors: np.ndarray,
    begins: Sequence[bool],
    text: PageText,
    known: CharacterVectors,
    *,
    variants: Mapping[str, Sequence[str]] | None = None,
    costs: Costs = COSTS,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Alignment:
    """Lay a text along boxes, of one page or of a whole book.

    Args:
        vectors: (N, D) float32 of unit length, of the boxes in reading order; NaN for a box without one,
            which may be any character.
        begins: N of them, which begin a column.
        text: M characters, of which the first and the last may be of other pages.
        known: what characters look like.
        variants: for a character, others that may be printed for it.
        costs: what is weighed.
        report: called with how many boxes of how many are done.

    Memory beyond the arguments does not grow with the book, but for a few numbers a box.
    """
    likeness = Likeness(known, variants)
    alphabet = sorted(set(text.characters))
    code_of = {character: code for code, character in enumerate(alphabet)}
    codes = np.array([code_of[one] for one in text.characters], np.int64)
    lines = np.array(text.starts, bool)
    columns = np.array(begins, bool)
    if len(codes) <= _LONGER * len(vectors):
        costs = replace(costs, outside=costs.more_text)
    totals = likeness.totals(vectors)
    read = _likest(vectors, totals, alphabet, likeness)
    met = anchors(read, codes.tolist())
    first, last = reach(met, len(vectors), len(codes))
    met = [(row, column - first) for row, column in met]
    corners = cuts(met, len(vectors), last - first, PART)
    places = np.full(len(vectors), -1, np.int64)
    worth = np.full(len(vectors), -np.inf, np.float32)
    for (row, column), (row_end, column_end) in pairwise(corners):
        own, of_text = slice(row, row_end), slice(first + column, first + column_end)
        found, value = _part(
            vectors[own], totals[own], columns[own], codes[of_text], lines[of_text], alphabet, likeness, costs
        )
        places[own] = np.where(found >= 0, found + first + column, -1)
        worth[own] = value
        report(row_end, len(vectors))
    readings = _readings(places, worth, text.characters)
    return Alignment(readings, len(codes) - int((places >= 0).sum()))


def _likest(vectors: np.ndarray, totals: np.ndarray, alphabet: list[str], likeness: Likeness) -> list[int]:
    """Which of the text's characters each box looks like, as a code; -1 where it looks like none of them."""
    if not alphabet:
        return [-1] * len(vectors)
    found: list[int] = []
    for start in range(0, len(vectors), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        own = np.nan_to_num(likeness.logarithms(vectors[some], totals[some], alphabet), nan=-np.inf)
        found += np.where(own.max(axis=1) >= _AGREES, own.argmax(axis=1), -1).tolist()
    return found


def _part(
    vectors: np.ndarray,
    totals: np.ndarray,
    columns: np.ndarray,
    codes: np.ndarray,
    lines: np.ndarray,
    alphabet: list[str],
    likeness: Likeness,
    costs: Costs,
) -> tuple[np.ndarray, np.ndarray]:
    """The characters of a part's boxes, (N,) places in it, and (N,) what each box says of its character."""
    if not len(vectors) or not len(codes):
        return np.full(len(vectors), -1, np.int64), np.full(len(vectors), -np.inf, np.float32)
    present, own = np.unique(codes, return_inverse=True)
    some = [alphabet[code] for code in present]
    logs = likeness.logarithms(vectors, totals, some)
    unread = np.array([one == UNREAD for one in some])
    logs[:, unread] = np.nan
    pairs = np.where(np.isnan(logs), costs.unknown, np.maximum(logs, costs.floor)).astype(np.float32)
    weights = np.array(astuple(costs), np.float32)
    found = best_path(pairs, own, (columns, lines), weights, band(len(vectors), len(codes), CELLS))
    values = np.where(found >= 0, pairs[np.arange(len(found)), own[found]], -np.inf)
    return found, values.astype(np.float32)


def _readings(places: np.ndarray, worth: np.ndarray, characters: Sequence[str]) -> tuple[BoxReading, ...]:
    agrees = worth >= _AGREES
    around = _share_around(agrees)
    floored = np.maximum(worth, COSTS.floor)
    constant, of_box, of_neighbours = _SURE
    sure = 1 / (1 + np.exp(-(constant + of_box * floored + of_neighbours * around)))
    return tuple(
        BoxReading(characters[place], place, float(p), bool(fits))
        if place >= 0 and characters[place] != UNREAD
        else BoxReading("", place, 0.0, False)
        for place, p, fits in zip(places.tolist(), sure, agrees, strict=True)
    )


def _share_around(agrees: np.ndarray) -> np.ndarray:
    """(N,): the share of each box's neighbours, three on each side, that agree with theirs."""
    sums = np.concatenate([[0], np.cumsum(agrees)])
    here = np.arange(len(agrees))
    low, high = np.maximum(here - _NEIGHBOURS, 0), np.minimum(here + _NEIGHBOURS + 1, len(agrees))
    return (sums[high] - sums[low] - agrees) / np.maximum(high - low - 1, 1)
