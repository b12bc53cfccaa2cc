import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from retrieval.errors import BadImage
from retrieval.io.images import display_image, read_image
from retrieval.io.pixels import scale_to_bytes

ROWS, COLUMNS = np.mgrid[:40, :60]
GREY = ((COLUMNS * 4 + ROWS) % 256).astype(np.uint8)
PICTURE = Image.fromarray(GREY)


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, depth, colour, rows, *extra):
    """A PNG file written by hand: rows is its raw scan lines, extra further chunks before them."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = (
        chunk(b"IHDR", header) + b"".join(extra) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


def tiff(values, *, sample_format=1, photometric=1, order="<"):
    """An uncompressed grey TIFF file of any sample type, written by hand."""
    values = values.astype(values.dtype.newbyteorder(order))
    tags = {
        256: (4, values.shape[1]),
        257: (4, values.shape[0]),
        258: (3, 8 * values.itemsize),
        259: (3, 1),
        262: (3, photometric),
        273: (4, 8 + 2 + 10 * 12 + 4),
        277: (3, 1),
        278: (4, values.shape[0]),
        279: (4, values.nbytes),
        339: (3, sample_format),
    }
    entries = b"".join(
        struct.pack(
            order + ("HHIHH" if kind == 3 else "HHII"), tag, kind, 1, value, *([0] if kind == 3 else [])
        )
        for tag, (kind, value) in tags.items()
    )
    mark = b"II*\0" if order == "<" else b"MM\0*"
    header = mark + struct.pack(order + "IH", 8, len(tags))
    return header + entries + struct.pack(order + "I", 0) + values.tobytes()


def turned(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    return exif


def assert_reads_as(data, expected, tolerance=0, name="picture"):
    grey = read_image(data, name=name)
    assert grey.dtype == np.uint8
    assert grey.shape == expected.shape
    assert np.abs(grey.astype(int) - expected).max() <= tolerance


@pytest.fixture(autouse=True)
def strict(capfd):
    """No warning may leak from any picture, and no decoder may write to the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF"])
@pytest.mark.parametrize("name", ["a.png", "字.JPG", "noextension"])
def test_content_decides_not_the_name(kind, name):
    assert_reads_as(encoded(PICTURE, kind), GREY, name=name)


def test_lossy_formats():
    assert_reads_as(encoded(PICTURE, "JPEG", quality=95), GREY, 4)
    assert_reads_as(encoded(PICTURE.convert("RGB"), "WEBP", lossless=True), GREY)
    assert_reads_as(encoded(PICTURE, "MPO", quality=95, save_all=True, append_images=[PICTURE]), GREY, 4)


@pytest.mark.parametrize(
    ("kind", "options"), [("GIF", {}), ("TIFF", {}), ("WEBP", {"lossless": True}), ("PNG", {})]
)
def test_of_many_frames_the_first(kind, options):
    other = Image.fromarray(255 - GREY)
    data = encoded(
        PICTURE.convert("RGB"), kind, save_all=True, append_images=[other.convert("RGB")], **options
    )
    # A GIF chooses 256 colours for what it is given.
    assert_reads_as(data, GREY, 3 if kind == "GIF" else 0)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_turns_the_picture_upright(orientation, kind):
    upright = {
        1: GREY,
        2: GREY[:, ::-1],
        3: GREY[::-1, ::-1],
        4: GREY[::-1],
        5: GREY.T,
        6: np.rot90(GREY, -1),
        7: GREY[::-1, ::-1].T,
        8: np.rot90(GREY),
    }[orientation]
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(kind, {})
    data = encoded(PICTURE.convert("RGB"), kind, exif=turned(orientation), **options)
    assert_reads_as(data, upright, 4 if kind == "JPEG" else 0)


def test_damaged_exif_is_no_reason_to_refuse():
    assert_reads_as(encoded(PICTURE, "JPEG", quality=95, exif=b"Exif\0\0II*\0\xff\xff\xff\xff\1\2"), GREY, 4)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_lies_on_white(mode):
    alpha = np.where(ROWS < 20, 255, 0).astype(np.uint8)
    picture = PICTURE.convert(mode)
    picture.putalpha(Image.fromarray(alpha))
    expected = np.where(ROWS < 20, GREY, 255)
    for kind in ("PNG", "TIFF"):
        assert_reads_as(encoded(picture, kind), expected)
    picture.putalpha(128)
    assert_reads_as(encoded(picture, "PNG"), GREY * (128 / 255) + 127, 1)


def test_transparent_colours_lie_on_white():
    assert_reads_as(encoded(PICTURE, "PNG", transparency=7), np.where(GREY == 7, 255, GREY))
    colour = encoded(PICTURE.convert("RGB"), "PNG", transparency=(7, 7, 7))
    assert_reads_as(colour, np.where(GREY == 7, 255, GREY))
    palette = encoded(PICTURE.convert("P"), "PNG", transparency=bytes(255 * (i % 2) for i in range(256)))
    assert_reads_as(palette, np.where(GREY % 2, GREY, 255))
    assert_reads_as(encoded(PICTURE, "GIF", transparency=7), np.where(GREY == 7, 255, GREY))
    one_bit = encoded(PICTURE.convert("1"), "PNG", transparency=0)
    assert_reads_as(one_bit, np.full_like(GREY, 255))


