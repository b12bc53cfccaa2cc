import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluate.metrics import rank_of_first, scores_of


def slow_rank(found, relevant):
    for rank in range(1, 6):
        if rank <= len(found) and found[rank - 1] in relevant:
            return rank
    return 0


@given(st.lists(st.integers(0, 9), max_size=8), st.sets(st.integers(0, 9)))
def test_rank_of_the_first_right_item(found, relevant):
    assert rank_of_first(found, relevant) == slow_rank(found, relevant)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_scores_are_what_their_names_say(ranks):
    scores = scores_of(ranks)
    assert scores.queries == len(ranks)
    assert scores.mrr_at_5.mean == pytest.approx(sum(1 / rank for rank in ranks if rank) / len(ranks))
    assert scores.recall_at_1.mean == pytest.approx(ranks.count(1) / len(ranks))
    assert scores.recall_at_5.mean == pytest.approx(1 - ranks.count(0) / len(ranks))
    for one in (scores.mrr_at_5, scores.recall_at_1, scores.recall_at_5):
        assert 0 <= one.low <= one.mean + 1e-9
        assert one.mean - 1e-9 <= one.high <= 1
    assert scores_of(ranks) == scores


def test_the_interval_is_that_of_a_binomial():
    one = scores_of([1] * 300 + [0] * 100).recall_at_1
    deviation = np.sqrt(0.75 * 0.25 / 400)
    assert one.low == pytest.approx(0.75 - 1.96 * deviation, abs=0.005)
    assert one.high == pytest.approx(0.75 + 1.96 * deviation, abs=0.005)


def test_all_alike_leaves_no_doubt():
    one = scores_of([2] * 10).mrr_at_5
    assert (one.low, one.mean, one.high) == (0.5, 0.5, 0.5)


def test_the_interval_is_that_of_drawing_queries():
    """The slow twin: draw queries, one list after another, and take percentiles."""
    ranks = np.array([1] * 20 + [2] * 9 + [5] * 4 + [0] * 17)
    random = np.random.default_rng(0)
    values = np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0)
    means = [random.choice(values, len(values)).mean() for _ in range(4_000)]
    one = scores_of(ranks).mrr_at_5
    np.testing.assert_allclose((one.low, one.high), np.percentile(means, (2.5, 97.5)), atol=0.015)


def test_no_queries_have_no_score():
    with pytest.raises(ValueError, match="at least one"):
        scores_of([])
