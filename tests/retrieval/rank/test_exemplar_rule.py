"""The rule by which exemplars move items, against its slow twin; and that one wrong answer goes not far."""

import numpy as np
import pytest

from retrieval.rank.exemplar_rule import RULE, ExemplarRule, OwnExemplars, Votes, adjust


def slowly(distances, near, own, rule):
    """The same, an item and an exemplar at a time."""
    moved, decisive = [], []
    voices = [t * max(0.0, 1 - d / rule.reach) for d, t in zip(near.distances, near.trust, strict=True)]
    for item, distance in enumerate(distances):
        heard = [weight * voice for weight, voice in zip(near.weights[item], voices, strict=True)]
        best = max(heard, default=0.0)
        lift = rule.lift * best * sum(heard) / sum(voices) if best > 0 else 0.0
        beyond = max(0.0, own.distances[item] - rule.far) if own.distances[item] < float("inf") else 0.0
        doubt = min(1.0, max(0.0, (distance - rule.like) / (rule.unlike - rule.like)))
        moved.append(min(2.0, max(0.0, distance - lift + rule.back * own.trust[item] * beyond * doubt)))
        decisive.append(heard.index(best) if lift > 0 else -1)
    return moved, decisive


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_its_slow_twin_says(seed):
    random = np.random.default_rng(seed)
    items, exemplars = random.integers(1, 12), random.integers(0, 17)
    near = Votes(
        np.sort(random.uniform(0, 0.6, exemplars)),
        random.uniform(0, 1, exemplars),
        random.choice([0.0, 0.0, 0.5, 1.0], (items, exemplars)),
    )
    far = random.uniform(0, 1.2, items)
    far[random.random(items) < 0.4] = np.inf
    own = OwnExemplars(far, np.where(np.isfinite(far), random.uniform(0, 1, items), 0.0))
    distances = random.uniform(0, 1.5, items)
    rule = ExemplarRule(*random.uniform(0.1, 0.6, 4), like=0.3, unlike=random.uniform(0.35, 0.9))
    found, (moved, decisive) = adjust(distances, near, own, rule), slowly(distances, near, own, rule)
    assert found.distances == pytest.approx(moved, abs=1e-6)
    assert found.decisive.tolist() == decisive


def nothing(items):
    return OwnExemplars(np.full(items, np.inf), np.zeros(items))


def test_without_exemplars_nothing_moves():
    distances = np.array([0.2, 0.7])
    found = adjust(distances, Votes(np.zeros(0), np.zeros(0), np.zeros((2, 0))), nothing(2))
    assert found.distances == pytest.approx(distances)
    assert found.decisive.tolist() == [-1, -1]


def test_a_like_exemplar_draws_its_item_and_less_its_character():
    near = Votes(np.array([0.05]), np.array([0.7]), np.array([[1.0], [0.5], [0.0]]))
    found = adjust(np.array([0.6, 0.6, 0.6]), near, nothing(3))
    assert found.distances[0] < found.distances[1] < found.distances[2] == pytest.approx(0.6)
    assert found.decisive.tolist() == [0, 0, -1]


def test_trust_is_heard():
    def drawn(trust):
        near = Votes(np.array([0.05]), np.array([trust]), np.array([[1.0]]))
        return adjust(np.array([0.6]), near, nothing(1)).distances[0]

    assert drawn(1.0) < drawn(0.7) < drawn(0.1) < drawn(0.0) == pytest.approx(0.6)


def test_one_wrong_answer_does_not_carry_an_item_past_what_is_like_the_query():
    near = Votes(np.array([0.0]), np.array([1.0]), np.array([[0.0], [1.0]]))
    found = adjust(np.array([0.1, 0.9]), near, nothing(2))
    assert found.distances[0] < found.distances[1]
    assert found.distances[1] == pytest.approx(0.9 - RULE.lift)


def test_one_wrong_answer_among_right_ones_is_outvoted():
    alike, trust = np.full(5, 0.05), np.full(5, 0.7)
    weights = np.array([[1.0] * 4 + [0.0], [0.0] * 4 + [1.0]])
    right, wrong = 0.5 - adjust(np.array([0.5, 0.5]), Votes(alike, trust, weights), nothing(2)).distances
    assert right == pytest.approx(4 * wrong, rel=1e-4)


def test_an_item_whose_prints_are_unlike_the_query_steps_back():
    near = Votes(np.zeros(0), np.zeros(0), np.zeros((2, 0)))
    found = adjust(np.array([0.5, 0.52]), near, OwnExemplars(np.array([0.9, np.inf]), np.array([0.7, 0.0])))
    assert found.distances[0] > found.distances[1] == pytest.approx(0.52)


def test_one_that_is_surely_like_the_carving_does_not():
    near = Votes(np.zeros(0), np.zeros(0), np.zeros((1, 0)))
    assert adjust(
        np.array([0.25]), near, OwnExemplars(np.array([1.5]), np.ones(1))
    ).distances == pytest.approx([0.25])
