"""Each measure against a slow twin."""

import numpy as np
import pytest

from retrieval.train.data.scores import auroc, nearest, reciprocal_rank


def test_reciprocal_rank_by_hand() -> None:
    """First, third, and not at all: (1 + 1/3 + 0) / 3."""
    right = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0]], bool)
    assert reciprocal_rank(right) == pytest.approx((1 + 1 / 3) / 3)


def test_nearest_against_a_loop() -> None:
    """The five smallest cosine distances, nearest first."""
    random = np.random.default_rng(0)
    gallery = random.normal(size=(30, 4))
    gallery /= np.linalg.norm(gallery, axis=1, keepdims=True)
    codes = random.integers(0, 9, 30)
    distances, right = nearest(gallery[:3], codes[:3], gallery, codes)
    for row in range(3):
        slow = sorted((1 - float(gallery[row] @ other), place) for place, other in enumerate(gallery))[:5]
        assert distances[row] == pytest.approx([distance for distance, _ in slow], abs=1e-9)
        assert right[row].tolist() == [bool(codes[place] == codes[row]) for _, place in slow]


def test_auroc_against_all_pairs() -> None:
    """The share of pairs in order, ties by half."""
    random = np.random.default_rng(1)
    scores, truth = random.integers(0, 10, 60) / 10, random.random(60) < 0.4
    pairs = [(t > f) + 0.5 * (t == f) for t in scores[truth] for f in scores[~truth]]
    assert auroc(scores, truth) == pytest.approx(np.mean(pairs))
    assert np.isnan(auroc(scores, np.ones(60, bool)))
