"""Whether a model does at all what a model is for: tried on two dozen drawn characters before it may answer.

A file can be whole, of the right shape and under a valid digest, and its numbers be worthless: NaN, all
noughts, or a calibration that says more the farther the item. Whoever lets such a model answer refuses every
picture for a fault that is none of theirs.
"""

from functools import cache

import cv2
import numpy as np

from common.errors import MocbanError
from retrieval.embed.embedder import Embedder
from retrieval.errors import BadModel

_CHARACTERS, _SIDE, _SEED = 24, 96, 20
# Chance is 0.5. A network that learned nothing, yet sees strokes, comes to 0.7 or 0.9; trained, to 1.
_LEAST_RIGHT = 0.6
_NEAR = (0.05, 0.7, 0.75, 0.8, 0.85)
_FAR = (1.0, 1.02, 1.04, 1.06, 1.08)
_HINT = "what was live stays live; train the model again, and look at its evaluation"


def self_test(embedder: Embedder) -> None:
    """Run the model on fixed pictures and reliefs, and look at what comes out; takes a tenth of a second.

    Raises:
        BadModel: its vectors are not finite or not of unit length, prints lie no nearer to their own reliefs
            than to others', or its calibration gives no probabilities that fall with the distance. With code
            "useless_model".
    """
    try:
        prints = embedder.embed_prints([picture for picture, _ in drawn_pairs()])
        heights = embedder.embed_heights([height for _, height in drawn_pairs()])
        near, far = embedder.confidence(np.array([_NEAR, _FAR]))
    except MocbanError as problem:
        raise _useless(str(problem)) from problem
    except (ValueError, TypeError, RuntimeError, ArithmeticError, MemoryError, cv2.error) as problem:
        raise _useless(f"it cannot be run ({type(problem).__name__})") from problem
    _check_vectors(prints, heights.seen)
    _check_probabilities("handedness", heights.mirrored_probability)
    _check_probabilities("confidence", np.concatenate((near, far)))
    if not near[0] > far[0]:
        raise _useless(f"it is as sure of what is far ({far[0]:.2f}) as of what is near ({near[0]:.2f})")


@cache
def drawn_pairs() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Prints, (96, 96) uint8, and their reliefs, (96, 96) float32 in [0, 1]; always the same."""
    rng = np.random.default_rng(_SEED)
    return tuple(_pair(rng) for _ in range(_CHARACTERS))


def share_right(prints: np.ndarray, reliefs: np.ndarray) -> float:
    """Of all (print, its relief, another's relief), the share in which its own is nearer; (N, D) each."""
    cosines = prints @ reliefs.T
    own = np.diag(cosines)[:, None]
    return float((own > cosines).sum() / (len(cosines) * (len(cosines) - 1)))


def _pair(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A character of some strokes: its print, a little turned, moved and worn, and its relief."""
    strokes = np.zeros((_SIDE, _SIDE), np.uint8)
    for ends in rng.integers(12, _SIDE - 12, (6, 4)).tolist():
        upright, level = (ends[0], ends[1], ends[0], ends[3]), (ends[0], ends[1], ends[2], ends[1])
        x, y, u, v = (tuple(ends), upright, level)[int(rng.integers(3))]
        cv2.line(strokes, (x, y), (u, v), 255, int(rng.integers(4, 8)), cv2.LINE_AA)
    relief = cv2.GaussianBlur(strokes, (0, 0), 1.5).astype(np.float32) / 255
    turn = cv2.getRotationMatrix2D((_SIDE / 2, _SIDE / 2), float(rng.uniform(-2, 2)), 0.95)
    ink = cv2.warpAffine(strokes, turn, (_SIDE, _SIDE)).astype(np.float32)
    worn = 225 - 0.7 * ink + rng.normal(0, 6, ink.shape)
    return np.clip(worn, 0, 255).astype(np.uint8), relief


def _check_vectors(prints: np.ndarray, reliefs: np.ndarray) -> None:
    right = share_right(prints, reliefs)
    if not right >= _LEAST_RIGHT:
        raise _useless(f"a print is nearer to its own relief than to another's in {right:.0%} of trials")


def _check_probabilities(what: str, values: np.ndarray) -> None:
    if not (np.isfinite(values) & (values >= 0) & (values <= 1)).all():
        raise _useless(f"its {what} is no probability")


def _useless(fault: str) -> BadModel:
    return BadModel(f"the model does not do what a model is for: {fault}", hint=_HINT, code="useless_model")
