"""Whether a height map is mirrored: the network's own answer, and which way it reads as writing."""

from collections.abc import Sequence

import numpy as np

# Before calibration the network's answer counts as it is, and the other not at all.
_PLAIN = (1.0, 0.0)


def mirrored_evidence(
    logits: np.ndarray, mirrored_logits: np.ndarray, likeness: np.ndarray, mirrored_likeness: np.ndarray
) -> np.ndarray:
    """(N, 2) evidence that N maps are mirrored; that of a map's mirror image is the same with a minus.

    logits: (N,) the network's, that the map as seen is mirrored; likeness: (N,) how much the map as seen
    resembles any learned character. The others: the same of its mirror image.
    """
    return np.stack([(logits - mirrored_logits) / 2, mirrored_likeness - likeness], axis=1)


def mirrored_probability(evidence: np.ndarray, coefficients: Sequence[float] | None = None) -> np.ndarray:
    """(N,) float32 from (N, 2) evidence; a map's and its mirror image's add up to one.

    coefficients: one for each kind of evidence; those not given count as nought.
    """
    weights = np.zeros(2)
    weights[: len(coefficients or _PLAIN)] = coefficients or _PLAIN
    return (1 / (1 + np.exp(-np.clip(evidence @ weights, -30, 30)))).astype(np.float32)


def fit_handedness(evidence: np.ndarray, *, ridge: float = 1e-4, rounds: int = 50) -> list[float]:
    """Coefficients under which maps that are not mirrored, (N, 2), are likeliest: Newton's method."""
    # A logit is tens of times larger than a difference of cosines; the ridge must weigh on both alike.
    spread = np.sqrt(np.mean(np.square(evidence), axis=0)) + 1e-9
    scaled, found = evidence / spread, np.zeros(2)
    for _ in range(rounds):
        wrong = mirrored_probability(scaled, found.tolist()).astype(float)
        slope = scaled.T @ wrong / len(scaled) + ridge * found
        curve = (scaled * (wrong * (1 - wrong))[:, None]).T @ scaled / len(scaled) + ridge * np.eye(2)
        step = np.linalg.solve(curve, slope)
        found -= np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-6:
            break
    # Evidence never speaks against itself; a network that learned nothing would have it so.
    return [float(each) for each in np.maximum(found, 1e-3) / spread]
