import numpy as np
import pytest

from retrieval.index.views import reading_views
from retrieval.types import HeightVectors


def heights(*probabilities):
    count = len(probabilities)
    seen = np.eye(count, 8, dtype=np.float32)
    return HeightVectors(seen, -seen, np.array(probabilities, np.float32))


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
    assert [(row, way) for row, way, _ in views] == [(0, False), (1, False), (1, True), (2, True)]
    for row, mirrored, vector in views:
        np.testing.assert_array_equal(vector, (given.mirrored if mirrored else given.seen)[row])
