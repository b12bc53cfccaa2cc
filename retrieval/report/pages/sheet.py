"""Pages with what was found on them, as one picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from retrieval.locate import PageBoxes
from retrieval.locate.scores import matched

_SIDE = 900
_RIGHT, _WRONG, _MISSED = (40, 140, 40), (200, 30, 30), (30, 60, 220)  # RGB


def page_sheet(pages: Sequence[tuple[np.ndarray, np.ndarray, PageBoxes]]) -> np.ndarray:
    """Pages side by side, (H, W, 3) uint8 RGB: boxes found rightly green, wrongly red, missed ones blue.

    pages: grey picture, true boxes (N, 4), and what was found.
    """
    shown = [_drawn(*page) for page in pages]
    if not shown:
        return np.full((40, 40, 3), 255, np.uint8)
    high = max(len(page) for page in shown)
    padded = [np.pad(page, ((0, high - len(page)), (0, 12), (0, 0)), constant_values=255) for page in shown]
    return np.concatenate(padded, axis=1)


def _drawn(grey: np.ndarray, true: np.ndarray, found: PageBoxes) -> np.ndarray:
    scale = _SIDE / max(grey.shape)
    size = tuple(max(1, round(side * scale)) for side in grey.shape[::-1])
    canvas = cv2.cvtColor(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2RGB)
    edges = np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in found.boxes]).reshape(-1, 4)
    pairs = matched(edges, true, 0.5)
    for at, box in enumerate(true):
        if at not in pairs[:, 1]:
            _frame(canvas, box * scale, _MISSED)
    for at, box in enumerate(edges):
        _frame(canvas, box * scale, _RIGHT if at in pairs[:, 0] else _WRONG)
    return canvas


def _frame(canvas: np.ndarray, box: np.ndarray, colour: tuple[int, int, int]) -> None:
    x0, y0, x1, y1 = np.rint(box).astype(int).tolist()
    cv2.rectangle(canvas, (x0, y0), (x1, y1), colour, 1)
