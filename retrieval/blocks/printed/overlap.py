"""How far the inks of a page and a face meet where one lies over the other: another carving's do not."""

import cv2
import numpy as np

from retrieval.blocks.printed.layover import Layover, Placed

_SIDE, _PUSH = 44, 5  # pixels of a character's picture; how far it may still be pushed
_ASKED = 60  # characters
_LEAST_INK = 0.03


def ink_overlap(page: Placed, face: Placed, laid: Layover) -> float:
    """Correlation of inks, in [-1, 1], in the middle of the characters that lie over each other.

    Each may still be pushed by a tenth of itself: paper shrinks as it likes.
    """
    step = max(1, len(laid.pairs) // _ASKED)
    found = [_character(page, face, laid, one) for one, _ in laid.pairs[::step].tolist()]
    seen = [score for score in found if score is not None]
    return float(np.median(seen)) if seen else 0.0


def _character(page: Placed, face: Placed, laid: Layover, one: int) -> float | None:
    middle, side = page.middles[one], float(page.sides[one].max()) * 1.1
    wide = side * (_SIDE + 2 * _PUSH) / _SIDE
    on_page = _cut(page.ink, _grid(middle, side, _SIDE) / page.pitch)
    on_face = _cut(face.ink, laid.on_face(_grid(middle, wide, _SIDE + 2 * _PUSH)) / face.pitch - 0.5)
    if on_page.mean() < _LEAST_INK or on_face.mean() < _LEAST_INK:
        return None
    on_page, on_face = (cv2.GaussianBlur(part, (0, 0), 1.2) for part in (on_page, on_face))
    return float(cv2.matchTemplate(on_face, on_page, cv2.TM_CCOEFF_NORMED).max())


def _grid(middle: np.ndarray, side: float, count: int) -> np.ndarray:
    """(count^2, 2) places of a square around a middle."""
    ways = (np.arange(count) + 0.5) / count * side - side / 2
    x, y = np.meshgrid(middle[0] + ways, middle[1] + ways)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _cut(ink: np.ndarray, places: np.ndarray) -> np.ndarray:
    side = round(np.sqrt(len(places)))
    across, down = (places[:, way].reshape(side, side).astype(np.float32) for way in (0, 1))
    return cv2.remap(ink, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
