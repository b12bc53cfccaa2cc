"""Files of several pages, telephones' and cameras' files, and rarer kinds of TIFF, all drawn here."""

import io
import struct

import numpy as np
import pi_heif
import pytest
from PIL import Image

from retrieval.errors import BadImage
from retrieval.io.images import display_image, further_pages, read_image
from retrieval.io.pages import Page, main_page

GREY = ((np.mgrid[:40, :60][1] * 4) % 256).astype(np.uint8)


def page(side, shade):
    return Image.new("L", (side, side), shade)


def saved(first, kind, *more, **options):
    file = io.BytesIO()
    first.save(file, kind, save_all=bool(more), append_images=more, **options)
    return file.getvalue()


def tiff(tags, data):
    """A little-endian TIFF. tags: {number: (kind, values)}; offsets count from where the data begins."""
    letters = {1: "B", 2: "B", 3: "H", 4: "I"}
    packed = {
        tag: struct.pack(f"<{len(values)}{letters[kind]}", *values) for tag, (kind, values) in tags.items()
    }
    directory = 8 + 2 + 12 * len(tags) + 4
    begin = directory + sum(len(raw) for raw in packed.values() if len(raw) > 4)
    entries, beside = b"", b""
    for tag, (kind, values) in sorted(tags.items()):
        raw = packed[tag]
        if tag in (273, 324):
            raw = struct.pack(f"<{len(values)}I", *(begin + value for value in values))
        if len(raw) > 4:
            entries += struct.pack("<HHII", tag, kind, len(values), directory + len(beside))
            beside += raw
        else:
            entries += struct.pack("<HHI", tag, kind, len(values)) + raw.ljust(4, b"\0")
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + beside + data


def grey_tiff(values, bits, more=None, samples=1):
    height, width = values.shape[:2]
    tags = {256: (3, [width]), 257: (3, [height]), 258: (3, [bits] * samples), 259: (3, [1]), 262: (3, [1])}
    tags |= {273: (4, [0]), 277: (3, [samples]), 278: (3, [height]), 279: (4, [values.nbytes])}
    return tiff(tags | (more or {}), values.tobytes())


class TestSeveralPages:
    @pytest.mark.parametrize("kind", ["TIFF", "GIF", "WEBP"])
    def test_the_first_is_read_and_the_others_are_counted(self, kind):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = saved(page(40, 10), kind, page(40, 120), page(40, 240), **options)
        assert read_image(data, name="x").mean() == pytest.approx(10, abs=2)
        assert further_pages(data, name="x") == 2

    def test_one_page_has_no_others(self):
        for kind in ("PNG", "TIFF", "JPEG", "GIF", "WEBP", "BMP", "AVIF"):
            assert further_pages(saved(page(40, 10), kind), name="x") == 0

    def test_a_thumbnail_before_the_picture_does_not_win(self):
        data = saved(page(16, 10), "TIFF", page(160, 120))
        assert read_image(data, name="x").shape == (160, 160)
        assert display_image(data, "x", 1000).shape == (160, 160, 3)
        assert further_pages(data, name="x") == 0

    def test_a_page_that_says_that_it_is_reduced_does_not_win(self):
        class Pages:
            n_frames, width, height, tag_v2 = 3, 40, 40, {}

            def seek(self, index):
                self.tag_v2 = {254: 1} if index == 0 else {}

        assert main_page(Pages()) == Page(1, 2)


class TestTelephones:
    def test_avif_is_read(self):
        assert read_image(saved(page(64, 90), "AVIF"), name="x").mean() == pytest.approx(90, abs=3)

    def test_what_only_claims_to_be_heic_is_damaged(self):
        with pytest.raises(BadImage, match="HEIC") as caught:
            read_image(b"\0\0\0\x1cftypheic" + bytes(200), name="x.heic")
        assert caught.value.code in {"image_damaged", "image_truncated"}

    def test_the_reader_of_heic_is_there(self):
        assert "HEIF" in Image.OPEN
        assert pi_heif.libheif_info()["HEIF"] is not None


class TestCameras:
    @pytest.mark.parametrize(
        "tags",
        [
            {50706: (1, [1, 4, 0, 0])},
            {262: (3, [32803])},
            {254: (4, [1]), 271: (2, list(b"NIKON\0")), 330: (4, [0, 0])},
        ],
    )
    def test_a_raw_picture_is_not_taken_for_its_preview(self, tags):
        for name in ("a.nef", "a.tif"):
            with pytest.raises(BadImage, match="raw picture") as caught:
                read_image(grey_tiff(GREY, 8, tags), name=name)
            assert caught.value.code == "image_camera_raw"

    def test_an_ordinary_scan_with_a_make_is_read(self):
        data = grey_tiff(GREY, 8, {271: (2, list(b"EPSON\0"))})
        assert (read_image(data, name="scan.tif") == GREY).all()


class TestRareTiffs:
    def test_signed_sixteen_bits_are_as_bright_as_they_look(self):
        values = np.repeat(np.array([[0, 16384, 32767]], np.int16), 4, axis=0)
        read = read_image(grey_tiff(values, 16, {339: (3, [2])}), name="x.tif")
        assert read[0].tolist() == [0, 128, 255]

    def test_premultiplied_grey_is_laid_on_white(self):
        values = np.zeros((4, 4, 2), np.uint8)
        values[:2] = (100, 200)  # 127 at an opacity of 200 of 255
        read = read_image(grey_tiff(values, 8, {338: (3, [1])}, samples=2), name="x.tif")
        assert read[0, 0] == pytest.approx(155, abs=1)
        assert read[3, 3] == 255

    def test_tiles_of_subsampled_colour_are_not_called_cut_short(self):
        tile = bytes([200] * 4 + [128, 128]) * 64
        tags = {256: (3, [32]), 257: (3, [32]), 258: (3, [8, 8, 8]), 259: (3, [1]), 262: (3, [6])}
        tags |= {277: (3, [3]), 322: (3, [16]), 323: (3, [16])}
        tags |= {324: (4, [384 * i for i in range(4)]), 325: (4, [384] * 4)}
        with pytest.raises(BadImage, match="cannot be read") as caught:
            read_image(tiff(tags, tile * 4), name="x.tif")
        assert "PNG" in caught.value.hint
