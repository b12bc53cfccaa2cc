"""Where in a scan the character stands, neighbours' stroke ends left out."""

from dataclasses import dataclass

import cv2
import numpy as np

# What stands less than this share of the depth under the face belongs to a stroke.
_STROKE_BAND = 0.4
# Specks smaller than this share of the scan are chips or dirt.
_SPECK = 6e-4
# A neighbour's stroke end begins at the scan's edge, is a small share of all strokes, and keeps
# to this outer share of the scan.
_EDGE = 0.02
_NEIGHBOUR_SHARE = 0.2
_OUTER = 0.22
# The character fills this share of the pictured square, and the square is never less than this
# share of the scan, lest one dot become a page.
_FILL = 0.86
_LEAST_SIDE = 0.4
# What stands farther out is no character, and the whole scan is shown.
_FARTHEST_CENTRE = 0.6


@dataclass(frozen=True)
class Box:
    """A square in plane coordinates: centre x, y and half its side."""

    x: float
    y: float
    half: float


def character_box(field: np.ndarray, depth: float) -> Box:
    """The square to picture.

    field: (S, S) float32 heights over [-1, 1]^2 with the raised face at 0 and -inf where there
    is no surface. depth: from the face down to the floor, in the same units, above 0.
    """
    seen = np.isfinite(field)
    raised = (field > -_STROKE_BAND * depth).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(raised, connectivity=8)[2]
    kept = _own_strokes(stats, seen)
    if not kept.any():
        return Box(0.0, 0.0, 1.0)
    left, top = stats[kept, cv2.CC_STAT_LEFT].min(), stats[kept, cv2.CC_STAT_TOP].min()
    right = (stats[kept, cv2.CC_STAT_LEFT] + stats[kept, cv2.CC_STAT_WIDTH]).max()
    bottom = (stats[kept, cv2.CC_STAT_TOP] + stats[kept, cv2.CC_STAT_HEIGHT]).max()
    scale = 2.0 / field.shape[0]
    half = max(right - left, bottom - top) * scale / 2 / _FILL
    x, y = (left + right) * scale / 2 - 1.0, 1.0 - (top + bottom) * scale / 2
    if max(abs(x), abs(y)) > _FARTHEST_CENTRE:
        return Box(0.0, 0.0, 1.0)
    return Box(float(x), float(y), float(np.clip(half, _LEAST_SIDE, 1.0 / _FILL)))


def _own_strokes(stats: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(components,) bool: strokes of the character itself. Component 0 is the ground."""
    rows, columns = np.nonzero(seen.any(axis=1))[0], np.nonzero(seen.any(axis=0))[0]
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    side = max(bottom - top, right - left)
    x0, y0 = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    x1, y1 = x0 + stats[:, cv2.CC_STAT_WIDTH], y0 + stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA].astype(float)
    # Ground counts as a speck: it is no stroke.
    area[0] = 0.0
    edge, outer = _EDGE * side, _OUTER * side
    above = (y0 - top <= edge) & (y1 - top <= outer)
    below = (bottom - y1 <= edge) & (bottom - y0 <= outer)
    before = (x0 - left <= edge) & (x1 - left <= outer)
    behind = (right - x1 <= edge) & (right - x0 <= outer)
    neighbour = (above | below | before | behind) & (area < _NEIGHBOUR_SHARE * area.sum())
    return (area >= _SPECK * seen.sum()) & ~neighbour
