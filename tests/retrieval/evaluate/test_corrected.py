"""Scores corrected for led labels: by what is planted, and by a slow twin."""

import numpy as np
import pytest

from retrieval.evaluate.corrected import corrected_mean, leaning

KINDS = ("often", "never")


def planted(count=4000, *, share=0.2, led=0.3, seed=1):
    """Queries of two kinds, scored 0.9 and 0.5 by the truth; a led label is what the model put first: 1."""
    random = np.random.default_rng(seed)
    kinds = random.choice(KINDS, size=count, p=(0.7, 0.3))
    truth = (random.random(count) < np.where(kinds == "often", 0.9, 0.5)).astype(float)
    blind = random.random(count) < share
    scores = np.where(~blind & (random.random(count) < led), 1.0, truth)
    return truth, scores, blind, kinds


def test_the_truth_is_found_where_labels_lean():
    truth, scores, blind, kinds = planted()
    result = corrected_mean(scores, blind, kinds)
    assert result.low <= truth.mean() <= result.high
    assert result.high < scores.mean(), "the plain mean is too good by far"
    lean = leaning(scores, blind)
    assert 0 < lean.low < lean.mean < lean.high


def test_without_leaning_nothing_is_corrected():
    truth, scores, blind, kinds = planted(led=0.0)
    assert corrected_mean(scores, blind, kinds).mean == pytest.approx(truth.mean(), abs=0.03)
    lean = leaning(scores, blind)
    assert lean.low < 0 < lean.high


def test_it_is_the_sum_over_kinds():
    _, scores, blind, kinds = planted(300)
    slow = sum(
        sum(kinds == kind)
        / 300
        * np.mean([s for s, b, k in zip(scores, blind, kinds, strict=True) if b and k == kind])
        for kind in KINDS
    )
    assert corrected_mean(scores, blind, kinds).mean == pytest.approx(slow)


def test_intervals_cover_the_truth_as_often_as_they_say():
    covered = 0
    for seed in range(200):
        _, scores, blind, kinds = planted(400, seed=seed)
        result = corrected_mean(scores, blind, kinds)
        covered += result.low <= 0.7 * 0.9 + 0.3 * 0.5 <= result.high
    assert 180 <= covered <= 199


def test_a_kind_with_hardly_any_blind_query_counts_with_the_others():
    scores = np.array([1.0] * 10 + [0.0] * 10 + [1.0] * 3)
    blind = np.array([True] * 10 + [True] * 10 + [False] * 3)
    kinds = ["a"] * 10 + ["b"] * 10 + ["c"] * 3
    assert corrected_mean(scores, blind, kinds).mean == 0.5, "nothing blind is like c: all are one kind"
    kinds = ["a"] * 10 + ["b"] * 10 + ["b"] * 3
    assert corrected_mean(scores, blind, kinds).mean == pytest.approx(10 / 23)


def test_differences_may_be_negative():
    result = corrected_mean(np.array([-0.5] * 40), np.array([True] * 40), ["a"] * 40)
    assert (result.mean, result.low, result.high) == (-0.5, -0.5, -0.5)


def test_nothing_blind_is_refused():
    with pytest.raises(ValueError, match="one blind"):
        corrected_mean(np.ones(3), np.zeros(3, bool), ["a"] * 3)
    with pytest.raises(ValueError, match="some are blind"):
        leaning(np.ones(3), np.ones(3, bool))
