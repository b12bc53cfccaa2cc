"""The fonts that the sample is drawn with, from the page assets."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

_FOLDER = Path("node_modules/@expo-google-fonts")
_CARVING = _FOLDER / "cactus-classical-serif/400Regular/CactusClassicalSerif_400Regular.ttf"
_PRINTING = _FOLDER / "shippori-mincho/600SemiBold/ShipporiMincho_600SemiBold.ttf"


class FontsMissing(Exception):
    """The page assets are not installed; the message says what to type."""


class SampleTypeface:
    """One font, drawing one character at a time."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise FontsMissing(f"{path.name} is not there; type: make assets")
        self._path = path
        self._drawable = frozenset(TTFont(path, lazy=True).getBestCmap())

    def has(self, char: str) -> bool:
        return ord(char) in self._drawable

    def ink(self, char: str, size: int, *, fill: float = 0.86) -> np.ndarray:
        """``char`` drawn upright in the middle of a square.

        fill: the longer side of its ink, as a share of the square. Returns (size, size) float32 in
        [0, 1], 1 = ink.
        """
        font = _sized(self._path, size)
        left, top, right, bottom = font.getbbox(char)
        fitted = _sized(self._path, int(size * size * fill / max(right - left, bottom - top, 1)))
        left, top, right, bottom = fitted.getbbox(char)
        picture = Image.new("L", (size, size), 0)
        place = ((size - right - left) / 2, (size - bottom - top) / 2)
        ImageDraw.Draw(picture).text(place, char, fill=255, font=fitted)
        return np.asarray(picture, dtype=np.float32) / 255


def carving_typeface(root: Path) -> SampleTypeface:
    """What the blocks are carved in. Raises FontsMissing."""
    return SampleTypeface(root / _CARVING)


def printing_typeface(root: Path) -> SampleTypeface:
    """What the prints show, where it has the character. Raises FontsMissing."""
    return SampleTypeface(root / _PRINTING)


@lru_cache(maxsize=64)
def _sized(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)
