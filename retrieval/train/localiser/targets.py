"""What the network is to say of a tile: heat at centres, sides, level rules, and where nothing counts."""

from dataclasses import dataclass

import numpy as np

from retrieval.locate.network.net import STRIDE
from retrieval.locate.strokes import not_thin

_SPREAD = 0.11  # of a character's side: the standard deviation of its heat
_LEAST = 0.75  # cells
# Of its longer side: what a box has at least of height and width. The few pixels of a single stroke no cell
# of 4 pixels can tell.
THINNEST = 0.25


@dataclass(frozen=True)
class Tile:
    """A cut-out with its characters.

    grey: (S, S) uint8.
    boxes: (N, 4) float32, left, top, right, bottom; of characters that count.
    ignored: (M, 4) float32, places in which nothing counts.
    level: (S, S) bool, level rules; None where they are not known.
    """

    grey: np.ndarray
    boxes: np.ndarray
    ignored: np.ndarray
    level: np.ndarray | None


@dataclass(frozen=True)
class Targets:
    """Maps of (S/4, S/4) cells.

    heat: float32 in [0, 1].
    counts: float32, 0 where the heat does not count.
    sides: (4, ...) float32, pixels to left, top, right and bottom.
    near: float32, how much the sides count.
    level: float32, 1 on level rules, -1 where it is not known.
    """

    heat: np.ndarray
    counts: np.ndarray
    sides: np.ndarray
    near: np.ndarray
    level: np.ndarray


def tile_targets(tile: Tile) -> Targets:
    """The maps for a tile."""
    cells = tile.grey.shape[0] // STRIDE
    heat, near = np.zeros((cells, cells), np.float32), np.zeros((cells, cells), np.float32)
    counts = np.ones((cells, cells), np.float32)
    sides = np.ones((4, cells, cells), np.float32)
    for x0, y0, x1, y1 in np.clip(tile.ignored / STRIDE, 0, cells):
        counts[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))] = 0
    for box in not_thin(tile.boxes, THINNEST):
        _add_character(heat, near, sides, box)
    counts[heat > 0.3] = 1
    level: np.ndarray = np.full((cells, cells), -1, np.float32)
    if tile.level is not None:
        known = np.asarray(tile.level, np.float32).reshape(cells, STRIDE, cells, STRIDE)
        level = np.max(known, axis=(1, 3))
    return Targets(heat, counts, sides, near, level)


def _add_character(heat: np.ndarray, near: np.ndarray, sides: np.ndarray, box: np.ndarray) -> None:
    cells = len(heat)
    x0, y0, x1, y1 = box / STRIDE
    x, y = (x0 + x1) / 2 - 0.5, (y0 + y1) / 2 - 0.5  # in cells whose middle is at a whole number
    wide, high = max(_LEAST, _SPREAD * (x1 - x0)), max(_LEAST, _SPREAD * (y1 - y0))
    left, right = max(0, int(x - 3 * wide)), min(cells, int(x + 3 * wide) + 2)
    top, bottom = max(0, int(y - 3 * high)), min(cells, int(y + 3 * high) + 2)
    if left >= right or top >= bottom:
        return
    xs, ys = np.arange(left, right), np.arange(top, bottom)
    own = np.exp(-(((xs[None] - x) / wide) ** 2 + ((ys[:, None] - y) / high) ** 2) / 2).astype(np.float32)
    middle = round(y) - top, round(x) - left
    if 0 <= middle[0] < own.shape[0] and 0 <= middle[1] < own.shape[1]:
        own[middle] = 1.0
    part = slice(top, bottom), slice(left, right)
    nearest = own > near[part]
    near[part] = np.where(nearest, own, near[part])
    heat[part] = np.maximum(heat[part], own)
    middles_x, middles_y = (xs + 0.5) * STRIDE, (ys + 0.5) * STRIDE
    for at, distance in enumerate(
        (
            middles_x[None] - box[0],
            middles_y[:, None] - box[1],
            box[2] - middles_x[None],
            box[3] - middles_y[:, None],
        )
    ):
        sides[at][part] = np.where(nearest, np.broadcast_to(distance, own.shape), sides[at][part])
