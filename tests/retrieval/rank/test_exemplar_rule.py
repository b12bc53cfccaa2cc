"""The rule by which exemplars move items, against its slow twin; and that one wrong answer goes not far."""

import numpy as np
import pytest

from retrieval.rank.exemplar_rule import RULE, ExemplarRule, Near, adjust


def slowly(distances, near, rule):
    """The same, an item and an exemplar at a time."""
    moved, decisive = [], []
    for distance, weights in zip(distances, near.weights, strict=True):
        best, by = 0.0, -1
        for place, (away, trust) in enumerate(zip(near.distances, near.trust, strict=True)):
            nearer = min(rule.lift, max(0.0, distance - away - rule.handicap))
            if weights[place] * trust * nearer > best:
                best, by = weights[place] * trust * nearer, place
        moved.append(distance - best)
        decisive.append(by)
    return moved, decisive


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_its_slow_twin_says(seed):
    random = np.random.default_rng(seed)
    items, exemplars = random.integers(1, 12), random.integers(0, 17)
    near = Near(
        np.sort(random.uniform(0, 0.6, exemplars)),
        random.uniform(0, 1, exemplars),
        random.choice([0.0, 0.0, 0.5, 1.0], (items, exemplars)),
    )
    distances = random.uniform(0, 1.5, items)
    rule = ExemplarRule(handicap=random.uniform(0, 0.1), lift=random.uniform(0.1, 0.6))
    found, (moved, decisive) = adjust(distances, near, rule), slowly(distances, near, rule)
    assert found.distances == pytest.approx(moved, abs=1e-6)
    assert found.decisive.tolist() == decisive


def test_without_exemplars_nothing_moves():
    distances = np.array([0.2, 0.7])
    found = adjust(distances, Near(np.zeros(0), np.zeros(0), np.zeros((2, 0))))
    assert found.distances == pytest.approx(distances)
    assert found.decisive.tolist() == [-1, -1]


def test_a_like_exemplar_draws_its_item_and_less_its_character():
    near = Near(np.array([0.05]), np.array([0.7]), np.array([[1.0], [0.5], [0.0]]))
    found = adjust(np.array([0.6, 0.6, 0.6]), near)
    assert found.distances[0] < found.distances[1] < found.distances[2] == pytest.approx(0.6)
    assert found.decisive.tolist() == [0, 0, -1]


def test_trust_is_heard():
    def drawn(trust):
        near = Near(np.array([0.05]), np.array([trust]), np.array([[1.0]]))
        return adjust(np.array([0.6]), near).distances[0]

    assert drawn(1.0) < drawn(0.7) < drawn(0.1) < drawn(0.0) == pytest.approx(0.6)


def test_an_item_comes_no_nearer_than_its_exemplar():
    near = Near(np.array([0.3]), np.array([1.0]), np.array([[1.0], [1.0]]))
    found = adjust(np.array([0.2, 0.4]), near)
    assert found.distances == pytest.approx([0.2, 0.3 + RULE.handicap])
    assert found.decisive.tolist() == [-1, 0]


def test_one_wrong_answer_does_not_carry_an_item_past_what_is_like_the_query():
    near = Near(np.array([0.0]), np.array([1.0]), np.array([[0.0], [1.0]]))
    found = adjust(np.array([0.1, 0.9]), near)
    assert found.distances[0] < found.distances[1]
    assert found.distances[1] == pytest.approx(0.9 - RULE.lift)


def test_a_wrong_answer_among_right_ones_draws_its_item_no_nearer_than_theirs():
    alike, trust = np.full(5, 0.05), np.array([1.0, 0.7, 0.7, 0.7, 0.7])
    weights = np.array([[1.0] * 4 + [0.0], [0.0] * 4 + [1.0]])
    right, wrong = adjust(np.array([0.5, 0.5]), Near(alike, trust, weights)).distances
    assert right < wrong
