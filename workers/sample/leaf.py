"""Draws a leaf of a book: columns of characters in a frame, on old paper, as a scan of a page shows it."""

from collections.abc import Sequence

import cv2
import numpy as np

from retrieval.synth.pages.noise import noise
from workers.sample.typefaces import SampleTypeface

_PITCH, _COLUMN = 1.12, 1.5  # of a character's side, from one to the next
_RIM = 1.4  # of a character's side, around the text


def draw_leaf(
    columns: Sequence[str], face: SampleTypeface, random: np.random.Generator, *, side: int = 56
) -> np.ndarray:
    """Print a leaf; (H, W, 3) uint8.

    columns: their texts, from the right.
    face: what it is set in; it has all of the characters.
    side: of a character, in pixels.
    """
    width, height = len(columns) * _COLUMN, max(map(len, columns)) * _PITCH
    ink = np.zeros((round((height + 2 * _RIM) * side), round((width + 2 * _RIM) * side)), np.float32)
    for number, text in enumerate(columns, 1):
        left = _RIM + width - number * _COLUMN + (_COLUMN - 1) / 2
        for row, char in enumerate(text):
            place = left * side, (_RIM + row * _PITCH) * side
            _put(ink, face.ink(char, side, fill=random.uniform(0.8, 0.92)), place, random)
    _draw_frame(ink, len(columns), side)
    return _on_paper(ink, side, random)


def _put(ink: np.ndarray, glyph: np.ndarray, place: tuple[float, float], random: np.random.Generator) -> None:
    left, top = (round(at + random.uniform(-0.02, 0.02) * len(glyph)) for at in place)
    here = ink[top : top + glyph.shape[0], left : left + glyph.shape[1]]
    np.maximum(here, glyph, out=here)


def _draw_frame(ink: np.ndarray, columns: int, side: int) -> None:
    """A thick frame, and a thin rule between two columns."""
    height, width = ink.shape
    rim = round((_RIM - 0.55) * side)
    cv2.rectangle(ink, (rim, rim), (width - rim, height - rim), 1.0, max(2, side // 14), cv2.LINE_AA)
    for number in range(1, columns):
        x = round((_RIM + number * _COLUMN) * side)
        cv2.line(ink, (x, rim), (x, height - rim), 0.7, max(1, side // 40), cv2.LINE_AA)


def _on_paper(ink: np.ndarray, side: int, random: np.random.Generator) -> np.ndarray:
    """Spread, patchy ink on yellowed paper."""
    shape = ink.shape
    edge = cv2.GaussianBlur(ink, (0, 0), side / 90) + 0.08 * noise(random, shape, side / 20)
    spread = cv2.GaussianBlur((edge > 0.4).astype(np.float32), (0, 0), side / 110)
    cover = spread * np.clip(0.92 + 0.08 * noise(random, shape, side / 5), 0.45, 1)
    stains = 6 * noise(random, shape, 6 * side) + 2 * noise(random, shape, 1.5)
    paper = np.array([230, 217, 188]) + stains[..., None]
    mixed = paper * (1 - cover[..., None]) + np.array([40, 35, 32]) * cover[..., None]
    return np.clip(mixed + random.normal(scale=2.5, size=mixed.shape), 0, 255).astype(np.uint8)
