import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.special import softmax
from scipy.stats import entropy

from common.errors import BadInput
from retrieval.compare.distances import DISTANCES, distance_named

RANDOM = np.random.default_rng(4)
QUERIES, ITEMS = (RANDOM.normal(0, 3, (count, 9)).astype(np.float32) for count in (5, 7))


@pytest.mark.parametrize("name", ["euclidean", "cosine"])
def test_vectors_are_compared_as_scipy_does(name):
    assert np.allclose(distance_named(name)(QUERIES, ITEMS), cdist(QUERIES, ITEMS, name), atol=1e-4)


def test_divergence_and_cross_entropy_are_those_of_the_items_shares():
    p, q = softmax(ITEMS.astype(float), axis=1), softmax(QUERIES.astype(float), axis=1)
    kl = [[entropy(item, query) for item in p] for query in q]
    crossed = [[-(item * np.log(query)).sum() for item in p] for query in q]
    assert np.allclose(distance_named("kl")(QUERIES, ITEMS), kl, atol=1e-4)
    assert np.allclose(distance_named("cross-entropy")(QUERIES, ITEMS), crossed, atol=1e-4)


def test_the_two_differ_by_the_items_entropy_and_so_rank_differently():
    """An unsure item: the same as the query, yet the cross entropy prefers one that is sure."""
    query = np.log(np.array([[0.6, 0.4]], np.float32))
    items = np.log(np.array([[0.6, 0.4], [0.999, 0.001]], np.float32))
    assert distance_named("kl")(query, items).argmin() == 0
    assert distance_named("cross-entropy")(query, items).argmin() == 1


@pytest.mark.parametrize("name", DISTANCES)
def test_extreme_and_empty_vectors_give_numbers(name):
    rows = np.array([[0, 0, 0], [1e4, -1e4, 0], [-1e4, -1e4, 1e4]], np.float32)
    distances = distance_named(name)(rows, rows)
    assert np.isfinite(distances).all()
    assert distances.dtype == np.float32


def test_an_unknown_distance_is_refused_with_the_list():
    with pytest.raises(BadInput, match="no search by 'magic'") as caught:
        distance_named("magic")
    assert all(name in caught.value.hint for name in DISTANCES)
