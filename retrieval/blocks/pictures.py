"""A face under raking light."""

import cv2
import numpy as np

from retrieval.blocks.face import Face
from retrieval.render.light import BACKGROUND, TO_LIGHT, lit_wood
from retrieval.types import FACE

_STEEPER = 1.6  # times: strokes of a millimetre on a face of three hundred would hardly throw a shade


def raking_light(face: Face) -> np.ndarray:
    """(H, W, 3) uint8 sRGB picture of a face, lit from the upper left; paper where there is no block."""
    steep = _STEEPER / face.pitch
    smooth = cv2.GaussianBlur(face.height, (0, 0), 0.7)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8) * steep
    up = -cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8) * steep
    lit = (TO_LIGHT[2] - across * TO_LIGHT[0] - up * TO_LIGHT[1]) / np.sqrt(1 + across**2 + up**2)
    picture = np.rint(255 * lit_wood(face.relief() / FACE, lit)).astype(np.uint8)
    picture[~face.inside] = BACKGROUND
    return picture
