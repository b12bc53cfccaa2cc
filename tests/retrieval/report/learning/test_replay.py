"""The replayed session, on sets made by hand."""

import json

import numpy as np
import pytest

from common.suggestions import ONE_PERSON, SHARED
from retrieval.rank import RULE, ArrayGallery, Reading
from retrieval.rank.exemplar_rule import Near, adjust
from retrieval.report.learning.command import measured, table
from retrieval.report.learning.replay import Session, replay


def session_of(prints, items, right, codepoints):
    """A session of vectors, each item read one way."""
    distances = np.clip(1 - prints @ items.T, 0, 2)
    characters = ["" if code == 0 else chr(code) for code in codepoints]
    gallery = ArrayGallery(items, [Reading(n, character=one) for n, one in enumerate(characters)])
    return Session(prints, gallery, distances, right, np.array(codepoints))


def session():
    """Queries 0 and 1 show the same character, which the search takes for another; 2 is found at once."""
    own = np.array([[0.6, 0.5, 0.9], [0.6, 0.5, 0.9], [0.9, 0.9, 0.1]])
    alike = np.array([[0.0, 0.05, 0.95], [0.05, 0.0, 0.95], [0.95, 0.95, 0.0]])
    apart = 0.7 * (1 - np.eye(3))
    cosines = 1 - np.block([[alike, own], [own.T, apart]])
    size, directions = np.linalg.eigh(cosines)  # vectors with just these cosines
    assert size.min() > 0
    vectors = (directions * np.sqrt(size)).astype(np.float32)
    right = np.array([[True, False, False], [True, False, False], [False, False, True]])
    made = session_of(vectors[:3], vectors[3:], right, [0x4E00, 0x4E01, 0x4E02])
    assert made.distances == pytest.approx(own, abs=1e-6)
    return made


def slow_scores(session, answered, answers):
    """1/rank of every query with these queries' answers, all items moved at once as matrices."""
    alike = 1 - session.prints @ session.prints[answered].T
    chosen, scores = answers[answered], []
    for own, far in zip(session.distances, alike, strict=True):
        near = np.argsort(far, kind="stable")[: RULE.nearest]
        near = near[far[near] < RULE.reach]
        of = session.codepoints
        shared = (of[:, None] == of[chosen[near]]) & (of[:, None] > 0)
        weights = np.where(np.arange(len(own))[:, None] == chosen[near], 1.0, SHARED * shared)
        moved = adjust(own, Near(far[near], np.full(len(near), ONE_PERSON), weights)).distances
        first = np.argsort(moved, kind="stable")[:5]
        right = session.right[len(scores), first]
        scores.append(1 / (1 + int(right.argmax())) if right.any() else 0.0)
    return np.array(scores)


@pytest.mark.parametrize("seed", range(5))
def test_the_ranker_scores_as_the_slow_twin(seed):
    """Of prints that are more like each other than like the carving that printed them."""
    random = np.random.default_rng(seed)
    characters = random.normal(size=(6, 24))
    shown = random.integers(0, 18, 40)

    def near(vectors, far):
        moved = vectors + far * random.normal(size=vectors.shape)
        return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)

    items = near(np.repeat(characters, 3, axis=0), 0.3)
    prints = near(near(items, 0.2)[shown], 0.1)
    codepoints = np.repeat([0x4E00, 0x4E01, 0x4E02, 0x4E03, 0x4E04, 0], 3)
    made = session_of(prints, items, shown[:, None] == np.arange(18), codepoints)
    order = random.permutation(40).tolist()
    curve = replay(made, order, [0, 10, 25], wrong=frozenset({1, 2, 3}))
    answers = shown.copy()
    for one in (1, 2, 3):
        answers[one] = np.where(made.right[one], np.inf, made.distances[one]).argmin()
    assert (curve.scores[2] != curve.scores[0])[order[25:]].any(), "the answers changed something"
    for row, count in enumerate(curve.after):
        left = order[count:]
        slow = slow_scores(made, np.array(order[:count], int), answers)
        assert curve.scores[row, left] == pytest.approx(slow[left])


def test_a_query_that_cannot_be_read_scores_nothing_and_teaches_nothing():
    made = session()
    made.prints[0] = 0
    curve = replay(made, [0, 1, 2], [0, 1])
    assert curve.scores[0].tolist() == [0.0, 0.5, 1.0]
    assert curve.scores[1, 1:].tolist() == [0.5, 1.0]


def test_an_answer_helps_the_query_that_is_like_it():
    curve = replay(session(), [0, 1, 2], [0, 1, 2])
    assert curve.scores[0].tolist() == [0.5, 0.5, 1.0]
    assert np.isnan(curve.scores[1, 0])
    assert curve.scores[1, 1:].tolist() == [1.0, 1.0]
    assert curve.met.tolist() == [[False] * 3, [True, True, False], [True, True, False]]


def test_a_wrong_answer_does_not_help_nor_reach_what_is_unlike():
    curve = replay(session(), [0, 1, 2], [1], wrong=frozenset({0}))
    assert curve.scores[0, 1:].tolist() == [0.5, 1.0]


def test_what_is_measured_adds_up_and_is_the_same_each_time():
    one, again = measured(session(), orders=3), measured(session(), orders=3)
    assert json.dumps(one) == json.dumps(again)
    first, last = one["points_in_order"][0], one["points_in_order"][-1]
    assert (first["answers"], first["queries"]) == (0, 3)
    assert first["gain"]["mean"] == 0
    assert first["without"] == pytest.approx(2 / 3)
    assert (last["answers"], last["queries"], last["with"]) == (2, 1, 1.0)
    assert "| answers |" in table(one)
