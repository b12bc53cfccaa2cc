"""The print as a map of distances to its strokes' edges, and what of it is frame and rule."""

from collections.abc import Sequence

import cv2
import numpy as np

from retrieval.locate import ink_map
from retrieval.rebuild.errors import BadPlan
from retrieval.rebuild.plan import RebuildPlan

_INK = 0.5  # of full ink, from which on a place counts as printed
_LEAST_INK = 0.002  # of the print
_ROOM = 0.06  # of a box's sides: strokes that reach out of it are still its own
_LINE = 1.6  # of a character's side: a rule is at least so long
_SPECK = 0.04  # of a character's area: smaller pieces outside of all boxes are dirt


def print_ink(plan: RebuildPlan, shape: tuple[int, int]) -> np.ndarray:
    """How much ink each place of the face holds: (H, W) float32 in [0, 1]. shape: of the face's grid.

    Raises:
        BadPlan: there is no ink on the print (rebuild_no_ink).
    """
    ink = ink_map(plan.print, usual_side(plan))
    if float((ink > _INK).mean()) < _LEAST_INK:
        raise BadPlan(f"{plan.name} shows no ink", hint="check the picture", code="rebuild_no_ink")
    shrinks = shape[0] < ink.shape[0]
    ways = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.clip(cv2.resize(ink, shape[::-1], interpolation=ways), 0, 1)


def usual_side(plan: RebuildPlan) -> float:
    """About a character's longer side, in pixels of the print."""
    sides = [max(spot.box[2:]) for spot in plan.spots]
    return float(np.percentile(sides, 70)) if sides else max(plan.print.shape) / 20


def edge_distance(ink: np.ndarray, pitch: float) -> np.ndarray:
    """(H, W) float32, millimetres to the nearest edge of a stroke, above 0 in strokes.

    ink: (H, W) float32 in [0, 1]. pitch: millimetres a pixel.
    """
    solid = (ink > _INK).astype(np.uint8)
    inside = cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5)
    rough = np.where(solid > 0, inside - 0.5, 0.5 - outside)
    return cv2.GaussianBlur((rough * pitch).astype(np.float32), (0, 0), 0.7)


def character_mask(boxes: Sequence[tuple[float, float, float, float]], shape: tuple[int, int]) -> np.ndarray:
    """(H, W) bool, the places that belong to a character. boxes: left, top, width, height in pixels."""
    mask = np.zeros(shape, bool)
    for box in boxes:
        mask[window(box, shape, _ROOM)] = True
    return mask


def window(
    box: tuple[float, float, float, float], shape: tuple[int, int], room: float
) -> tuple[slice, slice]:
    """Rows and columns of a box with some room around it, in shares of its sides; never outside."""
    x, y, w, h = box
    rows = (max(0, int(np.floor(y - room * h))), min(shape[0], int(np.ceil(y + h + room * h))))
    columns = (max(0, int(np.floor(x - room * w))), min(shape[1], int(np.ceil(x + w + room * w))))
    return slice(*rows), slice(*columns)


def rules_of(ink: np.ndarray, characters: np.ndarray, side: float) -> np.ndarray:
    """(H, W) float32: the ink that is no character's but stands for frame, rules, fish tails.

    ink: (H, W) float32. characters: (H, W) bool. side: of a character, in pixels.
    """
    solid = (ink > _INK).astype(np.uint8)
    long = max(3, round(_LINE * side))
    lines = np.zeros_like(solid)
    for shape in ((long, 1), (1, long)):
        # A rule that is not quite straight is still one: it is thickened, and then cut back to the ink.
        thick = cv2.dilate(solid, np.ones((3, 3), np.uint8))
        lines = np.maximum(lines, cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))
    outside = solid & ~characters.astype(np.uint8) & 1
    _, names, stats, _ = cv2.connectedComponentsWithStats(outside, connectivity=8)
    large = (stats[:, cv2.CC_STAT_AREA] >= _SPECK * side**2) & ~_touches_rim(stats, solid.shape)
    large[0] = False
    rim = _touches_rim(stats, solid.shape)[names] & (names > 0)
    kept = large[names] | ((lines > 0) & (solid > 0) & ~characters & ~rim)
    return np.where(kept, ink, 0).astype(np.float32)


def _touches_rim(stats: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """(N,) bool, which pieces reach the picture's rim: the table under the paper does, a frame does not."""
    ends = stats[:, :2] + stats[:, 2:4]
    return (stats[:, :2] <= 0).any(axis=1) | (ends >= shape[::-1]).any(axis=1)
