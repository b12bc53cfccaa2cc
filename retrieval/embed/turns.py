"""Which of its four quarter turns a height map stands upright in: the one that reads most as writing."""

from collections.abc import Sequence

import numpy as np

QUARTERS = 4
# By so much upright is likelier than each other turn, in log odds, before a scan is looked at.
_UPRIGHT = 2.0
# A map that reads so surely as writing stands upright: of drawn carvings 0.73 do as they were scanned, and of
# those in other turns 0.2 % (by the shipped weights; by others, more or fewer are read in all turns).
_SURELY = 22.0
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
    weights = np.exp(_evidence(logits, likeness, coefficients)).sum(axis=2)
    weights[:, 0] *= np.exp(_UPRIGHT)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def is_surely_upright(
    logits: np.ndarray, likeness: np.ndarray, coefficients: Sequence[float] | None = None
) -> np.ndarray:
    """(N,) bool, which of N maps need not be read in any other turn.

    logits, likeness: (N, 2) of the maps as they were scanned; these and coefficients as for
    ``turn_probabilities``.
    """
    if len(coefficients or ()) < _BOTH_KINDS:
        return np.ones(len(logits), bool)
    return _evidence(logits, likeness, coefficients).max(axis=-1) > _SURELY


def _evidence(logits: np.ndarray, likeness: np.ndarray, coefficients: Sequence[float] | None) -> np.ndarray:
    """How much readings look like writing that is not mirrored, in log odds; of the shape of both."""
    by_logit, by_likeness = coefficients or (0.0, 0.0)
    return np.clip(by_likeness * likeness - by_logit / 2 * logits, -300, 300).astype(np.float64)
