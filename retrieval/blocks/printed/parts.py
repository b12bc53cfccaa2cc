"""A page that several blocks printed, as a spread; and what lies on what where a page lies over a face."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from retrieval.blocks.printed.layover import Layover, Placed
from retrieval.blocks.printed.shelf import Match

_FEWEST = 16  # characters that another block may have printed
_PARTS = 3


def page_parts(
    page: Placed, matches_of: Callable[[Placed], list[Match]], face_of: Callable[[str], Placed]
) -> list[list[Match]]:
    """The blocks that a page may come from, the best first, for each part of it that a block printed.

    The first list is of the whole page. Where its best is believed, what lies beside that block is asked
    again; of a further part only a block that is believed counts.

    matches_of: such as ``Shelf.matches``. face_of: the face of a block, by its name.
    """
    rows, parts = np.arange(len(page.middles)), [matches_of(page)]
    best = parts[0][0] if parts[0] else None
    while best is not None and best.is_believed and len(parts) < _PARTS:
        rows = rows[beside(page.middles[rows], face_of(best.block), best.laid)]
        if len(rows) < _FEWEST:
            break
        found = [_of_whole(match, rows) for match in matches_of(_only(page, rows))]
        best = found[0] if found else None
        if best is not None and best.is_believed:
            parts.append(found)
    return parts


def beside(points: np.ndarray, face: Placed, laid: Layover) -> np.ndarray:
    """(N,) bool, which places of a page lie beside the characters of a face. points: (N, 2) pixels."""
    on_face, edge = laid.on_face(points), np.median(face.sides, axis=0)
    low, high = face.middles.min(axis=0) - edge, face.middles.max(axis=0) + edge
    return ((on_face < low) | (on_face > high)).any(axis=1)


def lying_on(page: Placed, face: Placed, laid: Layover) -> np.ndarray:
    """(K, 2) int, characters of a page and those of the face on which they come to lie, each once.

    Whatever they look like: it is the place alone that says so.
    """
    if not len(page.middles) or not len(face.middles):
        return np.zeros((0, 2), int)
    away = np.linalg.norm(laid.on_face(page.middles)[:, None] - face.middles[None], axis=2)
    nearest = away.argmin(axis=1)
    rows = np.arange(len(away))
    near = away[rows, nearest] < face.sides[nearest].max(axis=1) / 2
    mutual = away[:, nearest].argmin(axis=0) == rows
    return np.stack([rows, nearest], axis=1)[near & mutual]


def print_on_page(face: Placed, laid: Layover, size: tuple[int, int], scale: float = 1.0) -> np.ndarray:
    """(H, W) float32 in [0, 1], the ink of a face bent onto a page.

    size: width and height of the picture wanted. scale: its pixels a pixel of the page.
    """
    width, height = size
    x, y = np.meshgrid((np.arange(width) + 0.5) / scale, (np.arange(height) + 0.5) / scale)
    places = laid.on_face(np.stack([x.ravel(), y.ravel()], axis=1)) / face.pitch - 0.5
    across, down = (places[:, way].reshape(height, width).astype(np.float32) for way in (0, 1))
    return cv2.remap(face.ink, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)


def _only(page: Placed, rows: np.ndarray) -> Placed:
    return replace(page, middles=page.middles[rows], sides=page.sides[rows], vectors=page.vectors[rows])


def _of_whole(match: Match, rows: np.ndarray) -> Match:
    """A match of some characters of a page, with their numbers in the whole page."""
    pairs = match.laid.pairs.copy()
    pairs[:, 0] = rows[pairs[:, 0]]
    return replace(match, laid=replace(match.laid, pairs=pairs))
