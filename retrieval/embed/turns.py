"""Which of its four quarter turns a height map stands upright in: the one that reads most as writing."""

from collections.abc import Sequence

import numpy as np

QUARTERS = 4
# By so much upright is likelier than each other turn, in log odds, before a scan is looked at.
_UPRIGHT = 2.0
# Network's answer and likeness; with the first alone, which knows upright maps only, no turn is judged.
_BOTH_KINDS = 2


def turn_probabilities(
    logits: np.ndarray, likeness: np.ndarray, coefficients: Sequence[float] | None = None
) -> np.ndarray:
    """(N, 4) float32, how likely N maps stand upright after 0 to 3 quarter turns counterclockwise.

    Two readings of one turn are weighed against each other as ``mirrored_probability`` does; by the same
    weights, all eight readings of a map are.

    logits, likeness: (N, 4, 2), by turn, as seen and flipped left-right; see ``mirrored_evidence``.
    coefficients: as for ``mirrored_probability``; without one for the likeness, maps are taken as they come.
    """
    if len(coefficients or ()) < _BOTH_KINDS:
        return np.eye(QUARTERS, dtype=np.float32)[np.zeros(len(logits), int)]
    by_logit, by_likeness = coefficients or (0.0, 0.0)
    readings = np.clip(by_likeness * likeness - by_logit / 2 * logits, -300, 300).astype(np.float64)
    weights = np.exp(readings).sum(axis=2)
    weights[:, 0] *= np.exp(_UPRIGHT)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
