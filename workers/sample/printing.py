"""Prints a character on old paper, as a scan of a page shows it."""

import io

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, rotate, zoom

_DRAWN = 320


def drawn_size() -> int:
    """The side in pixels of the ink that ``print_on_paper`` takes."""
    return _DRAWN


def print_on_paper(ink: np.ndarray, side: int, random: np.random.Generator) -> np.ndarray:
    """(side, side, 3) uint8: the character in spread, patchy ink on yellowed paper.

    ink: (S, S) float32 in [0, 1] with S = ``drawn_size()``.
    """
    turned = rotate(ink, random.uniform(-3, 3), reshape=False, order=1)
    edge = gaussian_filter(turned, 2.5) + 0.10 * _blotches(_DRAWN, 4, random)
    spread = gaussian_filter((edge > random.uniform(0.28, 0.45)).astype(np.float32), 1.2)
    patchy = spread * np.clip(0.92 + 0.10 * _blotches(_DRAWN, 14, random), 0.45, 1)
    inked = np.clip(zoom(patchy, side / _DRAWN, order=1)[:side, :side], 0, 1)
    paper = _paper(side, random)
    black = np.array([38, 33, 30]) + random.uniform(-8, 14)
    mixed = paper * (1 - inked[..., None]) + black * inked[..., None]
    return np.clip(mixed + random.normal(scale=3.0, size=mixed.shape), 0, 255).astype(np.uint8)


def encoded(picture: np.ndarray, kind: str) -> bytes:
    """The picture as a file; ``kind`` is "png" or "jpg"."""
    out = io.BytesIO()
    options = {"quality": 88} if kind == "jpg" else {}
    Image.fromarray(picture).save(out, {"jpg": "JPEG", "png": "PNG"}[kind], **options)
    return out.getvalue()


def _paper(side: int, random: np.random.Generator) -> np.ndarray:
    shade = np.array([232, 219, 190]) + random.uniform(-14, 14)
    stains = 7 * _blotches(side, side / 5, random) + 3 * _blotches(side, 1.2, random)
    return shade + stains[..., None]


def _blotches(side: int, size: float, random: np.random.Generator) -> np.ndarray:
    """Smooth noise of unit spread with blotches of about ``size`` pixels."""
    field = gaussian_filter(random.normal(size=(side, side)), size)
    return field / max(field.std(), 1e-9)
