"""Glyphs kept as distance fields: one field serves every stroke weight, wall slope and size."""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from common.errors import BadInput
from common.publish import write_aside

FIELD = 72  # side of a field in pixels
GLYPH = 56  # longer side of the ink within it
STEPS = 8  # grey levels for one pixel of distance


def distance_field(ink: np.ndarray) -> np.ndarray:
    """Signed distance to the ink's edge: (72, 72) uint8, 128 = edge, 8 levels a pixel, above = inside.

    ink: (h, w) bool, tight around the glyph; its longer side becomes 56 pixels, centred.
    """
    scale = GLYPH / max(ink.shape)
    side = round(FIELD / scale)
    canvas = np.zeros((side, side), np.uint8)
    top, left = (side - ink.shape[0]) // 2, (side - ink.shape[1]) // 2
    canvas[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    inside = cv2.distanceTransform(canvas, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - canvas, cv2.DIST_L2, 5)
    signed = cv2.resize(inside - outside, (FIELD, FIELD), interpolation=cv2.INTER_AREA) * scale
    return np.clip(np.rint(128 + STEPS * signed), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Glyphs:
    """All glyphs of a training or validation set.

    fields: (G, 72, 72) uint8 distance fields, possibly on disk.
    codepoints: (G,) int32.
    faces: (G,) int16, places in ``names``.
    names: of the typefaces.
    """

    fields: np.ndarray
    codepoints: np.ndarray
    faces: np.ndarray
    names: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write the set into ``folder``, the field file last."""
        folder.mkdir(parents=True, exist_ok=True)
        index = {"names": self.names, "codepoints": self.codepoints.tolist(), "faces": self.faces.tolist()}
        with write_aside(folder / "glyphs.json") as path:
            path.write_text(json.dumps(index))
        with write_aside(folder / "fields.npy") as path, path.open("wb") as file:
            np.save(file, self.fields)

    @classmethod
    def load(cls, folder: Path) -> "Glyphs":
        """Open a set written by ``save``, its fields left on disk.

        Raises:
            BadInput: it is not whole.
        """
        try:
            index = json.loads((folder / "glyphs.json").read_text())
            fields = np.load(folder / "fields.npy", mmap_mode="r")
        except (OSError, ValueError) as problem:
            raise BadInput(f"no glyph cache in {folder}: {problem}", hint="draw it again") from problem
        codepoints = np.array(index["codepoints"], np.int32)
        if len(codepoints) != len(fields):
            raise BadInput(f"the glyph cache in {folder} is not whole", hint="delete it: it is drawn again")
        return cls(fields, codepoints, np.array(index["faces"], np.int16), tuple(index["names"]))
