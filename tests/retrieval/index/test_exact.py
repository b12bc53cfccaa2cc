import numpy as np
import pytest

from common.errors import BadInput
from retrieval.index.exact import ExactIndex
from tests.retrieval.index.vectors import clustered, unit


def slow_search(vectors, ids, query, k):
    """The slow twin: sort everything, in double precision."""
    distances = 1 - vectors.astype(np.float64) @ query.astype(np.float64)
    return ids[np.lexsort((ids, distances.round(6)))[:k]], np.sort(distances)[:k]


@pytest.mark.parametrize("count", [1, 4, 5, 6, 1_000, 40_000])
def test_agrees_with_sorting_everything(count):
    vectors, queries = clustered(count), clustered(20, seed=1)
    ids = np.random.default_rng(2).permutation(3 * count)[:count]
    hits = ExactIndex(vectors, ids).search(queries, 5)
    for row, query in enumerate(queries):
        _, distances = slow_search(vectors, ids, query, 5)
        found = min(count, 5)
        np.testing.assert_allclose(hits.distances[row, :found], distances, atol=2e-6)
        own = [1 - vectors[ids == one][0] @ query for one in hits.ids[row, :found]]
        np.testing.assert_allclose(own, distances, atol=2e-6)
        assert len(set(hits.ids[row, :found])) == found


def test_many_queries_are_answered_like_few():
    index, queries = ExactIndex(clustered(2_000)), clustered(600, seed=3)
    whole = index.search(queries, 3)
    for start in (0, 255, 256, 511, 599):
        np.testing.assert_array_equal(whole.ids[start], index.search(queries[start : start + 1], 3).ids[0])


def test_equal_distances_come_by_rising_id():
    vectors = np.repeat(unit([[1, 0], [0, 1]]), 50, axis=0)
    ids = np.arange(100)[::-1].copy()
    hits = ExactIndex(vectors, ids).search(unit([[1, 0]]), 5)
    assert hits.ids.tolist() == [[50, 51, 52, 53, 54]]


def test_more_wanted_than_there_are():
    hits = ExactIndex(unit([[1, 0], [0, 1]]), np.array([7, 3])).search(unit([[1, 0.1]]), 4)
    assert hits.ids.tolist() == [[7, 3, -1, -1]]
    assert np.isinf(hits.distances[0, 2:]).all()
    assert hits.ids.dtype == np.int64
    assert hits.distances.dtype == np.float32


def test_empty_index_and_no_queries():
    index = ExactIndex(np.zeros((0, 8), np.float32))
    assert len(index) == 0
    assert (index.search(clustered(2, 8), 5).ids == -1).all()
    assert ExactIndex(clustered(5)).search(clustered(0), 5).ids.shape == (0, 5)


def test_distances_lie_between_zero_and_two():
    vectors = unit([[1, 0, 0], [-1, 0, 0], [1, 1, 1]])
    hits = ExactIndex(np.vstack((vectors, vectors * 1.0005))).search(vectors, 6)
    assert hits.distances.min() >= 0
    assert hits.distances.max() <= 2


@pytest.mark.parametrize(
    ("vectors", "words"),
    [
        (np.full((2, 4), np.nan, np.float32), "not finite"),
        (np.full((2, 4), np.inf, np.float32), "not finite"),
        (np.zeros((2, 4), np.float32), "length 1"),
        (np.ones((2, 4), np.float32), "length 1"),
        (np.ones(4, np.float32), "two dimensions"),
        (np.eye(4, dtype=np.int64), "floating point"),
        (np.zeros((2, 0), np.float32), "two dimensions"),
    ],
)
def test_refuses_vectors_that_have_no_direction(vectors, words):
    with pytest.raises(BadInput, match=words):
        ExactIndex(vectors)


@pytest.mark.parametrize("ids", [[1], [1, 1], [-1, 2], [0.5, 1.5], ["a", "b"]])
def test_refuses_ids(ids):
    with pytest.raises(BadInput):
        ExactIndex(clustered(2), np.array(ids))


@pytest.mark.parametrize("k", [0, -1, 2.5, None])
def test_refuses_k(k):
    with pytest.raises(BadInput, match="k must be"):
        ExactIndex(clustered(2)).search(clustered(1), k)


def test_refuses_queries_of_another_width():
    with pytest.raises(BadInput, match="16 wide"):
        ExactIndex(clustered(2, 32)).search(clustered(1, 16), 1)
