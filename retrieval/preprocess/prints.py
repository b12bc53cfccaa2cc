"""From a picture of a printed character to the network's input.

No threshold is set on the ink: the paper's level is read from the rim, the polarity from which
side of it the picture moves to, and everything else is left to what the network learned.
"""

import cv2
import numpy as np

from retrieval.preprocess.recipe import Recipe

_WORK = 3  # the picture is worked on at this many times the network's size


def print_input(gray: np.ndarray, recipe: Recipe) -> np.ndarray:
    """One network input from one picture.

    gray: (H, W) uint8, either polarity, any size from 1 x 1.
    recipe: of the weights; S is its size.

    Returns:
        (S, S) float32 in [-0.5, 1.5], 0 = paper, 1 = full ink; all zeros for a picture without contrast.

    Example:
        >>> import numpy as np
        >>> from retrieval.preprocess import Recipe, print_input
        >>> gray = np.full((90, 70), 230, np.uint8)
        >>> gray[20:70, 30:40] = 30
        >>> made = print_input(gray, Recipe(size=48))
        >>> made.shape, bool(np.allclose(made, print_input(255 - gray, Recipe(size=48)), atol=0.01))
        ((48, 48), True)
    """
    return trimmed_ink(gray, recipe)[0]


def trimmed_ink(gray: np.ndarray, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """One network input, and how it was cut out of the picture.

    gray, recipe: as for `print_input`.

    Returns:
        (S, S) float32 as `print_input` gives it, and (2, 3) float64 from the input's pixels to the picture's.
    """
    small = _shrink(gray, _WORK * recipe.size)
    ink, move = _trimmed(_ink(small, recipe.least_contrast), recipe)
    shrunk = np.array(small.shape[::-1]) / gray.shape[::-1]  # x, y
    back = cv2.invertAffineTransform(move.astype(np.float64))
    back = back / shrunk[:, None]
    back[:, 2] += 0.5 / shrunk - 0.5
    return ink, back


def _shrink(gray: np.ndarray, side: int) -> np.ndarray:
    """The picture with its longer side at most ``side``; (H, W) float32."""
    height, width = gray.shape
    scale = side / max(height, width)
    if scale >= 1:
        return gray.astype(np.float32)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def _ink(gray: np.ndarray, least_contrast: float) -> np.ndarray:
    """Paper at 0 and full ink at 1, whichever of them was dark."""
    step = 1 + max(gray.shape) // 96
    # Half a percent: a small character in wide margins covers little more.
    low, high = np.percentile(gray[::step, ::step], (0.5, 99.5))
    paper = _paper_level(gray)
    below, above = paper - low, high - paper
    signed = paper - gray if below >= above else gray - paper
    contrast = max(below, above)
    if contrast < least_contrast:
        return np.zeros_like(gray)
    return np.clip(signed / contrast, -0.5, 1.5).astype(np.float32)


def _paper_level(gray: np.ndarray) -> float:
    """Median of the rim, an eighth of the picture wide at each side: mostly paper."""
    height, width = gray.shape
    rows, columns = max(1, height // 8), max(1, width // 8)
    rim = (gray[:rows], gray[-rows:], gray[:, :columns], gray[:, -columns:])
    return float(np.median(np.concatenate([part.ravel() for part in rim])))


def _trimmed(ink: np.ndarray, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """The square around nearly all of the ink, resampled to the network's size, and the way there."""
    weight = np.square(np.maximum(ink - 0.2, 0))
    top, bottom = _span(weight.sum(axis=1), recipe.trim)
    left, right = _span(weight.sum(axis=0), recipe.trim)
    side = max(bottom - top, right - left) * (1 + 2 * recipe.margin)
    scale = recipe.size / side
    move = np.array(
        [
            [scale, 0, recipe.size / 2 - scale * (left + right) / 2 + 0.5 * scale - 0.5],
            [0, scale, recipe.size / 2 - scale * (top + bottom) / 2 + 0.5 * scale - 0.5],
        ],
        np.float32,
    )
    if scale < 1:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.35 / scale)
    size = recipe.size, recipe.size
    return cv2.warpAffine(ink, move, size, flags=cv2.INTER_LINEAR, borderValue=0), move


def _span(profile: np.ndarray, trim: float) -> tuple[float, float]:
    """Start and end of the stretch that holds all but ``trim`` of the profile at either end."""
    total = float(profile.sum())
    if total <= 0:
        return 0.0, float(len(profile))
    run = np.cumsum(profile) / total
    start = int(np.searchsorted(run, trim))
    end = int(np.searchsorted(run, 1 - trim)) + 1
    return float(start), float(min(end, len(profile)))
