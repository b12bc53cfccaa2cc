"""A simulated session: answers come in one after the other, and the queries left profit from them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluate.metrics import DEPTH
from retrieval.rank.exemplar_rule import RULE, ExemplarRule, OwnExemplars, Votes, adjust

TRUST, SHARED = 0.7, 0.5
"""Those of one person's answer who says nothing of the relation, as in the product."""


@dataclass(frozen=True)
class Sitting:
    """A set to be answered: Q queries and I items.

    own: (Q, I) cosine distances, inf for a query that cannot be read. alike: (Q, Q) those between queries.
    right: (Q, I) bool. characters: (I,) codepoints, 0 = unknown.
    """

    own: np.ndarray
    alike: np.ndarray
    right: np.ndarray
    characters: np.ndarray


@dataclass(frozen=True)
class Curve:
    """worth: (S, Q) each query's 1/rank after so many answers, NaN once it is answered itself.

    after: (S,) how many answers there were. met: (S, Q) whether its block or character was among them.
    """

    after: tuple[int, ...]
    worth: np.ndarray
    met: np.ndarray


def replay(
    sitting: Sitting,
    order: Sequence[int],
    after: Sequence[int],
    *,
    wrong: frozenset[int] = frozenset(),
    rule: ExemplarRule = RULE,
) -> Curve:
    """Answer the queries in an order, and ask those that are left after each of some numbers of answers.

    A query's answer is the nearest of its right items. wrong: queries answered with the nearest item that is
    not right, which is what people who err choose.
    """
    truth = np.where(np.isin(np.arange(len(order)), list(wrong))[:, None], ~sitting.right, sitting.right)
    answers = np.where(truth, sitting.own, np.inf).argmin(axis=1)  # (Q,)
    worth = np.full((len(after), len(order)), np.nan)
    met = np.zeros(worth.shape, bool)
    for row, count in enumerate(after):
        done, left = np.array(order[:count], int), order[count:]
        known = np.isin(sitting.characters, sitting.characters[answers[done]]) & (sitting.characters > 0)
        known[answers[done]] = True
        met[row] = (sitting.right & known).any(axis=1)
        for query in left:
            worth[row, query] = _worth(sitting, query, done, answers[done], rule)
    return Curve(tuple(after), worth, met)


def _worth(sitting: Sitting, query: int, done: np.ndarray, chosen: np.ndarray, rule: ExemplarRule) -> float:
    """1/rank of the query's first right item among five, with these exemplars of these items."""
    distances = with_exemplars(
        sitting.own[query], sitting.alike[query, done], chosen, sitting.characters, rule
    )
    first = np.argsort(distances, kind="stable")[:DEPTH]
    right = sitting.right[query, first] & np.isfinite(distances[first])
    return 1 / (1 + int(right.argmax())) if right.any() else 0.0


def with_exemplars(
    own: np.ndarray, alike: np.ndarray, chosen: np.ndarray, characters: np.ndarray, rule: ExemplarRule
) -> np.ndarray:
    """(I,) distances of all items as exemplars move them.

    own: (I,). alike: (E,) distances to the exemplars. chosen: (E,) whose exemplars they are.
    """
    if not len(chosen):
        return own
    near = np.argsort(alike, kind="stable")[: rule.voters]
    near = near[alike[near] < rule.reach]
    shared = (characters[:, None] == characters[chosen[near]]) & (characters[:, None] > 0)
    very = np.arange(len(own))[:, None] == chosen[near]
    nearest = np.full(len(own), np.inf)
    np.minimum.at(nearest, chosen, alike)
    moved = adjust(
        own,
        Votes(alike[near], np.full(len(near), TRUST), np.where(very, 1.0, SHARED * shared)),
        OwnExemplars(nearest, np.where(np.isfinite(nearest), TRUST, 0.0)),
        rule,
    )
    return np.where(np.isfinite(own), moved.distances, np.inf)
