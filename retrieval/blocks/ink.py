"""The print that a whole face would give: brayer and paper follow the wood from stroke to stroke."""

import cv2
import numpy as np

_WINDOW = 4.0  # millimetres: wide enough to hold a stroke and the ground beside it
_CONTACT = 0.42  # of the relief around a place: what lies less far under its highest is inked
_MOST = 0.16  # of the face's depth: and what lies farther under it is not
_BEND = 0.2  # of the face's depth: how far under the sheet of the tops brayer and paper reach at most
_STEP = 0.25  # millimetres: envelopes are made at this
_GENTLEST = 0.12  # millimetres of height a millimetre: gentler slopes are grain, and their edges stay soft


def face_ink(height: np.ndarray, inside: np.ndarray, pitch: float, depth: float, spread: float) -> np.ndarray:
    """Ink a face and press paper on it: (H, W) uint8, black strokes on white, as the face is seen.

    Between strokes a block is cut less deep than where nothing stands; so the threshold follows the relief
    around each place.

    height: (H, W) float32, millimetres over the sheet of the tops.
    inside: (H, W) bool, where the block is.
    pitch: millimetres a pixel. depth: from tops to floor. spread: of the tops about the sheet.
    """
    smooth = cv2.GaussianBlur(height, (0, 0), max(0.06 / pitch, 0.3))
    upper, lower = _envelopes(smooth, inside, pitch)
    contact = np.clip(_CONTACT * (upper - lower), min(spread, _MOST * depth), _MOST * depth)
    over = smooth - (np.maximum(upper, -_BEND * depth - spread) - contact)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    slope = np.maximum(cv2.magnitude(across, down), _GENTLEST * pitch)
    ink = np.clip(over / slope + 0.5, 0, 1) * inside
    return np.rint(255 * (1 - ink)).astype(np.uint8)


def _envelopes(height: np.ndarray, inside: np.ndarray, pitch: float) -> tuple[np.ndarray, np.ndarray]:
    """The wood's upper and lower envelopes, smoothed as brayer and paper bend."""
    step = max(1.0, _STEP / pitch)
    size = tuple(max(8, round(side / step)) for side in height.shape[::-1])
    small = cv2.resize(height, size, interpolation=cv2.INTER_AREA)
    window = max(3, round(_WINDOW / (pitch * step))) | 1
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (window, window))
    soft = window / 4
    upper = cv2.GaussianBlur(cv2.dilate(small, shape), (0, 0), soft)
    lower = cv2.GaussianBlur(cv2.erode(small, shape), (0, 0), soft)
    full = height.shape[::-1]
    upper, lower = (cv2.resize(part, full, interpolation=cv2.INTER_LINEAR) for part in (upper, lower))
    return upper, np.minimum(lower, upper)
