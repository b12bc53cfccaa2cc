"""Which quarter turn makes a page upright: the one at which the network sees most characters."""

from collections.abc import Callable

import cv2
import numpy as np
from scipy.spatial import cKDTree

from retrieval.locate.finder import Found
from retrieval.locate.types import Turn

_SIDE = 448  # pixels of the piece that is looked at, as the network reads it
_FEWEST = 40  # boxes, below which a page is taken as it is
_BETTER = 1.05  # times as much as the page as it is: upright pages have 1.06 to 1.17 times their next best
_TURNS: tuple[Turn, ...] = (0, 270, 180, 90)  # clockwise, for 0 to 3 of numpy's turns the other way


def quarter_turn(
    grey: np.ndarray, boxes: np.ndarray, scale: float, find: Callable[[np.ndarray], Found]
) -> Turn:
    """The turn, clockwise in degrees, that makes a page upright; 0 where that is not sure.

    Seen in the place where most was found; the network learned from upright characters alone.

    grey: (H, W) uint8.
    boxes: (N, 4) float, found on it.
    scale: at which the network read it.
    find: what the network says of a picture.
    """
    if len(boxes) < _FEWEST:
        return 0
    piece = _densest_piece(grey, boxes, scale)
    sums = [float((find(np.ascontiguousarray(np.rot90(piece, turn))).scores ** 2).sum()) for turn in range(4)]
    best = int(np.argmax(sums))
    return _TURNS[best] if sums[best] > _BETTER * sums[0] else 0


def _densest_piece(grey: np.ndarray, boxes: np.ndarray, scale: float) -> np.ndarray:
    """The square with most boxes around its middle, at the network's scale."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    side = _SIDE / scale
    crowd = cKDTree(middles).query_ball_point(middles, side / 2, return_length=True)
    corner = middles[int(np.argmax(crowd))] - side / 2
    left, top = np.clip(corner, 0, np.maximum(np.array(grey.shape[::-1]) - side, 0)).astype(int)
    piece = grey[top : top + int(side), left : left + int(side)]
    size = tuple(max(1, round(length * scale)) for length in piece.shape[::-1])
    return cv2.resize(piece, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
