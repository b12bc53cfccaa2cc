"""Boxes of single strokes, as high as people draw them."""

import numpy as np


def not_thin(boxes: np.ndarray, least: float) -> np.ndarray:
    """The boxes with both sides at least so much of the longer one, about the same middles.

    A single stroke has a few pixels of height. People draw its box higher: of 26 by 14 pixels where the ink
    has 26 by 3, say.

    boxes: (N, 4), left, top, right, bottom.
    least: share of the longer side.
    """
    middles, sides = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    halves = np.maximum(sides, least * sides.max(axis=1, keepdims=True, initial=0)) / 2
    return np.concatenate([middles - halves, middles + halves], axis=1).astype(np.float32)
