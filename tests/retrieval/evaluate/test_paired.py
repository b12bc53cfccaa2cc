"""The paired bootstrap, against one that draws queries one by one."""

import numpy as np
import pytest

from retrieval.evaluate.paired import paired_gain


def slow_twin(old, new, resamples=4000):
    random = np.random.default_rng(7)
    means = []
    for _ in range(resamples):
        drawn = random.integers(len(old), size=len(old))
        means.append(np.mean([new[place] - old[place] for place in drawn]))
    return np.percentile(means, [2.5, 97.5])


def test_it_is_the_slow_twins():
    random = np.random.default_rng(1)
    old = random.choice([0, 0.2, 0.25, 1 / 3, 0.5, 1], 120)
    new = np.where(random.random(120) < 0.2, 1.0, old)
    result = paired_gain(old, new)
    assert result.mean == pytest.approx(np.mean(new - old))
    assert (result.low, result.high) == pytest.approx(slow_twin(old, new), abs=0.01)


def test_equal_scores_gain_nothing():
    scores = np.random.default_rng(1).random(30)
    result = paired_gain(scores, scores)
    assert (result.mean, result.low, result.high) == (0, 0, 0)


def test_turned_round_it_changes_its_sign():
    old, new = np.array([0, 1, 1, 0.5]), np.array([1, 1, 0.2, 1])
    assert paired_gain(old, new).mean == pytest.approx(-paired_gain(new, old).mean)


@pytest.mark.parametrize(("old", "new"), [([], []), ([1.0], [1.0, 0.5])])
def test_what_cannot_be_compared_is_refused(old, new):
    with pytest.raises(ValueError, match="same queries"):
        paired_gain(np.array(old), np.array(new))
