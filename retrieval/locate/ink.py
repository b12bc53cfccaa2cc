"""Ink on a page: a map that paper, light and stains are taken out of, and boxes fitted to it."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from retrieval.locate.types import Box

_INK = 0.45  # of full ink, from which on a pixel counts
_LEAST_CONTRAST = 18.0  # grey levels between paper and ink, below which there is only paper


def ink_map(grey: np.ndarray, size: float) -> np.ndarray:
    """How much ink each pixel holds: (H, W) float32 in [0, 1], whichever of paper and ink is dark.

    grey: (H, W) uint8.
    size: about a character's side in pixels; paper is what most of a window of a few of them shows.
    """
    window = 2 * int(1.5 * size) + 1
    dark = _darker_than_paper(grey, window)
    light = _darker_than_paper(255 - grey, window)
    return light if _is_negative(grey, dark, light) else dark


def _darker_than_paper(grey: np.ndarray, window: int) -> np.ndarray:
    """Ink where it is darker than the paper around it, by the contrast that is usual there."""
    step = max(1, window // 24)
    small = cv2.resize(grey, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    side = max(3, window // step) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((max(3, side // 3) | 1,) * 2, np.uint8))
    paper = cv2.blur(paper, (side, side)).astype(np.float32)
    paper = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    depth = np.maximum(paper - grey, 0)
    full = float(np.percentile(depth[:: 1 + grey.shape[0] // 800, :: 1 + grey.shape[1] // 800], 97))
    return np.clip(depth / max(full, _LEAST_CONTRAST), 0, 1)


def _is_negative(grey: np.ndarray, dark: np.ndarray, light: np.ndarray) -> bool:
    """White characters on black: the paper's level, that of the middle of the page, is nearer to black."""
    rows, columns = grey.shape
    middle = grey[rows // 6 : rows - rows // 6 or None, columns // 6 : columns - columns // 6 or None]
    if not middle.size:
        middle = grey
    low, high = np.percentile(middle[::3, ::3] if middle.size > 900 else middle, (3, 97))
    usual = float(np.median(middle))
    return bool(
        high - low > _LEAST_CONTRAST and usual - low < high - usual and light.mean() < dark.mean() + 0.2
    )


def snap_to_ink(ink: np.ndarray, boxes: Sequence[Box]) -> list[Box]:
    """Boxes as tight around their characters' ink as a hand would draw them; empty ones stay as they are.

    A stroke that reaches over a box's edge belongs to it where most of the stroke lies inside.

    ink: (H, W) float32 of `ink_map`.
    boxes: on that picture.
    """
    solid = (ink > _INK).astype(np.uint8)
    _, names, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    return [_snapped(names, stats, box) for box in boxes]


def _snapped(names: np.ndarray, stats: np.ndarray, box: Box) -> Box:
    rows, columns = names.shape
    x0, y0 = max(0, round(box.x)), max(0, round(box.y))
    x1, y1 = min(columns, round(box.x + box.w)), min(rows, round(box.y + box.h))
    if x1 <= x0 or y1 <= y0:
        return box
    inside = names[y0:y1, x0:x1]
    found, counts = np.unique(inside[inside > 0], return_counts=True)
    edges = []
    for name, count in zip(found, counts, strict=True):
        left, top, width, height, area = stats[name]
        if area < 0.002 * box.w * box.h:
            continue
        if count >= 0.6 * area and max(width, height) < 1.6 * max(box.w, box.h):
            edges.append((left, top, left + width, top + height))
        elif count >= 0.25 * area or count > 0.04 * box.w * box.h:
            ys, xs = np.nonzero(inside == name)
            edges.append((x0 + xs.min(), y0 + ys.min(), x0 + xs.max() + 1, y0 + ys.max() + 1))
    if not edges:
        return box
    lows, highs = np.min(edges, axis=0)[:2], np.max(edges, axis=0)[2:]
    # Never further out than a sixth of the box: what is there is a neighbour's.
    slack = np.array([box.w, box.h]) / 6
    lows = np.maximum(lows, np.array([box.x, box.y]) - slack)
    highs = np.minimum(highs, np.array([box.x + box.w, box.y + box.h]) + slack)
    width, height = highs - lows
    return replace(box, x=float(lows[0]), y=float(lows[1]), w=float(width), h=float(height))


def split_at_gap(ink: np.ndarray, box: Box, parts: int = 2) -> list[float]:
    """Heights at which to cut a box that holds several characters above each other, at the least ink.

    ink: (H, W) float32 of `ink_map`.
    box: on that picture.
    parts: how many characters it holds, at least 2.
    """
    x0, x1 = max(0, int(box.x)), max(1, int(np.ceil(box.x + box.w)))
    y0, y1 = max(0, int(box.y)), max(1, int(np.ceil(box.y + box.h)))
    profile = ink[y0:y1, x0:x1].sum(axis=1)
    length = len(profile)
    smooth = np.convolve(profile, np.ones(3) / 3, "same") if length > 3 else profile
    cuts = []
    for number in range(1, parts):
        middle, reach = length * number / parts, max(1.0, length / parts / 3)
        places = np.arange(max(1, int(middle - reach)), min(length - 1, int(middle + reach) + 1))
        if not len(places):
            cuts.append(box.y + middle)
            continue
        away = np.abs(places - middle) / reach
        cuts.append(float(y0 + places[np.argmin(smooth[places] + 0.15 * smooth.max() * away)]))
    return cuts
