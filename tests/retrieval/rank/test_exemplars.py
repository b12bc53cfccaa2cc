"""Exemplars in memory, against exact search over those that are there."""

import numpy as np
import pytest

from common.errors import BadInput
from retrieval.index import ExactIndex
from retrieval.rank import Exemplar, ExemplarStore


def unit(random, count, width=16):
    vectors = random.normal(size=(count, width)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_whatever_came_and_went_exactly_those_there_are_found():
    random, held, there = np.random.default_rng(1), ExemplarStore(16), {}
    for _ in range(60):
        ids = random.choice(900, 20, replace=False).tolist()
        vectors = unit(random, 20)
        held.put(ids, [Exemplar(one, one % 7, 0.5, 0.5) for one in ids], vectors)
        there |= dict(zip(ids, vectors, strict=True))
        gone = random.choice(900, 15, replace=False).tolist()
        held.drop(gone)
        there = {one: vector for one, vector in there.items() if one not in gone}
    queries = unit(random, 5)
    exact = ExactIndex(np.stack(list(there.values())), np.array(list(there))).search(queries, 8)
    assert len(held) == len(there) > 256, "it has grown"
    for row, distances in enumerate(held.compare(queries)):
        asked = held.within(distances, reach=2.0, most=8)
        assert asked.ids == exact.ids[row].tolist()
        assert asked.distances == pytest.approx(exact.distances[row], abs=1e-5)


def test_reach_and_the_askers_own_answers():
    random, held = np.random.default_rng(2), ExemplarStore(16)
    vector = unit(random, 1)
    held.put([1, 2], [Exemplar(10, 5, 1.0, 0.5), Exemplar(11, 6, 0.7, 0.5)], np.repeat(vector, 2, axis=0))
    (distances,) = held.compare(vector)
    assert held.within(distances, reach=0.1, most=9).ids == [1, 2]
    assert held.within(distances, reach=0.1, most=9, without=10).ids == [2]
    assert held.within(distances + 0.2, reach=0.1, most=9).ids == []


def test_an_exemplar_that_is_put_again_is_another_items():
    random, held = np.random.default_rng(3), ExemplarStore(16)
    vector = unit(random, 1)
    held.put([1], [Exemplar(10, 5, 1.0, 0.5)], vector)
    held.put([1], [Exemplar(10, 6, 0.3, 0.5)], -vector)
    (distances,) = held.compare(vector)
    assert len(held) == 1
    assert distances == pytest.approx([2.0], abs=1e-5)
    assert held[1] == Exemplar(10, 6, 0.3, 0.5)


def test_another_width_is_refused():
    with pytest.raises(BadInput):
        ExemplarStore(16).put([1], [Exemplar(1, 1, 1.0, 0.5)], unit(np.random.default_rng(1), 1, 8))
