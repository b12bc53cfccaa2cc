"""What registration needs of an item and of a print: small, and made once.

Both are square. Places in either are given in its own frame: x to the right and y down, both from -1 to 1.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from retrieval.io.encode import png
from retrieval.preprocess.prints import trimmed_ink
from retrieval.preprocess.recipe import Recipe
from retrieval.register.kernels import gradients
from retrieval.render.ink import virtual_print

FORM_VERSION = 1
"""To be raised whenever ``item_form`` would give other bytes."""
SIDE = 64
OUTLINE = 16
PRINT_SIDE = 96
_PRINT = Recipe(size=PRINT_SIDE, margin=0.12)
# Ink thinner than this share of the picture is a speck.
_LEAST_INK = 0.004
# Standard deviations in pixels: a print's ink may be thinner or broader than the carving's face.
_SPREADS = (1.0, 1.6, 2.5)
_PNG_END = b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class ItemForm:
    """One carving, as the print reads it.

    ink: (64, 64) float32 in [0, 1], the print that its raised face would give.
    height: (64, 64) float32 in [0, 1], 0 = floor.
    """

    ink: np.ndarray
    height: np.ndarray

    @cached_property
    def levels(self) -> tuple[np.ndarray, np.ndarray]:
        """Coarse and fine, (3, 32, 32) and (3, 64, 64) float32: ink, and its slopes across and down."""
        return _level(cv2.resize(self.ink, (SIDE // 2,) * 2, interpolation=cv2.INTER_AREA)), _level(self.ink)

    @cached_property
    def outline(self) -> np.ndarray:
        """(16, 16) float32, for the search of a first place."""
        return cv2.resize(self.ink, (OUTLINE, OUTLINE), interpolation=cv2.INTER_AREA)

    @cached_property
    def slopes(self) -> np.ndarray:
        """(4, 2, 64, 64) float32, across and down: of the ink in three breadths, and of the height."""
        inks = [cv2.GaussianBlur(self.ink, (0, 0), spread) for spread in _SPREADS]
        return np.stack([slopes(part) for part in (*inks, cv2.GaussianBlur(self.height, (0, 0), 0.8))])

    @property
    def has_strokes(self) -> bool:
        """Whether there is anything to lay a print over."""
        return bool(_LEAST_INK < self.ink.mean() < 0.9)


@dataclass(frozen=True)
class PrintForm:
    """One print.

    levels: (48, 48) and (96, 96) float32, 0 = paper, 1 = full ink.
    outline: (24, 24) float32, for the search of a first place.
    to_picture: (2, 3) float64, from this form's frame to that of the whole picture.
    """

    levels: tuple[np.ndarray, np.ndarray]
    outline: np.ndarray
    to_picture: np.ndarray

    @property
    def has_ink(self) -> bool:
        """Whether there is anything to lay over a carving."""
        return bool(self.levels[0].mean() > _LEAST_INK)


def item_form(height: np.ndarray, printed: np.ndarray | None = None) -> bytes:
    """A carving in at most 8 KB, as seen: a mirrored block stays mirrored.

    height: (256, 256) float32 in [0, 1] from ``read_relief``.
    printed: its ``virtual_print``, where the caller has it already.
    """
    ink = 255 - (virtual_print(height) if printed is None else printed)
    small = [
        cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for part in (ink, _levelled(height))
    ]
    return png(np.vstack(small))


def read_item_form(data: bytes, *, mirrored: bool = False, turn: int = 0) -> ItemForm:
    """The inverse of ``item_form``.

    mirrored: whether to flip it left-right.
    turn: quarter turns counterclockwise before that.

    Raises:
        ValueError: for what is no form.
    """
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    whole = data.endswith(_PNG_END)  # of one that is cut short, the decoder makes a picture all the same
    if not whole or pixels is None or pixels.dtype != np.uint8 or pixels.shape != (2 * SIDE, SIDE):
        raise ValueError("no form of a carving")
    both = np.rot90(pixels.reshape(2, SIDE, SIDE), turn, axes=(1, 2))
    both = np.ascontiguousarray(both[:, :, ::-1] if mirrored else both).astype(np.float32) / 255
    return ItemForm(*both)


def print_form(gray: np.ndarray) -> PrintForm:
    """A print, its polarity, place and size taken out. gray: (H, W) uint8 of either polarity, from 1 x 1."""
    ink, back = trimmed_ink(gray, _PRINT)
    ink = np.clip(ink, -0.2, 1.2)
    soft = cv2.GaussianBlur(ink, (0, 0), 0.8)
    outline = cv2.resize(cv2.GaussianBlur(ink, (0, 0), 2), (24, 24), interpolation=cv2.INTER_AREA)
    half = PRINT_SIDE / 2
    frame = np.array([[half, 0, half - 0.5], [0, half, half - 0.5], [0, 0, 1]])
    coarse = cv2.resize(soft, (PRINT_SIDE // 2,) * 2, interpolation=cv2.INTER_AREA)
    size = np.array(gray.shape[::-1])  # x, y
    to_picture = (back @ frame) * (2 / size)[:, None]
    to_picture[:, 2] += 1 / size - 1
    return PrintForm((coarse, ink), outline, to_picture)


def slopes(picture: np.ndarray) -> np.ndarray:
    """(2, S, S) float32, across and down. picture: (S, S) float32."""
    return np.stack([cv2.Sobel(picture, cv2.CV_32F, *way, ksize=1) for way in ((1, 0), (0, 1))])


def _levelled(height: np.ndarray) -> np.ndarray:
    """The floor at 0 and the raised face at 255."""
    low, high = np.percentile(height[::2, ::2], (5, 98))
    return np.rint(255 * np.clip((height - low) / max(high - low, 1e-3), 0, 1)).astype(np.uint8)


def _level(ink: np.ndarray) -> np.ndarray:
    return np.stack([ink, *gradients(cv2.GaussianBlur(ink, (0, 0), 0.6))])
