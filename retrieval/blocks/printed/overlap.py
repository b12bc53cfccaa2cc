"""How the inks of a page and a face meet where one lies over the other: another carving's do not."""

from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.blocks.printed.layover import Layover, Placed

_SIDE, _PUSH = 44, 9  # pixels of a character's picture; how far it may still be pushed
_ASKED = 300  # characters
_LEAST_INK = 0.03
_NEIGHBOURS = 8


@dataclass(frozen=True)
class InksMet:
    """Of the characters that lie over each other, each of which may still be pushed by a fifth of itself.

    overlap: median correlation of inks, in [-1, 1].
    uneven_mm: how far a character has to be pushed otherwise than its neighbours, in millimetres of the
        face, in the median. Paper shrinks and creeps, but neighbours alike; each character of a text that
        was carved anew stands a little elsewhere.
    side_mm: of the characters, in the median.
    """

    overlap: float
    uneven_mm: float
    side_mm: float


def inks_met(page: Placed, face: Placed, laid: Layover) -> InksMet:
    """How a page's ink meets that of a face that it was laid over."""
    step = max(1, -(-len(laid.pairs) // _ASKED))
    rows = laid.pairs[::step, 0]
    pushed = [(row, found) for row in rows if (found := _pushed(page, face, laid, int(row))) is not None]
    side = float(np.median(face.sides[laid.pairs[:, 1]].max(axis=1)))
    if len(pushed) <= _NEIGHBOURS:
        return InksMet(0.0, side, side)
    scores = np.array([score for _, (score, _) in pushed])
    places = laid.on_face(page.middles[[row for row, _ in pushed]])
    pushes = np.stack([push for _, (_, push) in pushed])
    return InksMet(float(np.median(scores)), float(np.median(unlike_neighbours(places, pushes))), side)


def unlike_neighbours(places: np.ndarray, pushes: np.ndarray) -> np.ndarray:
    """(N,) how far each push is from the median push of its nearest neighbours. Both: (N, 2), N > 8."""
    away = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(away, np.inf)
    nearest = np.argpartition(away, _NEIGHBOURS - 1, axis=1)[:, :_NEIGHBOURS]
    return np.linalg.norm(pushes - np.median(pushes[nearest], axis=1), axis=1)


def _pushed(page: Placed, face: Placed, laid: Layover, one: int) -> tuple[float, np.ndarray] | None:
    """How well a character's ink meets at best, and how far it is pushed for that, (2,) millimetres."""
    middle, side = page.middles[one], float(page.sides[one].max()) * 1.1
    wide = side * (_SIDE + 2 * _PUSH) / _SIDE
    on_page = _cut(page.ink, _grid(middle, side, _SIDE) / page.pitch)
    on_face = _cut(face.ink, laid.on_face(_grid(middle, wide, _SIDE + 2 * _PUSH)) / face.pitch - 0.5)
    if on_page.mean() < _LEAST_INK or on_face.mean() < _LEAST_INK:
        return None
    on_page, on_face = (cv2.GaussianBlur(part, (0, 0), 1.2) for part in (on_page, on_face))
    scores = cv2.matchTemplate(on_face, on_page, cv2.TM_CCOEFF_NORMED)
    y, x = divmod(int(scores.argmax()), scores.shape[1])
    pixels = np.array([x + _between(scores[y], x), y + _between(scores[:, x], y)]) - _PUSH
    here, there = laid.on_face(np.stack([middle, middle + pixels * side / _SIDE]))
    return float(scores[y, x]), there - here


def _between(scores: np.ndarray, best: int) -> float:
    """How far the top of the parabola through a best score and its neighbours is from it, in pixels."""
    if not 0 < best < len(scores) - 1:
        return 0.0
    before, here, after = scores[best - 1 : best + 2].tolist()
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _grid(middle: np.ndarray, side: float, count: int) -> np.ndarray:
    """(count^2, 2) places of a square around a middle."""
    ways = (np.arange(count) + 0.5) / count * side - side / 2
    x, y = np.meshgrid(middle[0] + ways, middle[1] + ways)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _cut(ink: np.ndarray, places: np.ndarray) -> np.ndarray:
    side = round(np.sqrt(len(places)))
    across, down = (places[:, way].reshape(side, side).astype(np.float32) for way in (0, 1))
    return cv2.remap(ink, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
