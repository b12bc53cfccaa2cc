"""Confidence: probabilities that keep their word."""

import numpy as np
import pytest

from retrieval.embed.confidence import calibration_error, confidence, fit_confidence


def made_up(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Five sorted distances a query; near ones are right as often as a known curve says."""
    random = np.random.default_rng(seed)
    distances = np.sort(random.uniform(0.05, 1.0, (count, 5)), axis=1)
    right = random.random((count, 5)) < 1 / (1 + np.exp(12 * (distances - 0.4)))
    return distances, right


def test_fitted_confidence_keeps_its_word_on_other_data() -> None:
    """Of the suggestions given a probability, that share is right."""
    coefficients = fit_confidence(*made_up(4000, 0))
    distances, right = made_up(4000, 1)
    given = confidence(distances, coefficients)
    assert calibration_error(given.ravel(), right.ravel()) < 0.03
    assert given[right].mean() > given[~right].mean() + 0.3


def test_missing_suggestions_get_nothing() -> None:
    """Where the gallery ran out, the probability is nought and its neighbours' are finite."""
    distances = np.array(
        [[0.1, 0.5, np.inf, np.inf, np.inf], [np.inf] * 5, [0.2, np.nan, np.inf, np.inf, np.inf]]
    )
    for coefficients in (None, fit_confidence(*made_up(500, 0))):
        given = confidence(distances, coefficients)
        assert given.dtype == np.float32
        assert np.isfinite(given).all()
        assert (given[~np.isfinite(distances)] == 0).all()
        assert (given[np.isfinite(distances)] > 0).all()


def test_any_number_of_suggestions_will_do() -> None:
    """One, fifty, or none at all; and no queries."""
    assert confidence(np.array([[0.1]])).shape == (1, 1)
    assert confidence(np.linspace(0, 1, 50)[None]).shape == (1, 50)
    assert confidence(np.zeros((3, 0))).shape == (3, 0)
    assert confidence(np.zeros((0, 5))).shape == (0, 5)


def test_uncalibrated_confidence_falls_with_distance() -> None:
    """A model without calibration still orders suggestions sensibly."""
    given = confidence(np.array([[0.05, 0.3, 0.6, 0.9, 1.2]]))[0]
    assert (np.diff(given) < 0).all()
    assert given[0] > 0.9
    assert given[-1] < 0.05


def test_calibration_error_by_hand() -> None:
    """Two bins, each off by 0.1 and 0.3, weighted by how many fall there."""
    given = np.array([0.15, 0.15, 0.95])
    right = np.array([False, False, False])
    assert calibration_error(given, right) == pytest.approx(0.15 * 2 / 3 + 0.95 / 3)
