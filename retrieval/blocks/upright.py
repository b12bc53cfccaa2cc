"""How a face is turned and flipped to read as its print: decided by all its characters together."""

from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.embed.embedder import Embedder
from retrieval.locate import Box, PageBoxes

SIDE = 256
_ROOM = 1.16  # of a character's longer side: a single character fills as much of its picture
_ASKED = 64  # characters, those found most surely
# What one character says is never worth more: a damaged one must not outvote the others.
_LEAST = 1e-4
# What the localiser's word for a turn is worth, in log odds; where in doubt, it says upright.
_SEEN_TURNED, _SEEN_UPRIGHT = 3.0, 0.5


@dataclass(frozen=True)
class Way:
    """A face as its print reads it: after quarter turns counterclockwise, and then flipped left-right or not.

    sure: how likely it is among the eight, in [0, 1], by what the characters say together.
    """

    quarters: int
    mirrored: bool
    sure: float


def cut_square(relief: np.ndarray, box: Box, side: int = SIDE) -> np.ndarray:
    """(side, side) float32: the square around a character, cut out of a face's relief; the floor beyond it.

    relief: (H, W) float32 in [0, 1]. box: in its pixels.
    """
    half = _ROOM * max(box.w, box.h) / 2
    scale = 2 * half / side
    x, y = box.x + box.w / 2 - half + scale / 2 - 0.5, box.y + box.h / 2 - half + scale / 2 - 0.5
    matrix = np.array([[scale, 0, x], [0, scale, y]])
    small = relief
    if scale > 1.5:  # finer than is asked for
        factor = 1 / scale
        small = cv2.resize(relief, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        back = relief.shape[1] / small.shape[1], relief.shape[0] / small.shape[0]
        matrix = matrix / np.array(back)[:, None]
        matrix[:, 2] += (1 / np.array(back) - 1) / 2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(small, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_CONSTANT)


def reading_way(
    relief: np.ndarray,
    found: PageBoxes,
    embedder: Embedder,
) -> Way:
    """The way in which most of a face's characters read as writing.

    relief: (H, W) float32, the face as it was scanned.
    found: characters on it, in any of its turns, and what the localiser says of its turn.
    embedder: that tells turns and handedness of single characters.
    """
    asked = sorted(found.boxes, key=lambda box: -box.score)[:_ASKED]
    read = embedder.embed_turned([cut_square(relief, box) for box in asked], every=range(len(asked)))
    log = np.zeros((4, 2))
    log[-(found.turn // 90) % 4] += _SEEN_TURNED if found.turn else _SEEN_UPRIGHT
    for quarters, vectors in enumerate(read.turns):
        upright = read.upright_probability[:, quarters]
        if quarters == 0:
            upright = _without_prior(read.upright_probability)
        mirrored = vectors.mirrored_probability
        for flip, share in enumerate((1 - mirrored, mirrored)):
            log[quarters, flip] += np.log(np.maximum(upright * share, _LEAST)).sum()
    weights = np.exp(log - log.max())
    best = int(weights.argmax())
    return Way(best // 2, bool(best % 2), float(weights.ravel()[best] / weights.sum()))


def _without_prior(upright: np.ndarray) -> np.ndarray:
    """(N,) how likely turn 0 is where none was likelier before; single scans are mostly upright."""
    odds = upright[:, 0] / np.maximum(1 - upright[:, 0], 1e-9) / np.exp(2.0)
    return odds / (1 + odds)
