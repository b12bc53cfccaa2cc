"""An item is as near as its nearest reading, for hits and for a whole gallery."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.rank import Reading, order_gallery, within_reach
from retrieval.rank.nearest import nearest_readings
from retrieval.types import Hits
from tests.retrieval.index.test_hits import hits_of, one_row, slow_best


@given(one_row(), st.dictionaries(st.integers(0, 12), st.integers(0, 3)), st.integers(1, 8))
def test_an_item_ranks_by_its_nearest_vector(row, items, k):
    found = nearest_readings(
        hits_of(row), {one: Reading(item, one % 2 == 1) for one, item in items.items()}, k
    )
    wanted = slow_best([(items.get(one), far) for one, far in zip(*row, strict=True)], k)
    assert [(one.item, one.distance) for one in found[0]] == [pair for pair in wanted if pair[0] >= 0]
    for one in found[0]:
        of_item = [(far, at) for at, far in zip(*row, strict=True) if items.get(at) == one.item]
        assert one.reading.mirrored == (min(of_item)[1] % 2 == 1)


def test_queries_do_not_mix():
    hits = Hits(np.array([[1, 2], [3, -1]]), np.array([[0.1, 0.2], [0.3, np.inf]], np.float32))
    found = nearest_readings(hits, {1: Reading(7), 2: Reading(7), 3: Reading(8)}, 5)
    assert [[one.item for one in row] for row in found] == [[7], [8]]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(1, 2), st.integers(0, 1000))
def test_a_whole_gallery_is_in_the_slow_twins_order(items, readings, seed):
    random = np.random.default_rng(seed)
    vectors = random.choice([-0.5, 0.5], (len(items), 4)).astype(np.float32)  # of which many are alike
    queries = random.choice([-0.5, 0.5], (readings, 4)).astype(np.float32)
    best = {}
    for item, one in zip(items, vectors, strict=True):
        for query in queries:
            best[item] = min(best.get(item, 9.0), 1 - float(one @ query))
    found, distances = order_gallery(vectors, np.array(items), queries)
    assert list(zip(found.tolist(), distances.tolist(), strict=True)) == sorted(
        best.items(), key=lambda pair: (pair[1], pair[0])
    )


@pytest.mark.parametrize(("vectors", "queries"), [(0, 1), (3, 0)])
def test_nothing_to_compare(vectors, queries):
    items, distances = order_gallery(
        np.ones((vectors, 4), np.float32), np.arange(vectors), np.ones((queries, 4), np.float32)
    )
    assert (len(items), len(distances)) == (0, 0)


def test_what_an_exemplar_reaches_is_what_a_loop_finds():
    random = np.random.default_rng(1)
    vectors, exemplars = random.normal(size=(40, 3)), random.normal(size=(3, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exemplars /= np.linalg.norm(exemplars, axis=1, keepdims=True)
    slow = [(min(1 - one @ other for other in exemplars), place) for place, one in enumerate(vectors)]
    wanted = sorted(pair for pair in slow if pair[0] < 0.2)
    found = within_reach(vectors, exemplars, 0.2)
    assert [place for _, place in found] == [place for _, place in wanted]
    assert 0 < len(found) < 40
