"""Which picture of a file is the picture: several pages, their thumbnails, and cameras' raw files."""

import io
import struct
from dataclasses import dataclass

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

# A file may name as many pages as it likes; looking at more of them tells nothing new.
_LOOKED_AT = 1000
# Of a page that is this much smaller than the largest, it is to be thought that it is a thumbnail.
_THUMBNAIL_SHARE = 0.25

_SUBFILE_TYPE, _REDUCED = 254, 1
_PHOTOMETRIC, _SENSOR_DATA = 262, (32803, 34892)  # a colour filter array, and linear raw (DNG 1.4)
_SUB_IFDS, _MAKE, _DNG_VERSION = 330, 271, 50706


@dataclass(frozen=True)
class Page:
    """A picture's place in its file. index: from 0. count: pages that are no thumbnails, at least 1."""

    index: int
    count: int


def main_page(image: Image.Image) -> Page:
    """The first page that is no thumbnail.

    image: an opened file, not decoded yet; it is left at any page. Frames of a GIF or WebP are pages, too.
    """
    total = min(getattr(image, "n_frames", 1), _LOOKED_AT)
    if total < 2:
        return Page(0, 1)
    areas = []
    for index in range(total):
        image.seek(index)
        is_reduced = _tags(image).get(_SUBFILE_TYPE, 0) & _REDUCED
        areas.append(0 if is_reduced else image.width * image.height)
    least = _THUMBNAIL_SHARE * max(areas)
    full = [index for index, area in enumerate(areas) if area >= least]
    return Page(full[0], len(full))


def is_camera_raw(data: bytes) -> bool:
    """Whether a TIFF file is a camera's raw picture, of which only a small preview could be read.

    NEF, ARW, PEF, DNG and their like begin as TIFF does. They give themselves away by a sensor's data, by
    DNG's version, or by a first page that a camera says is only a preview of what lies in further ones.
    """
    tags = _first_tags(data)
    if tags.get(_PHOTOMETRIC) in _SENSOR_DATA or _DNG_VERSION in tags:
        return True
    is_preview = bool(tags.get(_SUBFILE_TYPE, 0) & _REDUCED)
    return is_preview and _SUB_IFDS in tags and _MAKE in tags


def _first_tags(data: bytes) -> dict:
    """The tags of a TIFF's first page; none where they cannot be read, which the decoder then says."""
    try:
        header = data[:16] if data[2:3] == b"\x2b" or data[3:4] == b"\x2b" else data[:8]
        directory = ImageFileDirectory_v2(header)
        file = io.BytesIO(data)
        file.seek(directory.next)
        directory.load(file)
        return dict(directory)
    except (OSError, SyntaxError, ValueError, LookupError, TypeError, ArithmeticError, struct.error):
        return {}


def _tags(image: Image.Image) -> dict:
    return getattr(image, "tag_v2", None) or {}
