"""How a scan's own edges lie in its picture."""

import cv2
import numpy as np

# Edges this near to upright are left alone: they say less than the file's own axes do.
_LEAST_TURN = 1.5
# Share of the smallest box around it that a square cut fills; a polygon cut fills less.
_RECTANGLE = 0.96
_MOST_UNEVEN = 2.0


def outline_turn(seen: np.ndarray) -> float:
    """Degrees, counterclockwise, by which a rectangular scan is turned in its picture.

    seen: (S, S) bool, where there is surface. Returns an angle in (-45, 45], the least that
    explains the edges, or 0 where the outline is no rectangle or stands upright already.
    """
    contours, _ = cv2.findContours(seen.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return 0.0
    hull = cv2.convexHull(max(contours, key=len))
    (_, _), (width, height), angle = cv2.minAreaRect(hull)
    # The contour runs through pixel centres, half a pixel inside the edge all around.
    box = (width + 1.0) * (height + 1.0)
    if seen.sum() < _RECTANGLE * box or max(width, height) > _MOST_UNEVEN * min(width, height):
        return 0.0
    # Image rows run down, so the picture's clockwise angle is the reader's, negated.
    turn = -((angle + 45.0) % 90.0 - 45.0)
    return float(turn) if abs(turn) >= _LEAST_TURN else 0.0
