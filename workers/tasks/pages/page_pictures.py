"""From a page's file to its pixels, its tiles and its thumbnail."""

import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from retrieval.errors import BadImage
from retrieval.io.images import page_image
from webapp.core.files.blobs import blob_check, blob_existing
from webapp.core.files.derived import derived_folder
from webapp.pages.models import Page
from webapp.pages.tiles import REPORT, ROOM, THUMBNAIL, TILE, levels, tile_name

_QUALITY = 82
_THUMBNAIL_SIDE = 400


def read_page(page: Page) -> np.ndarray:
    """(H, W, 3) uint8 sRGB of a page's file, upright as the file says; (H, W) grey of a very large one.

    Raises:
        BadImage: the file is no picture that can be used.
        StoreTrouble: the file is missing from the store, or damaged in it.
    """
    data = blob_existing(page.sha256, name=page.name).read_bytes()
    try:
        return page_image(data, name=page.name)
    except BadImage as error:
        blob_check(page.sha256, name=page.name)
        if error.code == "image_too_large":
            raise BadImage(
                str(error), hint="scan it with fewer dots per inch", code="page_too_large"
            ) from error
        raise


def turned(pixels: np.ndarray, turn: int) -> np.ndarray:
    """Pixels after quarter turns. turn: degrees, clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, k=-turn // 90)) if turn else pixels


def grey_of(pixels: np.ndarray) -> np.ndarray:
    """(H, W) uint8 of a picture in grey or colour."""
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def write_tiles(page: Page, pixels: np.ndarray) -> None:
    """Write a page's tiles for every level of deep zoom, and its thumbnail. pixels: as it is shown."""
    image = Image.fromarray(pixels)
    with derived_folder(ROOM, page.pk) as folder:
        write_thumbnail(image, folder / THUMBNAIL)
        count = write_levels(image, folder)
        (folder / REPORT).write_text(json.dumps({"turn": page.turn, "levels": count}))


def write_levels(image: Image.Image, folder: Path) -> int:
    """Write a picture's tiles for every level of deep zoom into a folder. Returns how many levels."""
    top = levels(image.width, image.height) - 1
    for level in range(top, -1, -1):
        (folder / str(level)).mkdir()
        _write_level(image, folder, level)
        image = image.reduce(2) if level else image
    return top + 1


def _write_level(image: Image.Image, folder: Path, level: int) -> None:
    for row in range(0, image.height, TILE):
        for column in range(0, image.width, TILE):
            part = image.crop((column, row, min(column + TILE, image.width), min(row + TILE, image.height)))
            part.save(folder / tile_name(level, column // TILE, row // TILE), "JPEG", quality=_QUALITY)


def write_thumbnail(image: Image.Image, path: Path) -> None:
    """Write a picture, small."""
    scale = max(1, min(image.size) // _THUMBNAIL_SIDE)
    small = image.reduce(scale)
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    small.convert("RGB").save(path, "WEBP", quality=80)
