"""Read a picture that a stranger sent: as grey for matching or as RGB for a page."""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import cv2
import numpy as np
import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from common.file_heads import HEAD
from common.file_types import UNKNOWN, FileType, Kind, claimed_type, listed, sniff
from retrieval.errors import BadImage
from retrieval.io.pages import is_camera_raw, main_page
from retrieval.io.pixels import to_srgb
from retrieval.io.quiet import quiet_libraries

pi_heif.register_heif_opener()  # Pillow reads AVIF itself, and HEIC by this
MAX_PIXELS = 100_000_000
MAX_PAGE_PIXELS = 200_000_000
"""Of a whole page."""
Image.MAX_IMAGE_PIXELS = MAX_PAGE_PIXELS // 2  # Pillow refuses twice of it, whatever we allow
_COLOUR_PIXELS = 40_000_000  # a larger page is read in grey alone, so that its memory stays bounded
_AGAIN = "copy or export the picture again"

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


def read_image(data: bytes, *, name: str, max_pixels: int = MAX_PIXELS) -> np.ndarray:
    """Decode a picture to grey, as it looks upright on white paper.

    Args:
        data: a file of a picture type that ``common.file_types`` reads; its content decides, not its name,
            and of several frames or pages the first that is no thumbnail is taken (``further_pages``).
        name: what messages call the file.
        max_pixels: larger pictures are refused by their header, before anything is decoded.

    Returns:
        (H, W) uint8, 0 = black; dark ink on light paper stays dark.

    Raises:
        BadImage: image_empty, image_unknown_format, image_too_large, image_truncated, image_damaged.

    Example:
        >>> import cv2
        >>> import numpy as np
        >>> from retrieval.io.images import read_image
        >>> png = cv2.imencode(".png", np.full((40, 30), 200, np.uint8))[1].tobytes()
        >>> gray = read_image(png, name="page.png")
        >>> gray.shape, int(gray[0, 0])
        ((40, 30), 200)
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


def page_image(data: bytes, *, name: str) -> np.ndarray:
    """Decode a page scan, as it looks upright on white paper.

    Like `read_image`, with its errors, but up to ``MAX_PAGE_PIXELS``. Returns (H, W, 3) uint8 sRGB, or
    (H, W) uint8 grey of a page so large that its colours would not fit into a worker's memory.
    """
    with _opened(data, name, MAX_PAGE_PIXELS) as image:
        if image.width * image.height <= _COLOUR_PIXELS:
            return np.array(_upright(image).convert("RGB"))
        if image.format in ("JPEG", "MPO"):
            image.draft("L", image.size)
        elif (grey := _decoded_in_grey(data, image)) is not None:
            return np.array(ImageOps.exif_transpose(grey))
        return np.array(_upright(image).convert("L"))


def _decoded_in_grey(data: bytes, image: Image.Image) -> Image.Image | None:
    """A picture whose decoder gives grey row by row: a byte a pixel, where Pillow's needs four.

    None where that decoder does not take it, and of one that can be seen through: paper shows there.
    """
    if image.format not in ("PNG", "TIFF") or "A" in image.getbands() or "transparency" in image.info:
        return None
    flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None or pixels.shape != (image.height, image.width):
        return None
    grey = Image.fromarray(pixels)
    grey.getexif().update(image.getexif())
    return grey


def further_pages(data: bytes, *, name: str, max_pixels: int = MAX_PIXELS) -> int:
    """How many pages or frames a file holds besides the one that is read, thumbnails not counted.

    Raises:
        BadImage: as ``read_image``.
    """
    with _opened(data, name, max_pixels) as image:
        return main_page(image).count - 1


@contextmanager
def _opened(data: bytes, name: str, max_pixels: int) -> Iterator[Image.Image]:
    """Open the file and turn whatever its decoder raises, now or later, into a BadImage."""
    found = _known_format(data, name)
    hushed = quiet_libraries() if found.name == "tiff" else nullcontext()
    try:
        with hushed, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if found.name == "tiff":
                _refuse_raw(data, name)
            with Image.open(io.BytesIO(data), formats=(_pillow_name(found),)) as image:
                image.seek(main_page(image).index)
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
        raise _damaged(name, found, error) from error


def _pillow_name(found: FileType) -> str:
    return "HEIF" if found.name == "heic" else found.name.upper()


def _refuse_raw(data: bytes, name: str) -> None:
    """A raw picture's preview has a hundredth of its pixels; what is wanted is the picture."""
    if claimed_type(name).name == "camera raw" or is_camera_raw(data):
        raise BadImage(
            f"{name} is a camera's raw picture, of which only a small preview could be read",
            hint="develop it in the camera's program, and save it as TIFF or JPEG",
            code="image_camera_raw",
        )


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except _DAMAGE:
        # A picture with damaged EXIF is still a picture; it stays as it was stored.
        pass
    return to_srgb(image)


def _known_format(data: bytes, name: str) -> FileType:
    if not data:
        raise BadImage(f"{name} is empty (0 bytes)", hint=_AGAIN, code="image_empty")
    found = sniff(data[:HEAD], size=len(data))
    if not found.can_be(Kind.PICTURE):
        claimed = claimed_type(name)
        but = f", though its name says {claimed.label}" if claimed.can_be(Kind.PICTURE) else ""
        what = _in_words(data) if found is UNKNOWN else found.phrase
        hint = f"send it as {listed(Kind.PICTURE)}"
        raise BadImage(f"{name} is {what}{but}", hint=hint, code="image_unknown_format")
    return found


def _in_words(data: bytes) -> str:
    """Say in a few words what a file is that no format is recognised in."""
    if not data.strip(b"\0"):
        return "nothing but zeros"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return "an XML or HTML text"
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


def _damaged(name: str, found: FileType, error: Exception) -> BadImage:
    claimed, kind = claimed_type(name), found.label
    named_otherwise = claimed.can_be(Kind.PICTURE) and claimed is not found
    also = f" (a {kind} file, though its name says {claimed.label})" if named_otherwise else ""
    if isinstance(error, UnidentifiedImageError):
        words = f"{name} is damaged, or a kind of {kind} file that cannot be read{also}"
        return BadImage(words, hint="save it again as an 8-bit PNG", code="image_damaged")
    words = str(error).lower()
    if found.name == "tiff" and "0 bytes not processed" in words:
        # All of it is there, in tiles of a kind that the decoder does not take, such as subsampled colour.
        words = f"{name} is a kind of {kind} file that cannot be read{also}"
        return BadImage(words, hint="save it again as an 8-bit PNG", code="image_damaged")
    if isinstance(error, EOFError) or any(
        word in words for word in ("truncated", "broken data stream", "not enough")
    ):
        return BadImage(f"{name} is cut short{also}", hint=_AGAIN, code="image_truncated")
    return BadImage(f"{name} is a damaged {kind} file{also}", hint=_AGAIN, code="image_damaged")
