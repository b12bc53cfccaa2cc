import numpy as np

from retrieval.index.exact import ExactIndex
from retrieval.index.recall import recall_against
from retrieval.types import Hits
from tests.retrieval.index.vectors import clustered, unit


class Fixed:
    def __init__(self, hits):
        self.hits = hits

    def search(self, queries, k):
        return self.hits


def test_exact_search_finds_all_of_itself():
    exact = ExactIndex(clustered(200))
    assert recall_against(exact, exact, clustered(50, seed=1), 5) == 1


def test_half_found_is_half():
    exact, queries = ExactIndex(clustered(200)), clustered(50, seed=1)
    hits = exact.search(queries, 4)
    hits.ids[:, 2:], hits.distances[:, 2:] = -1, np.inf
    assert recall_against(Fixed(hits), exact, queries, 4) == 0.5


def test_another_id_at_the_same_distance_counts():
    exact = ExactIndex(np.repeat(unit([[1, 0]]), 10, axis=0))
    other = Hits(np.array([[8, 9]]), np.zeros((1, 2), np.float32))
    assert recall_against(Fixed(other), exact, unit([[1, 0]]), 2) == 1


def test_nothing_to_find_is_all_found():
    exact = ExactIndex(np.zeros((0, 4), np.float32))
    assert recall_against(exact, exact, clustered(3, 4), 5) == 1
