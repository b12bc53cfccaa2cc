"""Pictures of a block before and after it is made: the page with each character's source, and the sheet."""

import io

import cv2
import numpy as np
from PIL import Image

from retrieval.blocks.pictures import lit_heights
from retrieval.rebuild.face import NewFace
from retrieval.rebuild.plan import FROM_PRINT, SAME_CARVING, SAME_CHARACTER

COLOURS = {SAME_CARVING: (0, 114, 178), SAME_CHARACTER: (230, 159, 0), FROM_PRINT: (204, 121, 167)}
"""sRGB, of Okabe and Ito's set, which people who see colours otherwise can tell apart."""
_RULES = (110, 110, 110)
_LONGEST = 2_000  # pixels of a picture


def sources_picture(face: NewFace, made: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8 sRGB: the page in grey, the new strokes over it in the colours of their sources.

    made: (H, W) float32 in [0, 1], the ink that the face would print.
    """
    scale = min(1.0, _LONGEST / max(made.shape))
    ink, new = (_shrunk(part, scale) for part in (face.ink, made))
    tint = np.empty((*new.shape, 3), np.float32)
    tint[:] = _RULES
    for part in face.parts:
        x, y, w, h = (side * scale for side in part.box)
        rows, columns = slice(max(0, round(y)), round(y + h)), slice(max(0, round(x)), round(x + w))
        tint[rows, columns] = COLOURS[part.source]
    page = (255 - 120 * ink)[..., None] * np.ones(3, np.float32)
    return np.rint(page + new[..., None] * (tint - page)).astype(np.uint8)


def raking(face: NewFace) -> np.ndarray:
    """(h, w, 3) uint8 sRGB: the face as it reads, lit from the upper left."""
    scale = min(1.0, _LONGEST / max(face.height.shape))
    height = _shrunk(face.height, scale)
    level = np.clip(1 + height / face.depth, 0, 1)
    return lit_heights(height, float(np.mean(face.pitch)) / scale, level)


def sheet_pdf(face: NewFace, made: np.ndarray) -> bytes:
    """A PDF of three pages: the print, the sources over it, and the new face under raking light."""
    page = np.rint(255 * (1 - _shrunk(face.ink, min(1.0, _LONGEST / max(made.shape))))).astype(np.uint8)
    pages = [Image.fromarray(page).convert("RGB")]
    pages += [Image.fromarray(part) for part in (sources_picture(face, made), raking(face))]
    packed = io.BytesIO()
    wide = pages[0].width / (face.height.shape[1] * face.pitch[0] / 25.4)
    pages[0].save(packed, "PDF", save_all=True, append_images=pages[1:], resolution=wide)
    return packed.getvalue()


def _shrunk(part: np.ndarray, scale: float) -> np.ndarray:
    return cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else part
