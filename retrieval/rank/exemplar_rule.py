"""Learning at once: how pictures that people matched with items change an item's distance to a query.

An exemplar is the vector of a print that people matched with an item. It is one more reading of that item: a
query that is nearer to it than to the item's carving is as near to the item as to the exemplar, less a
handicap. How far an item comes nearer is bounded, and less where people trust an answer less, so that one
wrong answer cannot carry an item past what resembles a query by itself. Nothing moves away.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ExemplarRule:
    """How far exemplars move items. All but ``nearest`` are cosine distances, in [0, 2].

    Args:
        reach: beyond it an exemplar says nothing.
        handicap: by so much an exemplar has to be nearer than the carving.
        lift: by so much it draws the item nearer at most.
        nearest: so many exemplars speak of a query, its nearest within reach.
    """

    reach: float = 0.4
    handicap: float = 0.03
    lift: float = 0.4
    nearest: int = 16


RULE = ExemplarRule()
"""Chosen on drawn prints and on crops of held-out pages; see docs/learning.md."""


@dataclass(frozen=True)
class Near:
    """The exemplars that speak of a query, E of them, and C items that they may speak for.

    distances: (E,) of the query, nearest first. trust: (E,) in [0, 1]. weights: (C, E) in [0, 1]: 1 for an
    exemplar of the very item, what it shares with others of the character, 0 for other items.
    """

    distances: np.ndarray
    trust: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class Adjusted:
    """distances: (C,) float32 as they count now, in [0, 2]. decisive: (C,) place among the E exemplars of the
    one that drew the item nearest, -1 where none did.
    """

    distances: np.ndarray
    decisive: np.ndarray


def adjust(distances: np.ndarray, near: Near, rule: ExemplarRule = RULE) -> Adjusted:
    """Bring exemplars to bear on one query.

    distances: (C,) cosine distances of the items' carvings to the query.
    """
    if not len(near.distances):
        return Adjusted(distances.astype(np.float32), np.full(len(distances), -1))
    nearer = np.clip(distances[:, None] - near.distances - rule.handicap, 0, rule.lift)
    lifts = near.weights * near.trust * nearer  # (C, E)
    lift = lifts.max(axis=1)
    decisive = np.where(lift > 0, lifts.argmax(axis=1), -1)
    return Adjusted((distances - lift).astype(np.float32), decisive)