def test_one_bit_and_palettes():
    dithered = PICTURE.convert("1")
    assert_reads_as(encoded(dithered, "PNG"), np.array(dithered.convert("L")))
    assert_reads_as(encoded(dithered, "TIFF", compression="group4"), np.array(dithered.convert("L")))
    assert_reads_as(encoded(PICTURE.convert("P"), "BMP"), GREY)


def test_cmyk_is_ink_not_light():
    inks = PICTURE.convert("RGB").convert("CMYK")
    assert_reads_as(encoded(inks, "TIFF"), GREY, 1)
    assert_reads_as(encoded(inks, "JPEG", quality=95), GREY, 4)


def test_an_embedded_profile_is_followed():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The same profile with the names of its red and green primaries exchanged.
    swapped = srgb.replace(b"rXYZ", b"?").replace(b"gXYZ", b"rXYZ").replace(b"?", b"gXYZ")
    colours = Image.new("RGBA", (8, 8), (200, 40, 90, 255))
    for kind in ("PNG", "TIFF"):
        as_it_is = display_image(encoded(colours, kind, icc_profile=srgb), "a", 8)
        followed = display_image(encoded(colours, kind, icc_profile=swapped), "a", 8)
        np.testing.assert_allclose(as_it_is[0, 0], (200, 40, 90), atol=2)
        np.testing.assert_allclose(followed[0, 0], (40, 200, 90), atol=2)


def test_a_profile_that_does_not_fit_is_ignored():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for picture in (PICTURE, PICTURE.convert("P"), PICTURE.convert("1")):
        expected = np.array(picture.convert("L"))
        for profile in (srgb, b"no profile", b""):
            assert_reads_as(encoded(picture, "PNG", icc_profile=profile), expected)
    assert_reads_as(encoded(PICTURE.convert("CMYK"), "TIFF", icc_profile=srgb), GREY, 1)


def test_lab_colours():
    lightness = Image.new("L", (8, 8), 255)
    white = Image.merge("LAB", (lightness, Image.new("L", (8, 8), 128), Image.new("L", (8, 8), 128)))
    assert read_image(encoded(white, "TIFF"), name="lab.tif").min() >= 250


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("values", "sample_format", "tolerance"),
    [
        (GREY.astype(np.uint16) * 257, 1, 0),
        (GREY.astype(np.uint16) * 16, 1, 1),
        (GREY.astype(np.uint16), 1, 0),
        ((GREY.astype(np.int16) - 128) * 200, 2, 0),
        (GREY.astype(np.int32) * 70_000, 2, 1),
        (GREY.astype(np.float32) / 255, 3, 0),
        (GREY.astype(np.float32), 3, 0),
        (GREY.astype(np.float32) * 1e6, 3, 1),
        (GREY.astype(np.float32) - 100, 3, 0),
    ],
    ids=["u16", "12 of 16 bits", "8 of 16 bits", "i16", "i32", "to 1", "to 255", "to 255e6", "below 0"],
)
def test_deep_grey_is_scaled_not_clipped(values, sample_format, tolerance, order):
    full = np.array(GREY, copy=True)
    assert_reads_as(tiff(values, sample_format=sample_format, order=order), full, tolerance)


def test_unsigned_32_bits_do_not_wrap():
    assert_reads_as(tiff(GREY.astype(np.uint32) * 2**24), GREY, 1)


@pytest.mark.parametrize("values", [GREY.astype(np.uint16) * 257, GREY.astype(np.float32) / 255])
def test_deep_grey_whose_zero_is_white(values):
    sample_format = 3 if values.dtype.kind == "f" else 1
    assert_reads_as(tiff(values, sample_format=sample_format, photometric=0), 255 - GREY)


