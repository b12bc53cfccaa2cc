"""How sure to be of a suggestion, from the distances of the few nearest items."""

from collections.abc import Sequence

import numpy as np

FEATURES = 5
# Before calibration: a distance of 0.45 is a coin's toss.
_PLAIN = (9.0, -20.0, 0.0, 0.0, 0.0)
_FAR = 2.0


def confidence(distances: np.ndarray, coefficients: Sequence[float] | None = None) -> np.ndarray:
    """Probability that each suggestion is right, (N, k) float32; 0 where there is none.

    distances: (N, k) cosine distances in [0, 2], nearest first; inf or NaN where there is no
    suggestion. coefficients: of the features below, found by ``fit_confidence``.
    """
    distances = np.asarray(distances, np.float64)
    logits = suggestion_features(distances) @ np.asarray(coefficients or _PLAIN)
    probabilities = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return np.where(np.isfinite(distances), probabilities, 0.0).astype(np.float32)


def suggestion_features(distances: np.ndarray) -> np.ndarray:
    """(N, k, 5): one, the distance, how far behind the nearest, how far before the last, the spread.

    Several right items may lie side by side, so no suggestion is made to share with its neighbours.
    """
    clipped = np.where(np.isfinite(distances), np.clip(distances, 0, _FAR), np.nan)
    if clipped.shape[1] == 0:
        return np.zeros((*clipped.shape, FEATURES))
    present = np.isfinite(clipped)
    filled = np.where(present, clipped, 0.0)
    first = filled[:, :1]
    last = np.max(filled, axis=1, keepdims=True)
    columns = [
        np.ones_like(filled),
        filled,
        filled - first,
        last - filled,
        np.broadcast_to((last - first) * first, filled.shape),
    ]
    return np.where(present[..., None], np.stack(columns, axis=-1), 0.0)


def fit_confidence(
    distances: np.ndarray, right: np.ndarray, *, ridge: float = 1e-3, rounds: int = 50
) -> list[float]:
    """Logistic regression by Newton's method on held-out suggestions.

    distances: (N, k) as for ``confidence``; right: (N, k) bool.
    """
    present = np.isfinite(distances)
    return fit_logistic(suggestion_features(distances)[present], right[present], ridge=ridge, rounds=rounds)


def fit_logistic(
    features: np.ndarray, right: np.ndarray, *, ridge: float = 1e-3, rounds: int = 50
) -> list[float]:
    """Weights of a logistic regression, by Newton's method. features: (M, F) float. right: (M,) bool."""
    truth = right.astype(float)
    weights = np.zeros(features.shape[1])
    for _ in range(rounds):
        probability = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (probability - truth) + ridge * weights
        curve = (features * (probability * (1 - probability))[:, None]).T @ features
        curve += ridge * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights -= np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-8:
            break
    return [float(weight) for weight in weights]


def calibration_error(probabilities: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error (arXiv 1706.04599) over suggestions; both (M,)."""
    place = np.clip((probabilities * bins).astype(int), 0, bins - 1)
    gaps = [
        abs(probabilities[place == each].mean() - right[place == each].mean()) * (place == each).mean()
        for each in range(bins)
        if (place == each).any()
    ]
    return float(sum(gaps))
