"""A simulated session: answers come in one after the other, and the queries left profit from them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.suggestions import ONE_PERSON, SHARED
from retrieval.embed.confidence import confidence
from retrieval.evaluate.metrics import DEPTH, rank_of_first, reciprocal_ranks
from retrieval.rank import RULE, ArrayGallery, Exemplar, ExemplarRule, ExemplarStore, Ranker


@dataclass(frozen=True)
class Session:
    """A set to be answered: Q queries and I items, numbered from 0.

    Args:
        prints: (Q, D) float32 of unit length, 0 for a query that cannot be read.
        gallery: the items' readings.
        distances: (Q, I) cosine distances to each item's nearest reading, inf for what cannot be read.
        right: (Q, I) bool.
        codepoints: (I,) the items' characters, 0 = unknown.
    """

    prints: np.ndarray
    gallery: ArrayGallery
    distances: np.ndarray
    right: np.ndarray
    codepoints: np.ndarray

    @property
    def readable(self) -> np.ndarray:
        """(Q,) bool, whether a query can be searched for."""
        return np.any(self.prints, axis=1)


@dataclass(frozen=True)
class LearningCurve:
    """scores: (S, Q) each query's 1/rank after so many answers, NaN once it is answered itself.

    after: (S,) how many answers there were. met: (S, Q) whether its block or character was among them.
    """

    after: tuple[int, ...]
    scores: np.ndarray
    met: np.ndarray


def replay(
    session: Session,
    order: Sequence[int],
    after: Sequence[int],
    *,
    wrong: frozenset[int] = frozenset(),
    rule: ExemplarRule = RULE,
) -> LearningCurve:
    """Answer the queries in an order, and search for those left after each of some numbers of answers.

    A query's answer is the nearest of its right items, given by one person who says nothing of the relation.
    The search is the one that serves.

    Args:
        session: what is answered.
        order: the Q queries.
        after: numbers of answers, rising.
        wrong: queries answered with the nearest item that is not right, which is what people who err choose.
        rule: how far exemplars move items.
    """
    answers = _answers(session, wrong)
    store = ExemplarStore(session.prints.shape[1])
    ranker = Ranker(session.gallery, confidence, store, rule=rule)
    scores = np.full((len(after), len(order)), np.nan)
    met = np.zeros(scores.shape, bool)
    given = 0
    for row, count in enumerate(after):
        _learn(session, store, order[given:count], answers)
        given, left = count, np.array(order[count:], int)
        met[row] = _met(session, answers[np.array(order[:count], int)])
        scores[row, left] = _scores(session, ranker, left)
    return LearningCurve(tuple(after), scores, met)


def _answers(session: Session, wrong: frozenset[int]) -> np.ndarray:
    """(Q,) the item that each query is answered with."""
    is_wrong = np.isin(np.arange(len(session.right)), list(wrong))
    chosen = session.right ^ is_wrong[:, None]
    return np.where(chosen, session.distances, np.inf).argmin(axis=1)


def _learn(session: Session, store: ExemplarStore, queries: Sequence[int], answers: np.ndarray) -> None:
    """Take the queries' answers in; a picture that cannot be read serves nobody."""
    some = [query for query in queries if session.readable[query]]
    exemplars = [Exemplar(query, int(answers[query]), ONE_PERSON, SHARED) for query in some]
    store.put(some, exemplars, session.prints[some])


def _met(session: Session, answered: np.ndarray) -> np.ndarray:
    """(Q,) whether a right item, or another of its character, was among the answers."""
    met = np.isin(session.codepoints, session.codepoints[answered]) & (session.codepoints > 0)
    met[answered] = True
    return np.any(session.right & met, axis=1)


def _scores(session: Session, ranker: Ranker, queries: np.ndarray) -> np.ndarray:
    """1/rank of each query's first right item among five; 0 where there is none."""
    readable = queries[session.readable[queries]]
    ranks = np.zeros(len(session.right))
    for query, found in zip(readable.tolist(), ranker.rank(session.prints[readable]), strict=True):
        relevant = np.flatnonzero(session.right[query]).tolist()
        ranks[query] = rank_of_first([one.item for one in found], relevant, DEPTH)
    return reciprocal_ranks(ranks)[queries]
