"""Learning at once: how pictures that people matched with items change an item's distance to a query.

An exemplar is the vector of a print that people matched with an item. It says two things of a query. Where
both are alike, the query is likely of the exemplar's item: the item is drawn nearer. Where the query is
unlike every exemplar of an item, and not surely like its carving, it is likely not of that item: the item
steps back. Both are bounded, so that one wrong answer cannot carry an item past what resembles a query
by itself; and the exemplars near a query vote, so that one wrong among several right ones counts little.
"""

from dataclasses import dataclass

import numpy as np

NEAREST = 16
"""Exemplars that vote on a query: its nearest, within reach."""


@dataclass(frozen=True)
class Rule:
    """All are cosine distances, in [0, 2].

    reach: within it an exemplar speaks for its item, the more the nearer. lift: by so much it draws the item
    nearer at most. far: beyond it an item's nearest exemplar speaks against it. back: so much of what lies
    beyond, the item steps back. like, unlike: an item whose own distance is below the first does not step
    back at all, one above the second in full.
    """

    reach: float = 0.4
    lift: float = 0.4
    far: float = 0.5
    back: float = 0.2
    like: float = 0.3
    unlike: float = 0.5


RULE = Rule()
"""Chosen on crops of held-out pages with the shipped weights; docs/learning.md tells how."""


@dataclass(frozen=True)
class Near:
    """The exemplars that vote on a query, E of them, and C items that they may speak for.

    distances: (E,) of the query, nearest first. trust: (E,) in [0, 1]. weights: (C, E) in [0, 1]: 1 for an
    exemplar of the very item, what it shares with others of the character, 0 for other items.
    """

    distances: np.ndarray
    trust: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class Own:
    """Of each of C items its nearest exemplar. distances: (C,), inf without one. trust: (C,)."""

    distances: np.ndarray
    trust: np.ndarray


@dataclass(frozen=True)
class Moved:
    """distances: (C,) as they count now, in [0, 2]. decisive: (C,) place among the E exemplars of the one
    that drew the item nearest, -1 where none did.
    """

    distances: np.ndarray
    decisive: np.ndarray


def move(distances: np.ndarray, near: Near, own: Own, rule: Rule = RULE) -> Moved:
    """Bring exemplars to bear on one query.

    distances: (C,) cosine distances of the items' carvings to the query.
    """
    voices = near.trust * np.clip(1 - near.distances / rule.reach, 0, None)  # (E,)
    heard = near.weights * voices  # (C, E)
    drawn = _lift(heard, voices, rule)
    beyond = np.clip(np.where(np.isfinite(own.distances), own.distances - rule.far, 0), 0, None)
    doubt = np.clip((distances - rule.like) / (rule.unlike - rule.like), 0, 1)
    moved = np.clip(distances - drawn + rule.back * own.trust * beyond * doubt, 0, 2)
    decisive = heard.argmax(axis=1) if heard.shape[1] else np.zeros(len(distances), int)
    return Moved(moved.astype(np.float32), np.where(drawn > 0, decisive, -1))


def _lift(heard: np.ndarray, voices: np.ndarray, rule: Rule) -> np.ndarray:
    """(C,): the strongest voice for each item, times the share of all voices that are for it."""
    if not len(voices) or not voices.sum():
        return np.zeros(len(heard))
    return rule.lift * heard.max(axis=1) * heard.sum(axis=1) / voices.sum()
