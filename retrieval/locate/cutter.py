"""Characters found without learning: columns by the ink's profile, characters by the gaps in each."""

import cv2
import numpy as np

from retrieval.locate.ink import ink_map
from retrieval.locate.types import Box


def cut_page(grey: np.ndarray) -> list[Box]:
    """Boxes of a page by its ink alone; none on a page without columns.

    grey: (H, W) uint8, upright, without skew.
    """
    ink = (ink_map(grey, max(12.0, max(grey.shape) / 32)) > 0.45).astype(np.uint8)
    size = component_size(ink)
    ink = _without_rules(ink, size)
    boxes = []
    for left, right in _runs(ink.mean(axis=0), 0.03, 0.35 * size):
        for top, bottom in _characters(ink[:, left:right].mean(axis=1), right - left):
            boxes.append(Box(left, top, right - left, bottom - top, score=0.5))
    return boxes


def component_size(ink: np.ndarray) -> float:
    """About a character's side, by the parts of ink that are neither specks nor rules; 12 for none.

    ink: (H, W) uint8, 1 where there is ink.
    """
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sides = stats[1:, 2:4].max(axis=1)
    likely = sides[(sides > 5) & (sides < max(ink.shape) / 4) & (stats[1:, 2:4].min(axis=1) > sides / 6)]
    return float(np.percentile(likely, 75)) if len(likely) else 12.0


def _without_rules(ink: np.ndarray, size: float) -> np.ndarray:
    """The ink without long straight lines."""
    length = int(2.5 * size)
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    lines = cv2.dilate(np.maximum(upright, level), np.ones((3, 3), np.uint8))
    return np.where(lines > 0, np.uint8(0), ink)


def _runs(profile: np.ndarray, level: float, least: float) -> list[tuple[int, int]]:
    """Stretches above a level that are at least so long."""
    on = np.concatenate(([0], (profile > level).astype(np.int8), [0]))
    starts, ends = np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1)
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a >= least]


def _characters(profile: np.ndarray, width: int) -> list[tuple[int, int]]:
    """Where the characters of a column lie: runs of ink, long ones parted at their thinnest places."""
    found: list[tuple[int, int]] = []
    for top, bottom in _runs(profile, 0.02, 0.1 * width):
        if found and bottom - found[-1][0] < 1.15 * width and top - found[-1][1] < 0.12 * width:
            found[-1] = found[-1][0], bottom
        else:
            found.append((top, bottom))
    return [part for run in found for part in _parted(profile, run, width)]


def _parted(profile: np.ndarray, run: tuple[int, int], width: int) -> list[tuple[int, int]]:
    top, bottom = run
    count = round((bottom - top) / max(1, width))
    if count < 2:
        return [run]
    cuts = [top]
    for number in range(1, count):
        middle, reach = top + (bottom - top) * number / count, max(1, width // 4)
        low = max(cuts[-1] + 1, int(middle - reach))
        cuts.append(low + int(np.argmin(profile[low : int(middle + reach) + 1])))
    return list(zip(cuts, [*cuts[1:], bottom], strict=True))
