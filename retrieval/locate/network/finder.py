"""The network run over a picture, tile by tile where it is large, and its maps read as boxes."""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.spatial import cKDTree
from torch.nn import functional

from retrieval.locate.network.net import DEEPEST, STRIDE, LocatorNet, page_input

_TILE, _OVERLAP = 1536, 128  # pixels; what one pass of the network sees at most
# Processors that multiply half floats take a third of the time.
_HALVES = torch.cpu._is_amx_tile_supported()
_SAME = 0.4  # overlap over union from which two boxes are one character
_INSIDE = 0.75  # share of the smaller box that lies in the other: one of them is a part


@dataclass(frozen=True)
class Found:
    """What the network says of a picture, in its pixels.

    boxes: (N, 4) float32, left, top, right, bottom; best first.
    scores: (N,) float32.
    level: (M, 2) float32, x and y of places on level rules.
    """

    boxes: np.ndarray
    scores: np.ndarray
    level: np.ndarray

    def scaled(self, scale: float) -> "Found":
        """The same on a picture that is so many times as large."""
        return Found(self.boxes * scale, self.scores, self.level * scale)


def find(net: LocatorNet, grey: np.ndarray, least: float) -> Found:
    """The characters of a picture.

    grey: (H, W) uint8, at the size at which the network reads it.
    least: score below which a peak is none.
    """
    rows, columns = grey.shape
    parts = [_find_tile(net, grey, top, left, least) for top in _starts(rows) for left in _starts(columns)]
    boxes, scores, level = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("boxes", "scores", "level")
    )
    kept = distinct(boxes, scores)
    return Found(boxes[kept], scores[kept], level)


def _starts(length: int) -> list[int]:
    if length <= _TILE:
        return [0]
    count = int(np.ceil((length - _OVERLAP) / (_TILE - _OVERLAP)))
    return np.linspace(0, length - _TILE, count).astype(int).tolist()


def _find_tile(net: LocatorNet, grey: np.ndarray, top: int, left: int, least: float) -> Found:
    """One tile's characters; those in the outer half of an overlap are left to the next tile."""
    tile = grey[top : top + _TILE, left : left + _TILE]
    heat, sides, level = run_net(net, tile)
    boxes, scores = read_peaks(heat, sides, least)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2 + (left, top)
    low = np.array([left, top]) + np.where(np.array([left, top]) > 0, _OVERLAP / 2, -_TILE)
    ends = np.array([left + tile.shape[1], top + tile.shape[0]])
    high = ends - np.where(ends < grey.shape[::-1], _OVERLAP / 2, -_TILE)
    own = ((middles >= low) & (middles < high)).all(axis=1)
    rules = (np.argwhere(level > 0.5)[:, ::-1].astype(np.float32) + 0.5) * STRIDE + (left, top)
    shift = np.array([left, top, left, top], np.float32)
    return Found(boxes[own] + shift, scores[own], rules.astype(np.float32).reshape(-1, 2))


def run_net(net: LocatorNet, grey: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heat, sides and level rules of a picture: (h, w), (4, h, w), (h, w) float32, cells of 4 pixels."""
    rows, columns = grey.shape
    pad = ((0, -rows % DEEPEST), (0, -columns % DEEPEST))
    inputs = torch.from_numpy(page_input(np.pad(grey, pad, mode="edge")))[None]
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=_HALVES):
        logits, sides, level = net(inputs.contiguous(memory_format=torch.channels_last))
    high, wide = -(-rows // STRIDE), -(-columns // STRIDE)
    return (
        torch.sigmoid(logits)[0, 0, :high, :wide].numpy(),
        sides[0, :, :high, :wide].numpy(),
        torch.sigmoid(level)[0, 0, :high, :wide].numpy(),
    )


def read_peaks(heat: np.ndarray, sides: np.ndarray, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (N, 4) and scores (N,) at the heat's peaks."""
    around = functional.max_pool2d(torch.from_numpy(heat)[None, None], 3, 1, 1)[0, 0].numpy()
    ys, xs = np.nonzero((heat == around) & (heat > least))
    left, top, right, bottom = sides[:, ys, xs]
    x, y = (xs + 0.5) * STRIDE, (ys + 0.5) * STRIDE
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=1).astype(np.float32)
    return boxes, heat[ys, xs].astype(np.float32)


def distinct(boxes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Places of the boxes that stay where of two that are one character the better one does; best first."""
    if not len(boxes):
        return np.zeros(0, int)
    best_first = np.argsort(-scores, kind="stable")
    ordered = boxes[best_first]
    middles = (ordered[:, :2] + ordered[:, 2:]) / 2
    half = (ordered[:, 2:] - ordered[:, :2]) / 2
    reach = float(np.percentile(half.max(axis=1), 95)) * 1.6
    pairs = cKDTree(middles).query_pairs(reach, output_type="ndarray")
    keep = np.ones(len(ordered), bool)
    clash = _clashing(ordered, pairs)
    for better, worse in sorted(map(tuple, np.sort(pairs[clash], axis=1).tolist())):
        if keep[better]:
            keep[worse] = False
    return best_first[keep]


def _clashing(boxes: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    a, b = boxes[pairs[:, 0]], boxes[pairs[:, 1]]
    shared = np.prod(np.maximum(np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]), 0), axis=1)
    areas = np.prod(a[:, 2:] - a[:, :2], axis=1), np.prod(b[:, 2:] - b[:, :2], axis=1)
    union = areas[0] + areas[1] - shared
    return (shared > _SAME * union) | (shared > _INSIDE * np.minimum(*areas))
