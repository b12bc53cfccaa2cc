"""Every dialect of every picture format that is drawn here: the same picture, or refused by its reason."""

import io
import struct
from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageChops, features

from common.file_types import Kind, read_types
from retrieval.errors import BadImage
from retrieval.io.images import further_pages, read_image
from tests import pictures

PRINT = pictures.print_of(3, 64).convert("L")
GREY = np.asarray(PRINT)
SOFT = 6  # of 255 on average: what a lossy format may change


def saved(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.copy().save(file, kind, **options)  # saving leaves settings on a picture
    return file.getvalue()


def with_alpha(mode: str) -> Image.Image:
    """The ink alone, black, as dense as the print is dark; on white paper it is the print."""
    ink = Image.new("RGB" if mode == "RGBA" else "L", PRINT.size, 0)
    ink.putalpha(ImageChops.invert(PRINT))
    return ink


def tiff(values: np.ndarray, *, sample_format: int, white_is_zero: bool = False, order: str = "<") -> bytes:
    """An uncompressed grey TIFF of any sample. sample_format: 1 unsigned, 2 signed, 3 float."""
    body = values.astype(values.dtype.newbyteorder(order)).tobytes()
    height, width = values.shape
    tags = [
        (256, 3, width),
        (257, 3, height),
        (258, 3, values.itemsize * 8),
        (259, 3, 1),
        (262, 3, 0 if white_is_zero else 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 3, height),
        (279, 4, len(body)),
        (339, 3, sample_format),
    ]
    entries = b"".join(
        struct.pack(f"{order}HHI", tag, kind, 1) + struct.pack(f"{order}{'H2x' if kind == 3 else 'I'}", value)
        for tag, kind, value in tags
    )
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8 + len(body))
    return head + body + struct.pack(f"{order}H", len(tags)) + entries + bytes(4)


def two() -> dict:
    """Saves a white page behind the first one."""
    return {"save_all": True, "append_images": [Image.new("L", PRINT.size, 255)]}


DEEP = GREY.astype(np.uint16) * 257
READ = {
    "png": {
        "grey": saved(PRINT, "PNG"),
        "colour": saved(PRINT.convert("RGB"), "PNG"),
        "palette": saved(PRINT.convert("P"), "PNG"),
        "grey and alpha": saved(with_alpha("LA"), "PNG"),
        "colour and alpha": saved(with_alpha("RGBA"), "PNG"),
        "16 bits": saved(Image.fromarray(DEEP), "PNG"),
        "animated": saved(PRINT, "PNG", **two()),
    },
    "jpeg": {
        "grey": saved(PRINT, "JPEG", quality=95),
        "colour": saved(PRINT.convert("RGB"), "JPEG", quality=95),
        "progressive": saved(PRINT, "JPEG", quality=95, progressive=True),
        "halved colours": saved(PRINT.convert("RGB"), "JPEG", quality=95, subsampling=2),
        "inks": saved(PRINT.convert("CMYK"), "JPEG", quality=95),
        "several pictures": saved(PRINT, "MPO", quality=95, **two()),
    },
    "webp": {
        "lossy": saved(PRINT.convert("RGB"), "WEBP", quality=95),
        "lossless": saved(PRINT.convert("RGB"), "WEBP", lossless=True),
        "alpha": saved(with_alpha("RGBA"), "WEBP", lossless=True),
        "animated": saved(PRINT.convert("RGB"), "WEBP", lossless=True, **two()),
    },
    "bmp": {
        "palette": saved(PRINT.convert("P"), "BMP"),
        "grey": saved(PRINT, "BMP"),
        "colour": saved(PRINT.convert("RGB"), "BMP"),
        "colour of 32 bits": saved(PRINT.convert("RGBA"), "BMP"),
    },
    "gif": {
        "one frame": saved(PRINT, "GIF"),
        "several frames": saved(PRINT, "GIF", **two()),
        "interlaced": saved(PRINT, "GIF", interlace=True),
    },
    "tiff": {
        **{
            compression: saved(PRINT, "TIFF", compression=compression)
            for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")
        },
        "grey and alpha": saved(with_alpha("LA"), "TIFF"),
        "colour and alpha": saved(with_alpha("RGBA"), "TIFF"),
        "inks": saved(PRINT.convert("CMYK"), "TIFF"),
        "YCbCr": saved(PRINT.convert("YCbCr"), "TIFF"),
        "several pages": saved(PRINT, "TIFF", **two()),
        "a thumbnail first": saved(PRINT.resize((16, 16)), "TIFF", save_all=True, append_images=[PRINT]),
        "white is zero": tiff(255 - GREY, sample_format=1, white_is_zero=True),
        "16 bits": tiff(DEEP, sample_format=1),
        "16 bits, most significant first": tiff(DEEP, sample_format=1, order=">"),
        "16 bits, signed": tiff(GREY.astype(np.int16) * 128, sample_format=2),
        "8 bits, signed": tiff((GREY // 2).astype(np.int8), sample_format=2),
        "float": tiff(GREY.astype(np.float32) / 255, sample_format=3),
    },
}
if features.check("avif"):
    READ["avif"] = {"lossy": saved(PRINT.convert("RGB"), "AVIF", quality=95)}

REFUSED = {
    "empty": (b"", "image_empty"),
    "cut short": (saved(PRINT, "TIFF")[:2000], "image_truncated"),
    "a picture in name alone": (b"ink " * 99, "image_unknown_format"),
    "icon": (saved(PRINT, "ICO"), "image_unknown_format"),
    "page description": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "image_unknown_format"),
    "texture": (saved(PRINT.convert("RGBA"), "DDS"), "image_unknown_format"),
    "document": (saved(PRINT, "PDF"), "image_unknown_format"),
    "damaged": (b"\0\0\0\x1cftypheic" + bytes(200), "image_damaged"),
}
COUNTS = {"avif": 1, "bmp": 4, "gif": 3, "jpeg": 6, "png": 7, "tiff": 17, "webp": 4}


@pytest.mark.parametrize(
    ("kind", "dialect"), [(kind, name) for kind, files in READ.items() for name in files]
)
def test_each_dialect_is_the_same_picture(kind, dialect):
    gray = read_image(READ[kind][dialect], name=f"print.{kind}")
    assert gray.shape == GREY.shape
    assert np.abs(gray.astype(int) - GREY).mean() < SOFT


@pytest.mark.parametrize("dialect", REFUSED)
def test_each_refusal_has_its_own_reason_and_says_what_to_do(dialect):
    data, code = REFUSED[dialect]
    with pytest.raises(BadImage) as caught:
        read_image(data, name="print.png")
    assert caught.value.code == code, str(caught.value)
    assert "print.png" in str(caught.value)
    assert caught.value.hint


def test_as_many_of_each_kind_as_before():
    assert Counter({kind: len(files) for kind, files in READ.items()}) == Counter(COUNTS)
    drawn_elsewhere = {"heic"}  # nothing here writes it; a file of it lies with the tests of uploads
    assert {one.name for one in read_types(Kind.PICTURE)} <= READ.keys() | drawn_elsewhere


@pytest.mark.parametrize(("kind", "dialect"), [("tiff", "several pages"), ("gif", "several frames")])
def test_further_pages_are_counted(kind, dialect):
    assert further_pages(READ[kind][dialect], name="pages") == 1
