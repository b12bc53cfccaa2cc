import dataclasses

import numpy as np
import pytest

from retrieval.index.views import reading_turns, reading_views
from retrieval.types import HeightVectors, TurnedVectors


def heights(*probabilities):
    count = len(probabilities)
    seen = np.eye(count, 8, dtype=np.float32)
    vectors = HeightVectors(seen, -seen, np.array(probabilities, np.float32))
    turned = HeightVectors(2 * seen, -2 * seen, np.array(probabilities, np.float32))
    upright = np.tile(np.array([1, 0, 0, 0], np.float32), (count, 1))
    return TurnedVectors((vectors, turned, turned, turned), upright)


@pytest.mark.parametrize(
    ("probability", "ways"),
    [
        (0.0, [False]),
        (0.05, [False]),
        (0.2, [False, True]),
        (0.5, [False, True]),
        (0.6, [True, False]),
        (0.95, [True]),
        (1.0, [True]),
    ],
)
def test_an_item_is_read_as_it_prints_and_both_ways_in_doubt(probability, ways):
    views = reading_views(heights(probability))
    assert [view.mirrored for view in views] == ways


def test_vectors_belong_to_their_row_and_way():
    given = heights(0.01, 0.5, 0.99)
    views = reading_views(given)
    assert [(row, way) for row, _, way, _ in views] == [(0, False), (1, False), (1, True), (2, True)]
    for row, turn, mirrored, vector in views:
        of_turn = given.turns[turn]
        np.testing.assert_array_equal(vector, (of_turn.mirrored if mirrored else of_turn.seen)[row])


@pytest.mark.parametrize(
    ("probabilities", "turns"),
    [
        ([1.0, 0, 0, 0], (0,)),
        ([0.91, 0.09, 0, 0], (0,)),
        ([0.8, 0.0, 0.2, 0], (0, 2)),
        ([0.45, 0.0, 0.55, 0], (2, 0)),
        ([0.1, 0.15, 0.3, 0.45], (3, 2, 1, 0)),
        ([0.01, 0.99, 0, 0], (1, 0)),
    ],
)
def test_an_item_is_found_in_its_likely_turns_and_as_it_was_scanned(probabilities, turns):
    assert reading_turns(np.array(probabilities)) == turns
    given = dataclasses.replace(heights(0.01), upright_probability=np.array([probabilities]))
    assert [view.turn for view in reading_views(given)] == list(turns)
