"""Whether the carving that fits best printed what is seen, as far as registration can tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retrieval.register.calibration import Calibration, shipped_calibration
from retrieval.register.registration import Registration

Relation = Literal["same_carving", "same_character", "cannot_tell"]
SAME_CARVING: Relation = "same_carving"
SAME_CHARACTER: Relation = "same_character"
CANNOT_TELL: Relation = "cannot_tell"


@dataclass(frozen=True)
class Proposal:
    """What is proposed.

    relation: "same_character" is that of another block.
    probability: that it is right, in [0, 1]; where it cannot be told, that it is the same carving; None where
        nobody looked.
    """

    relation: Relation
    probability: float | None = None


UNKNOWN = Proposal(CANNOT_TELL)

_LEAST_LEFT = 0.02


def propose(
    best: Registration, rivals: Sequence[Registration], calibration: Calibration | None = None
) -> Proposal:
    """What to propose of the carving that fits best.

    rivals: the other carvings of its character. calibration: None for the one that comes with this version.
    """
    if best.failed:
        return UNKNOWN
    fitted = calibration or shipped_calibration()
    probability = same_probability(best, rivals, fitted)
    if probability >= fitted.same:
        return Proposal(SAME_CARVING, probability)
    if probability <= fitted.other:
        return Proposal(SAME_CHARACTER, 1 - probability)
    return Proposal(CANNOT_TELL, probability)


def same_probability(best: Registration, rivals: Sequence[Registration], calibration: Calibration) -> float:
    """How likely the carving that fits best is the very one that printed it, in [0, 1]."""
    logit = np.asarray(calibration.relation) @ relation_features(best, rivals)
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def relation_features(best: Registration, rivals: Sequence[Registration]) -> np.ndarray:
    """(5,) what the probability comes from; see ``Calibration.relation``."""
    left = 1 - best.score + _LEAST_LEFT
    scores = [one.score for one in rivals if not one.failed]
    behind = np.log((1 - max(scores) + _LEAST_LEFT) / left) if scores else 0.0
    return np.array([1.0, bool(scores), behind, np.log(left), best.correlation])
