"""Learning at once: how pictures that people matched with items change an item's distance to a query.

An exemplar is the vector of a print that people matched with an item. It says two things of a query. Where
both are alike, the query is likely of the exemplar's item: the item is drawn nearer. Where the query is
unlike every exemplar of an item, and not surely like its carving, it is likely not of that item: the item
steps back. Both are bounded, so that one wrong answer cannot carry an item past what resembles a query
by itself; and the exemplars near a query vote, so that one wrong among several right ones counts little.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ExemplarRule:
    """How far exemplars move items. All but ``voters`` are cosine distances, in [0, 2].

    Args:
        reach: within it an exemplar speaks for its item, the more the nearer.
        lift: by so much it draws the item nearer at most.
        far: beyond it an item's nearest exemplar speaks against it.
        back: so much of what lies beyond, the item steps back.
        like: an item whose own distance is below it does not step back at all.
        unlike: one whose own distance is above it steps back in full.
        voters: exemplars that vote on a query: its nearest, within reach.
    """

    reach: float = 0.4
    lift: float = 0.4
    far: float = 0.5
    back: float = 0.2
    like: float = 0.3
    unlike: float = 0.5
    voters: int = 16


RULE = ExemplarRule()
"""Chosen on crops of held-out pages with the shipped weights; see docs/learning.md."""


@dataclass(frozen=True)
class Votes:
    """The exemplars that vote on a query, E of them, and C items that they may speak for.

    distances: (E,) of the query, nearest first. trust: (E,) in [0, 1]. weights: (C, E) in [0, 1]: 1 for an
    exemplar of the very item, what it shares with others of the character, 0 for other items.
    """

    distances: np.ndarray
    trust: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class OwnExemplars:
    """Of each of C items its nearest exemplar. distances: (C,), inf without one. trust: (C,)."""

    distances: np.ndarray
    trust: np.ndarray


@dataclass(frozen=True)
class Adjusted:
    """distances: (C,) float32 as they count now, in [0, 2]. decisive: (C,) place among the E exemplars of the
    one that drew the item nearest, -1 where none did.
    """

    distances: np.ndarray
    decisive: np.ndarray


def adjust(distances: np.ndarray, votes: Votes, own: OwnExemplars, rule: ExemplarRule = RULE) -> Adjusted:
    """Bring exemplars to bear on one query.

    distances: (C,) cosine distances of the items' carvings to the query.
    """
    strength = votes.trust * np.clip(1 - votes.distances / rule.reach, 0, None)  # (E,)
    support = votes.weights * strength  # (C, E)
    lift = _lift(support, strength, rule)
    beyond = np.clip(np.where(np.isfinite(own.distances), own.distances - rule.far, 0), 0, None)
    doubt = np.clip((distances - rule.like) / (rule.unlike - rule.like), 0, 1)
    adjusted = np.clip(distances - lift + rule.back * own.trust * beyond * doubt, 0, 2)
    decisive = support.argmax(axis=1) if support.shape[1] else np.zeros(len(distances), int)
    return Adjusted(adjusted.astype(np.float32), np.where(lift > 0, decisive, -1))


def _lift(support: np.ndarray, strength: np.ndarray, rule: ExemplarRule) -> np.ndarray:
    """(C,): the strongest vote for each item, times the share of all votes that are for it."""
    if not len(strength) or not strength.sum():
        return np.zeros(len(support))
    return rule.lift * support.max(axis=1) * support.sum(axis=1) / strength.sum()
