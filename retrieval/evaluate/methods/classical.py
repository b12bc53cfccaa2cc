"""What was done before learned embeddings: gradient histograms, template matching, structural similarity.

All three look at the same thing: strokes cut out by Otsu's threshold, without specks and without what
reaches in from the neighbours, cropped and scaled to 128 x 128.
"""

import cv2
import numpy as np

SIDE = 128
_SPECK, _EDGE = 0.003, 0.2
_SMOOTHING, _CELL, _BINS, _BLOCK, _CLIP = 1.0, 16, 9, 2, 0.2
_SSIM_WINDOW, _C1, _C2 = (7, 7), 0.01**2, 0.03**2
_TINY = 1e-6


def print_strokes(grey: np.ndarray) -> np.ndarray:
    """Cut the strokes out of a print.

    grey: (H, W) uint8, dark ink or light. Returns (128, 128) float32 in [0, 1], 1 = stroke.
    """
    _, light = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    # Ink covers the smaller part of a character's picture.
    return _cropped(light if light.mean() < 0.5 else 1 - light)


def height_strokes(height: np.ndarray) -> np.ndarray:
    """Cut the raised strokes out of a levelled height map.

    height: (H, W) float in [0, 1], 0 = floor. Returns (128, 128) float32 in [0, 1], 1 = stroke.
    """
    shade = np.rint(np.clip(height, 0, 1) * 255).astype(np.uint8)
    return _cropped(cv2.threshold(shade, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1])


def _cropped(ink: np.ndarray) -> np.ndarray:
    """Scale the bounding box of the character's own strokes to the whole square."""
    own = _own_strokes(ink)
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    if rows.size:
        own = own[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return cv2.resize(own.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def _own_strokes(ink: np.ndarray) -> np.ndarray:
    """Leave out specks, and pieces that touch the border and stay near it."""
    _, pieces, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    start, size, whole = boxes[:, :2], boxes[:, 2:4], np.array(ink.shape[::-1])
    end = start + size
    at_border = ((start == 0) | (end == whole)).any(axis=1)
    beside = ((end < _EDGE * whole) | (start > (1 - _EDGE) * whole)).any(axis=1)
    kept = (boxes[:, 4] >= _SPECK * ink.size) & ~(at_border & beside)
    kept[0] = False
    return kept[pieces] if kept.any() else ink > 0


def hog_features(strokes: np.ndarray) -> np.ndarray:
    """Histograms of oriented gradients (Dalal and Triggs, CVPR 2005).

    strokes: (N, 128, 128) float32. Lightly smoothed; nine unsigned orientations, cells of 16 x 16
    pixels, blocks of 2 x 2 cells, clipped L2 norm. Returns (N, 1764) float32 of length 1.
    """
    strokes = np.stack([cv2.GaussianBlur(one, (0, 0), _SMOOTHING) for one in strokes])
    dy, dx = np.zeros_like(strokes), np.zeros_like(strokes)
    dy[:, 1:-1] = strokes[:, 2:] - strokes[:, :-2]
    dx[:, :, 1:-1] = strokes[:, :, 2:] - strokes[:, :, :-2]
    strength = np.hypot(dx, dy)
    bins = np.minimum((np.degrees(np.arctan2(dy, dx)) % 180 * (_BINS / 180)).astype(int), _BINS - 1)
    count, cells = len(strokes), SIDE // _CELL
    histograms = np.empty((count, cells, cells, _BINS), np.float32)
    for one in range(_BINS):
        share = np.where(bins == one, strength, 0)
        histograms[..., one] = share.reshape(count, cells, _CELL, cells, _CELL).mean(axis=(2, 4))
    return _unit(_blocks(histograms).reshape(count, -1))


def _blocks(histograms: np.ndarray) -> np.ndarray:
    places = histograms.shape[1] - _BLOCK + 1
    corners = [(row, column) for row in range(_BLOCK) for column in range(_BLOCK)]
    parts = [histograms[:, row : row + places, column : column + places] for row, column in corners]
    return _unit(np.minimum(_unit(np.concatenate(parts, axis=-1)), _CLIP))


def template_features(strokes: np.ndarray) -> np.ndarray:
    """The strokes less their mean; cosine of two of these is normalised correlation.

    strokes: (N, 128, 128) float32. Returns (N, 16384) float32 of length 1.
    """
    flat = strokes.reshape(len(strokes), -1)
    return _unit(flat - flat.mean(axis=1, keepdims=True))


def local_statistics(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance in the 7 x 7 window around each pixel: (128, 128) float32 each."""
    mean = cv2.blur(picture, _SSIM_WINDOW)
    return mean, cv2.blur(picture * picture, _SSIM_WINDOW) - mean * mean


def ssim(a: np.ndarray, b: np.ndarray, of_a: tuple, of_b: tuple) -> float:
    """Mean structural similarity (Wang and others, IEEE TIP 2004), in [-1, 1].

    a, b: (128, 128) float32 in [0, 1]. of_a, of_b: their `local_statistics`.
    """
    (mean_a, var_a), (mean_b, var_b) = of_a, of_b
    product = mean_a * mean_b
    shared = cv2.blur(a * b, _SSIM_WINDOW) - product
    like = (2 * product + _C1) * (2 * shared + _C2)
    return float((like / ((mean_a**2 + mean_b**2 + _C1) * (var_a + var_b + _C2))).mean())


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / np.maximum(lengths, _TINY)).astype(np.float32)
