"""Small pictures of made-up characters: the strokes are drawn here, so no font is needed.

The same seed is always the same character; ``style`` redraws it thicker, thinner or a little askew, as
another print of it would be.
"""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def strokes(seed: int) -> list[tuple[float, float, float, float, float]]:
    """The strokes of character ``seed``: (x0, y0, x1, y1, thickness), y down, in a square [0, 1]."""
    rng = np.random.default_rng(seed)
    bars = [(rng.uniform(0.1, 0.4), y, rng.uniform(0.6, 0.9), y, 0.035) for y in _rows(rng)]
    posts = [(x, rng.uniform(0.08, 0.35), x, rng.uniform(0.6, 0.92), 0.045) for x in _rows(rng)]
    falls = [
        (
            x := rng.uniform(0.35, 0.65),
            y := rng.uniform(0.3, 0.55),
            x + side * rng.uniform(0.2, 0.3),
            y + 0.3,
            0.04,
        )
        for side in rng.permutation([-1, 1])[: rng.integers(0, 3)]
    ]
    dots = [(x, y, x + 0.06, y + 0.07, 0.045) for x, y in rng.uniform(0.12, 0.82, (rng.integers(0, 3), 2))]
    return bars + posts + falls + dots


def _rows(rng: np.random.Generator) -> np.ndarray:
    count = rng.integers(1, 4)
    return np.sort(rng.choice(np.linspace(0.15, 0.85, 6), count, replace=False))


def glyph(seed: int, size: int = 128, *, style: int = 0) -> np.ndarray:
    """Character ``seed`` as ink.

    Returns:
        ink: (size, size) float32 in [0, 1], 1 = stroke, soft at the edges.
    """
    rng = np.random.default_rng((seed, style))
    weight = 1.0 if style == 0 else rng.uniform(0.7, 1.3)
    shift = np.zeros(2) if style == 0 else rng.uniform(-0.03, 0.03, 2)
    y, x = (np.mgrid[:size, :size] + 0.5) / size
    ink = np.zeros((size, size))
    for x0, y0, x1, y1, thickness in strokes(seed):
        away = _distance(x - shift[0], y - shift[1], x0, y0, x1, y1)
        ink = np.maximum(ink, np.clip((thickness * weight - away) * size + 0.5, 0, 1))
    return ink.astype(np.float32)


def _distance(x, y, x0, y0, x1, y1) -> np.ndarray:
    length2 = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-9)
    along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length2, 0, 1)
    return np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))


def print_of(seed: int, size: int = 128, *, style: int = 0) -> Image.Image:
    """A print of character ``seed``: dark ink on light paper with some grain, RGB."""
    rng = np.random.default_rng((seed, style, 7))
    paper = np.array([236, 226, 204]) + rng.normal(0, 4, (size, size, 1))
    ink = np.array([38, 33, 30]) + rng.normal(0, 6, (size, size, 1))
    mask = glyph(seed, size, style=style)[..., None]
    return Image.fromarray(np.clip(paper * (1 - mask) + ink * mask, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    """``image`` as a file of ``kind``: PNG, JPEG, WEBP, BMP, GIF or TIFF."""
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def png(seed: int, size: int = 128, *, style: int = 0) -> bytes:
    """A print of character ``seed`` as a PNG file."""
    return encoded(print_of(seed, size, style=style))


def jpeg(seed: int, size: int = 128, *, style: int = 0) -> bytes:
    """A print of character ``seed`` as a JPEG file."""
    return encoded(print_of(seed, size, style=style), "JPEG", quality=90)


def png_header_of(width: int, height: int) -> bytes:
    """A whole, small PNG file which says that it is ``width`` x ``height`` one-bit pixels.

    Its picture data are a compressed run of zeros, so a careless reader takes all that memory.
    """

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer, row = zlib.compressobj(9), b"\0" * (1 + (width + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
