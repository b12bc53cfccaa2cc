"""What is embedded of a character on a page: its box, with the skew taken out."""

import cv2
import numpy as np

from retrieval.locate.types import Box

MARGIN = 0.06  # of the box's sides


def crop_box(grey: np.ndarray, box: Box, angle: float = 0.0, *, margin: float = MARGIN) -> np.ndarray:
    """The picture of one character, (h, w) uint8, at least 1 x 1.

    grey: (H, W) uint8, the page.
    box: on it; what lies outside the page is filled with the page's rim.
    angle: the page's skew in degrees, clockwise positive.
    margin: of the page around the box, in shares of its sides.
    """
    width, height = box.w * (1 + 2 * margin), box.h * (1 + 2 * margin)
    size = max(1, round(width)), max(1, round(height))
    centre = box.x + box.w / 2, box.y + box.h / 2
    turn = cv2.getRotationMatrix2D(centre, angle, 1.0)
    turn[:, 2] = turn[:, 2] + np.array(size) / 2 - centre
    return cv2.warpAffine(grey, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
