"""The constants of the second stage, from drawn hands that nothing else was learned from or measured on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embed.confidence import fit_logistic
from retrieval.register import PrintOver, Registration, item_form, print_form, read_item_form
from retrieval.register.calibration import Calibration
from retrieval.register.relation import relation_features
from retrieval.synth.hand_drawing import HandDrawing
from retrieval.synth.hands import CLEAN, WORN

_SIZES = (1, 2, 4, 8)
_ABSENT = 0.25  # share of the galleries that lack the very carving
_DRAWS = 3  # galleries of each size a print is asked of
_PRECISION = 0.97  # of what is proposed, on the hands that it is fitted on
_FOUND = 0.99  # share of the right fits that count as a fit
_APART = 0.005  # share of characters with another one so near
_PRINTS = (CLEAN, CLEAN, WORN, WORN)


@dataclass(frozen=True)
class Case:
    """The best carving of a gallery. right: whether it printed the picture. score: of the very one's fit."""

    features: np.ndarray
    right: bool
    score: float | None


def relation_cases(drawing: HandDrawing, hands: int) -> Iterator[Case]:
    """Prints of so many hands, each asked of galleries of several sizes, with and without it."""
    number, most = 0, max(_SIZES)
    for code in drawing.codes:
        if number == hands:
            return
        ink = drawing.glyph(code, number)
        if ink is None:
            continue
        number += 1
        hand = drawing.hand(ink, most)
        heights = [np.ascontiguousarray(one, np.float32) for one in drawing.scanned(hand)]
        forms = [read_item_form(item_form(one)) for one in heights]
        for manner in _PRINTS:
            right = int(drawing.random.integers(most))
            fits = PrintOver(print_form(drawing.printed(hand, right, manner))).register(forms)
            yield from _cases_of(fits, right, drawing.random)


def fitted(cases: Sequence[Case], apart: Sequence[float]) -> Calibration:
    """The constants. apart: of characters, how far the nearest carving of another one lies."""
    features, right = np.stack([one.features for one in cases]), np.array([one.right for one in cases])
    weights = fit_logistic(features, right)
    sure = 1 / (1 + np.exp(-np.clip(features @ np.asarray(weights), -30, 30)))
    scores = [one.score for one in cases if one.score is not None]
    return Calibration(
        relation=tuple(round(one, 4) for one in weights),
        same=_threshold(sure, right),
        other=1 - _threshold(1 - sure, ~right),
        least_score=round(float(np.quantile(scores, 1 - _FOUND)), 3),
        alike=round(float(np.quantile(apart, _APART)), 3),
    )


def _cases_of(fits: Sequence[Registration], right: int, random: np.random.Generator) -> Iterator[Case]:
    others = [place for place in range(len(fits)) if place != right]
    for size in _SIZES:
        for _ in range(_DRAWS):
            there = random.random() >= _ABSENT
            places = random.permutation(others)[: size - there].tolist() + [right] * there
            some = [place for place in places if not fits[place].failed]
            if some:
                best = max(some, key=lambda place: fits[place].score)
                rivals = [fits[place] for place in places if place != best]
                score = fits[right].score if there else None
                yield Case(relation_features(fits[best], rivals), best == right, score)


def _threshold(sure: np.ndarray, right: np.ndarray) -> float:
    """The least value from which on so many are right as are to be; above 1 where there is none."""
    order = np.argsort(-sure)
    right, sure = right[order], sure[order]
    precise = np.cumsum(right) / np.arange(1, len(order) + 1)
    last = np.append(sure[1:] < sure[:-1], True)  # of those that are equally sure, all are said or none
    enough = np.flatnonzero(last & (precise >= _PRECISION))
    # Rounded down: what has just this probability is said.
    return float(np.floor(1e6 * sure[enough[-1]]) / 1e6) if len(enough) else 1.01
