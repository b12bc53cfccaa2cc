"""The print that a carved face would give."""

import cv2
import numpy as np

from retrieval.types import FACE

# The paper takes ink from what lies at most this far under the face, in heights of [0, 1].
_CONTACT = 0.2
# Brayer and paper bend: over this share of the picture they follow the wood up and down, but
# never farther than _BEND under the fitted face, so a floor without strokes stays white.
_REACH = 0.16
_BEND = 0.22
# Slopes gentler than this, in height a pixel, are grain and noise: their edges stay this soft.
_GENTLEST = 0.03


def virtual_print(height: np.ndarray) -> np.ndarray:
    """Ink a height map and press paper on it.

    height: (S, S) float32 in [0, 1] from ``read_relief``, the raised face at about ``FACE``.
    Returns (S, S) uint8, black strokes on white, edges softened over one pixel, and as the
    block is seen: a mirrored block gives a mirrored picture, which the caller flips.
    """
    smooth = cv2.GaussianBlur(height.astype(np.float32), (0, 0), height.shape[0] / 320)
    over = smooth - (_press(smooth) - _CONTACT)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    slope = np.maximum(cv2.magnitude(across, down), _GENTLEST)
    ink = np.clip(over / slope + 0.5, 0.0, 1.0)
    return np.rint(255.0 * (1.0 - ink)).astype(np.uint8)


def _press(height: np.ndarray) -> np.ndarray:
    """Where brayer and paper touch: the wood's upper envelope, smoothed as they bend."""
    reach = max(3, int(_REACH * height.shape[0])) | 1
    small = cv2.resize(height, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(3, reach // 4) | 1,) * 2)
    envelope = cv2.GaussianBlur(cv2.dilate(small, window), (0, 0), reach / 4 / 2)
    envelope = np.clip(envelope, FACE - _BEND, 1.0)
    return cv2.resize(envelope, height.shape[::-1], interpolation=cv2.INTER_LINEAR)
