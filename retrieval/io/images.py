"""Read a picture that a stranger sent: any of six formats, as grey for matching or as RGB for a page."""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import PurePath

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from retrieval.errors import BadImage
from retrieval.io.pixels import to_srgb
from retrieval.io.quiet import quiet_libraries

MAX_PIXELS = 100_000_000
IMAGE_EXTENSIONS = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_WANTED = "send it as PNG, JPEG, WebP, BMP, GIF or TIFF"
_AGAIN = "copy or export the picture again"

_READ = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"BM", "BMP"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_NOT_READ = (
    (b"%PDF", "a PDF document"),
    (b"8BPS", "a Photoshop document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"AT&TFORM", "a DjVu document"),
    (b"%!PS", "a PostScript document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"glTF", "a GLB mesh"),
)
_BY_EXTENSION = {".jpg": "JPEG", ".jpeg": "JPEG", ".jfif": "JPEG", ".tif": "TIFF", ".tiff": "TIFF"} | {
    f".{name.lower()}": name for name in ("PNG", "WebP", "BMP", "GIF")
}

# What Pillow's decoders raise, one or another, on a file that is damaged somewhere.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
    struct.error,
    zlib.error,
)


def image_format(head: bytes) -> str | None:
    """Name the readable format that a file's first bytes (16 are enough) announce, or None."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    return next((name for magic, name in _READ if head.startswith(magic)), None)


def read_image(data: bytes, *, name: str, max_pixels: int = MAX_PIXELS) -> np.ndarray:
    """Decode a picture to grey, as it looks upright on white paper.

    data: a PNG, JPEG, WebP, BMP, GIF (first frame) or TIFF (first page) file; its content decides,
        not its name. name: what messages call the file. max_pixels: larger pictures are refused by
        their header, before anything is decoded.
    Returns (H, W) uint8, 0 = black; dark ink on light paper stays dark.
    Raises BadImage: image_empty, image_unknown_format, image_too_large, image_truncated, image_damaged.
    """
    with _opened(data, name, max_pixels) as image:
        return np.array(_upright(image).convert("L"))


def display_image(data: bytes, name: str, max_side: int, *, max_pixels: int = MAX_PIXELS) -> np.ndarray:
    """Decode a picture for showing on a page.

    Like `read_image`, with its errors, but in colour and made smaller where it is longer than
    ``max_side`` pixels. Returns (H, W, 3) uint8 sRGB.
    """
    with _opened(data, name, max_pixels) as image:
        if image.format in ("JPEG", "MPO") and max(image.size) > max_side:
            # Twice the wanted size leaves enough to filter from, at a fraction of the decoding time.
            image.draft(image.mode, (2 * max_side, 2 * max_side))
        shown = _upright(image).convert("RGB")
        shown.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
        return np.array(shown)


@contextmanager
def _opened(data: bytes, name: str, max_pixels: int) -> Iterator[Image.Image]:
    """Open the file and turn whatever its decoder raises, now or later, into a BadImage."""
    kind = _known_format(data, name)
    hushed = quiet_libraries() if kind == "TIFF" else nullcontext()
    try:
        with hushed, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=(kind.upper(),)) as image:
                _refuse_large(image.size, name, max_pixels)
                yield image
    except Image.DecompressionBombError as error:
        # Pillow's own limit lies at 179 million pixels and is checked before ours.
        pixels = re.search(r"\d+", str(error))
        size = f"{int(pixels[0]) / 1_000_000:,.0f} million" if pixels else "too many"
        raise _too_large(f"{name} has {size} pixels", max_pixels) from error
    except MemoryError as error:
        raise _too_large(f"{name} needs more memory than there is", max_pixels) from error
    except _DAMAGE as error:
        raise _damaged(name, kind, error) from error


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except _DAMAGE:
        # A picture with damaged EXIF is still a picture; it stays as it was stored.
        pass
    return to_srgb(image)


def _known_format(data: bytes, name: str) -> str:
    if not data:
        raise BadImage(f"{name} is empty (0 bytes)", hint=_AGAIN, code="image_empty")
    kind = image_format(data[:16])
    if kind is None:
        claimed = _BY_EXTENSION.get(PurePath(name).suffix.lower())
        but = f", though its name says {claimed}" if claimed else ""
        raise BadImage(f"{name} is {_foreign(data)}{but}", hint=_WANTED, code="image_unknown_format")
    return kind


def _foreign(data: bytes) -> str:
    """Say in a few words what a file is that is no picture of ours."""
    for magic, words in _NOT_READ:
        if data.startswith(magic):
            return words
    if data[4:8] == b"ftyp":
        return "a HEIC, AVIF or video file"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "an SVG drawing"
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith(b"<"):
        return "an XML or HTML text"
    if not data.strip(b"\0"):
        return "nothing but zeros"
    text = start.decode("utf-8", errors="ignore")
    plain = text and not any(ord(letter) < 32 and not letter.isspace() for letter in text)
    return "a text file" if plain else "not a picture in a format that can be read"


def _refuse_large(size: tuple[int, int], name: str, max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise _too_large(f"{name} is {width} x {height} pixels", max_pixels)
    if min(size) < 1:
        raise BadImage(f"{name} has no pixels ({width} x {height})", hint=_AGAIN, code="image_damaged")


def _too_large(what: str, max_pixels: int) -> BadImage:
    limit = f"{max_pixels / 1_000_000:g} million pixels"
    return BadImage(
        f"{what}, more than the {limit} allowed",
        hint="cut out the character, or make the picture smaller",
        code="image_too_large",
    )


def _damaged(name: str, kind: str, error: Exception) -> BadImage:
    claimed = _BY_EXTENSION.get(PurePath(name).suffix.lower(), kind)
    also = "" if claimed == kind else f" (a {kind} file, though its name says {claimed})"
    if isinstance(error, UnidentifiedImageError):
        words = f"{name} is damaged, or a kind of {kind} file that cannot be read{also}"
        return BadImage(words, hint="save it again as an 8-bit PNG", code="image_damaged")
    words = str(error).lower()
    if isinstance(error, EOFError) or any(
        word in words for word in ("truncated", "broken data stream", "not enough")
    ):
        return BadImage(f"{name} is cut short{also}", hint=_AGAIN, code="image_truncated")
    return BadImage(f"{name} is a damaged {kind} file{also}", hint=_AGAIN, code="image_damaged")
