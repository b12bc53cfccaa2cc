"""A print brought into the frame of the height map that printed it, and how much of their ink meets."""

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

from webapp.search.fits import Fit, turned_over

SIDE = 256
"""Pixels a side of what is brought into one frame."""
_LEVELS = 256


@dataclass(frozen=True)
class AlignedPair:
    """A print and a height map in one frame, which reads as on paper.

    Args:
        picture: the print, (256, 256) grey, white where the picture shows nothing.
        height: the height map, 16 bits, 0 = floor.
        transform: from this frame to the whole picture; both have x to the right, y down, from -1 to 1.
        ink_overlap: of the ink of both, the share that meets (Dice's coefficient), in [0, 1].
    """

    picture: Image.Image
    height: Image.Image
    transform: tuple[float, ...]
    ink_overlap: float


def aligned(*, picture: Path, height: Path, ink: Path, ink_mirrored: bool, fit: Fit) -> AlignedPair:
    """Lay a print over a height map.

    Args:
        picture: the file of the print's picture.
        height: the file of the height map, as it was scanned.
        ink: the file of the block's print.
        ink_mirrored: whether that was turned over on the way from the height map.
        fit: where the height map lies on the picture.
    """
    over = _determinant(fit.transform) < 0
    transform = turned_over(fit.transform) if over else fit.transform
    with Image.open(height) as opened:
        heights = ImageOps.mirror(_sized(opened)) if over else _sized(opened)
    with Image.open(ink) as opened:
        block = _sized(opened.convert("L"))
    if over != ink_mirrored:
        block = ImageOps.mirror(block)
    with Image.open(picture) as opened:
        grey = opened.convert("L")
    paper = _paper(grey)
    laid = _warped(grey, transform, paper)
    return AlignedPair(laid, heights, transform, _overlap(_ink(laid, grey, paper), block.point(_is_dark)))


def _determinant(transform: tuple[float, ...]) -> float:
    a, b, _, d, e, _ = transform
    return a * e - b * d


def _sized(image: Image.Image) -> Image.Image:
    return (
        image.copy() if image.size == (SIDE, SIDE) else image.resize((SIDE, SIDE), Image.Resampling.NEAREST)
    )


def _warped(grey: Image.Image, transform: tuple[float, ...], paper: int) -> Image.Image:
    """The picture as seen in the height map's frame."""
    a, b, c, d, e, f = transform
    across, down = grey.width / SIDE, grey.height / SIDE
    half = SIDE / 2
    # Pillow counts from a picture's corner, and fetches for each pixel's middle.
    data = (
        a * across, b * across, half * across * (1 + c - a - b),
        d * down, e * down, half * down * (1 + f - d - e),
    )  # fmt: skip
    how = Image.Transform.AFFINE
    return grey.transform((SIDE, SIDE), how, data, Image.Resampling.BICUBIC, fillcolor=paper)


def _paper(grey: Image.Image) -> int:
    """The grey of the paper: the median of the picture's border."""
    wide, high = grey.size
    strips = ((0, 0, wide, 1), (0, high - 1, wide, high), (0, 0, 1, high), (wide - 1, 0, wide, high))
    counts = [sum(level) for level in zip(*(grey.crop(strip).histogram() for strip in strips), strict=True)]
    return next(level for level, below in enumerate(accumulate(counts)) if 2 * below >= sum(counts))


def _ink(laid: Image.Image, grey: Image.Image, paper: int) -> Image.Image:
    """255 where there is ink: what lies on the other side of the threshold than the paper."""
    threshold = _threshold(grey.histogram())
    dark = paper > threshold
    return laid.point([255 * ((level <= threshold) == dark) for level in range(_LEVELS)])


def _threshold(counts: list[int]) -> int:
    """The grey that parts a histogram best (Otsu 1979)."""
    total, whole = sum(counts), sum(level * count for level, count in enumerate(counts))
    best, found, below, mass = -1.0, 0, 0, 0
    for level, count in enumerate(counts):
        below += count
        mass += level * count
        if below in (0, total):
            continue
        apart = mass / below - (whole - mass) / (total - below)
        spread = below * (total - below) * apart * apart
        if spread > best:
            best, found = spread, level
    return found


def _is_dark(level: int) -> int:
    return 255 if level < _LEVELS // 2 else 0


def _overlap(one: Image.Image, other: Image.Image) -> float:
    both = ImageChops.darker(one, other).histogram()[-1]
    all_ink = one.histogram()[-1] + other.histogram()[-1]
    return round(2 * both / all_ink, 4) if all_ink else 0.0
