"""A face under raking light."""

import cv2
import numpy as np

from retrieval.blocks.face import Face
from retrieval.render.light import BACKGROUND, TO_LIGHT, lit_wood
from retrieval.types import FACE

_STEEPER = 1.6  # times: strokes of a millimetre on a face of three hundred would hardly throw a shade


def raking_light(face: Face) -> np.ndarray:
    """(H, W, 3) uint8 sRGB picture of a face, lit from the upper left; paper where there is no block."""
    picture = lit_heights(cv2.GaussianBlur(face.height, (0, 0), 0.7), face.pitch, face.relief() / FACE)
    picture[~face.inside] = BACKGROUND
    return picture


def lit_heights(height: np.ndarray, pitch: float, level: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 sRGB picture of carved wood, lit from the upper left.

    height: (H, W) float32, millimetres. pitch: millimetres a pixel.
    level: (H, W) float32, by which the wood is darker in the depth: 0 = floor, 1 = a stroke's top.
    """
    steep = _STEEPER / pitch
    across = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8) * steep
    up = -cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8) * steep
    lit = (TO_LIGHT[2] - across * TO_LIGHT[0] - up * TO_LIGHT[1]) / np.sqrt(1 + across**2 + up**2)
    return np.rint(255 * lit_wood(level, lit)).astype(np.uint8)