@pytest.mark.parametrize(("colour", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_png_of_sixteen_bits(colour, channels):
    deep = np.repeat(GREY.astype(">u2")[:, :, None] * 257, channels, axis=2).astype(">u2")
    if channels in (2, 4):
        deep[:, :, -1] = 65_535
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    assert_reads_as(png(60, 40, 16, colour, rows), GREY)


def test_what_is_not_finite_is_white():
    values = np.array([[0, 0.5, 1], [np.nan, np.inf, -np.inf]], np.float32)
    assert scale_to_bytes(values).tolist() == [[0, 128, 255], [255, 255, 255]]
    assert (scale_to_bytes(np.full((2, 2), np.nan, np.float32)) == 255).all()


@pytest.mark.parametrize("value", [0, 7, -7, 2**31 - 1])
def test_one_shade_all_over(value):
    shade = scale_to_bytes(np.full((3, 3), value, np.int32))
    assert shade.min() == shade.max()


def test_display_keeps_colour_and_is_made_smaller_only():
    red = Image.new("RGB", (300, 100), (200, 10, 20))
    for kind in ("PNG", "JPEG"):
        shown = display_image(encoded(red, kind), "a", 60)
        assert shown.shape == (20, 60, 3)
        np.testing.assert_allclose(shown[10, 30], (200, 10, 20), atol=4)
    assert display_image(encoded(red, "PNG"), "a", 1_000).shape == (100, 300, 3)
    turned_by = encoded(red, "JPEG", exif=turned(6))
    assert display_image(turned_by, "a", 60).shape == (60, 20, 3)
    assert display_image(encoded(Image.new("L", (1, 900)), "PNG"), "a", 30).shape == (30, 1, 3)


@pytest.mark.parametrize("side", [30_000, 12_000])
def test_a_huge_picture_is_refused_by_its_header(side):
    for data in (png(side, side, 1, 0, b""), tiff_header(side), bmp_header(side)):
        with pytest.raises(BadImage, match=r"huge\.png") as caught:
            read_image(data, name="huge.png")
        assert caught.value.code == "image_too_large"
        assert caught.value.hint


def tiff_header(side):
    data = bytearray(tiff(np.zeros((1, 1), np.uint16)))
    struct.pack_into("<I", data, 10 + 8, side)
    struct.pack_into("<I", data, 10 + 12 + 8, side)
    return bytes(data)


def bmp_header(side):
    return b"BM" + struct.pack("<IHHIIIIHHIIIIII", 54, 0, 0, 54, 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)


def test_the_limit_is_the_callers():
    data = encoded(PICTURE, "PNG")
    assert read_image(data, name="a", max_pixels=2_400).shape == (40, 60)
    with pytest.raises(BadImage, match="60 x 40 pixels"):
        read_image(data, name="a", max_pixels=2_399)


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("a.png", b"", "image_empty", "a.png is empty"),
        ("b.png", b"hello,\nworld\n", "image_unknown_format", "text file, though its name says PNG"),
        ("c.jpg", b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "image_unknown_format", "SVG"),
        ("d.gif", b"\n <!DOCTYPE html><html>", "image_unknown_format", "web page"),
        ("e", b"%PDF-1.7", "image_unknown_format", "PDF"),
        ("f.bmp", bytes(500), "image_unknown_format", "nothing but zeros"),
        ("g.tif", bytes(range(256)), "image_unknown_format", "not a picture"),
        ("h.webp", b"\0\0\0\x1cftypheic", "image_damaged", "HEIC"),
        ("i.png", b"PK\x03\x04" + bytes(50), "image_unknown_format", "zip"),
        ("j.jpg", b"\xff\xd8\xff", "image_damaged", "j.jpg"),
        ("k.png", b"GIF89a", "image_damaged", "a GIF file, though its name says PNG"),
        ("l.png", png(0, 10, 8, 0, b""), "image_damaged", "l.png"),
        ("m.png", png(60, 40, 8, 0, b"\0" * 100), "image_truncated", "m.png is cut short"),
    ],
)
def test_what_is_no_picture_is_named(name, data, code, words):
    with pytest.raises(BadImage) as caught:
        read_image(data, name=name)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert str(caught.value).startswith(name)
    assert caught.value.hint


def whole_files():
    colour = Image.merge(
        "RGB", (PICTURE, PICTURE.rotate(180), PICTURE.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    )
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return {
        "png": encoded(colour, "PNG", icc_profile=srgb),
        "jpeg": encoded(colour, "JPEG", exif=turned(6), icc_profile=srgb),
        "progressive": encoded(colour, "JPEG", progressive=True),
        "webp": encoded(colour, "WEBP", exif=turned(3)),
        "bmp": encoded(colour, "BMP"),
        "gif": encoded(colour, "GIF"),
        "tiff": encoded(colour, "TIFF"),
        "lzw": encoded(colour, "TIFF", compression="tiff_lzw"),
        "jpeg in tiff": encoded(colour, "TIFF", compression="jpeg"),
        "deep": tiff(GREY.astype(np.float32), sample_format=3),
    }


@pytest.mark.parametrize("kind", list(whole_files()))
def test_no_damage_ends_in_anything_but_bad_image(kind):
    """Cut short at any place, and with any bytes changed: an array, or a BadImage that names the file."""
    whole = whole_files()[kind]
    random = np.random.default_rng(len(whole))
    cuts = [whole[:length] for length in random.integers(1, len(whole), 60)]
    for number in range(120):
        damaged = bytearray(whole)
        reach = len(whole) if number % 2 else 200
        for place in random.integers(0, reach, random.integers(1, 8)):
            damaged[place] = random.integers(256)
        cuts.append(bytes(damaged))
    refused = 0
    for data in cuts:
        try:
            assert read_image(data, name="odd.img", max_pixels=4_000_000).ndim == 2
        except BadImage as error:
            refused += "odd.img" in str(error)
    assert refused >= 30


@pytest.mark.parametrize("kind", ["png", "jpeg", "bmp", "gif", "tiff", "lzw"])
def test_half_a_file_is_refused(kind):
    whole = whole_files()[kind]
    with pytest.raises(BadImage):
        read_image(whole[: len(whole) // 2], name="half.img")
