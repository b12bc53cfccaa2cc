"""Shading without any graphics library: the height map's own slopes under the same light."""

import cv2
import numpy as np

from retrieval.render.light import TO_LIGHT, exaggeration, lit_wood
from retrieval.types import FACE


def shaded_height(height: np.ndarray, depth: float, size: int) -> np.ndarray:
    """(size, size, 3) uint8 picture of a height map (S, S) in [0, 1].

    depth: face to floor in plane units, in which the picture is 2 wide.
    """
    height = cv2.resize(height, (size, size), interpolation=cv2.INTER_AREA)
    # From one pixel to the next: plane units of height over plane units of way.
    steep = depth / FACE * exaggeration(depth) * size / 2
    across = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8) * steep
    up = -cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8) * steep
    lit = (TO_LIGHT[2] - across * TO_LIGHT[0] - up * TO_LIGHT[1]) / np.sqrt(1 + across**2 + up**2)
    return np.rint(255 * lit_wood(height / FACE, lit)).astype(np.uint8)
