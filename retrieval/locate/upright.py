"""Which quarter turn makes a page upright: by how much is found at each, and what it looks like."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from scipy.spatial import cKDTree

from retrieval.embed import Embedder
from retrieval.locate.crops import crop_box
from retrieval.locate.network.finder import Found
from retrieval.locate.types import Box, Turn

Likeness = Callable[[Sequence[np.ndarray]], np.ndarray | None]

_SIDE = 448  # pixels of the piece that is looked at, as the network reads it
_FEWEST = 40  # boxes, below which a page is taken as it is
_BETTER = 1.05  # times as much as the page as it is: upright pages have 1.06 to 1.17 times their next best
_TURNS: tuple[Turn, ...] = (0, 270, 180, 90)  # clockwise, for 0 to 3 of numpy's turns the other way
# Of 32 characters, the mean likeness: upright pages have 0.77 and more, prints too worn to be matched 0.61 to
# 0.67, pages in other turns 0.53 to 0.8 and 0.07 less than upright; weaves and photographs 0.50 to 0.60.
_READ = 32
_LIKER = 0.04
_NO_WRITING = 0.57
_FEWEST_LEARNED = 2000  # characters


def read_turns(grey: np.ndarray, boxes: np.ndarray, likeness: Likeness) -> list[float]:
    """How much a page looks like writing as it is and after one to three quarter turns, counterclockwise.

    Empty where it has too few boxes to say, or where nobody knows.

    grey: (H, W) uint8.
    boxes: (N, 4) float, found on it, best first.
    likeness: how much each of some pictures, (H, W) uint8, looks like a character.
    """
    crops = _full_crops(grey, boxes) if len(boxes) >= _FEWEST else []
    if len(crops) < _READ / 2:
        return []
    turned = [np.ascontiguousarray(np.rot90(crop, turn)) for turn in range(4) for crop in crops]
    known = likeness(turned)
    return [] if known is None else known.reshape(4, -1).mean(axis=1).tolist()


def is_no_writing(read: Sequence[float]) -> bool:
    """Whether what was found looks like characters in no turn: cloth, a photograph. read: of `read_turns`."""
    return bool(read) and max(read) < _NO_WRITING


def likest_turn(read: Sequence[float]) -> Turn:
    """The turn, clockwise in degrees, that makes a page upright. read: of `read_turns`, not empty."""
    best = int(np.argmax(read))
    return _TURNS[best] if read[best] > read[0] + _LIKER else 0


def fullest_turn(
    grey: np.ndarray, boxes: np.ndarray, scale: float, find: Callable[[np.ndarray], Found]
) -> Turn:
    """The same by how much the network finds in each turn; 0 where that is not sure.

    Seen in the place where most was found. The network learned from upright characters alone, but sees nearly
    as many on a page that lies on its head.

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


def likeness_to_characters(embedder: Embedder, pictures: Sequence[np.ndarray]) -> np.ndarray | None:
    """(N,) float32, the cosine of each of N pictures to the nearest character that a model learned.

    None where the model's file names too few for a page to be full of them.
    """
    if embedder.learned is None or len(embedder.learned[0]) < _FEWEST_LEARNED:
        return None
    return (embedder.embed_prints(pictures) @ embedder.learned[0].T).max(axis=1)


def _full_crops(grey: np.ndarray, boxes: np.ndarray) -> list[np.ndarray]:
    """Pictures of the surest characters of the usual size, which are no single strokes."""
    sides = boxes[:, 2:] - boxes[:, :2]
    usual = np.percentile(sides.max(axis=1), 70)
    full = boxes[(sides.min(axis=1) > 0.6 * usual) & (sides.max(axis=1) < 1.5 * usual)][:_READ]
    return [crop_box(grey, Box(x0, y0, x1 - x0, y1 - y0)) for x0, y0, x1, y1 in full.tolist()]


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
