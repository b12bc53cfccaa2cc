"""The glyphs that pages are set from: their shapes, and how much of their square they fill."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.han import IDEOGRAPHS, within
from retrieval.synth.fonts import SYSTEM_FOLDERS, Typeface, find_faces
from retrieval.synth.glyphs import distance_field

_EM = 160  # pixels of a typeface's square in `Typeface.draw`
# What pages are full of, and what a localiser finds hardest: strokes above each other that are one or three.
NUMERALS = tuple(map(ord, "一二三四五六七八九十百千"))
FLAT = tuple(map(ord, "一二三十之上下日曰工"))
REPEATS = (0x3005, 0x303B, 0x30FD, 0x5301)


@dataclass(frozen=True)
class GlyphBank:
    """Glyphs by typeface.

    fields: (G, 72, 72) uint8 distance fields.
    extents: (G, 2) float32, width and height of the ink in shares of the typeface's square.
    codepoints: (G,) int32.
    faces: (G,) int16.
    patches: ink of real characters, (h, w) float32 in [0, 1] each, drawn beside the typefaces'.
    """

    fields: np.ndarray
    extents: np.ndarray
    codepoints: np.ndarray
    faces: np.ndarray
    patches: Sequence[np.ndarray] = field(default_factory=tuple)

    def of_face(self, face: int) -> tuple[np.ndarray, np.ndarray]:
        """Places of a face's glyphs: all of them, and those of numerals, flat signs and repeat marks."""
        own = np.flatnonzero(self.faces == face)
        special = own[np.isin(self.codepoints[own], NUMERALS + FLAT + REPEATS)]
        flattest = own[np.isin(self.codepoints[own], NUMERALS[:3])]
        return own, np.concatenate([special, *[flattest] * 6])


def draw_bank(
    random: np.random.Generator,
    *,
    fonts: Sequence[Path] = (),
    each: int = 2500,
    patches: Sequence[np.ndarray] = (),
) -> GlyphBank:
    """Draw the glyphs of every typeface that is found.

    random: chooses the characters.
    fonts: folders beside the system's.
    each: glyphs of a typeface, at most, beside the special ones.
    patches: ink of real characters.

    Raises:
        BadInput: no typeface is found.
    """
    fields, extents, codes, faces = [], [], [], []
    for number, source in enumerate(find_faces([*SYSTEM_FOLDERS, *fonts])):
        face = Typeface(source)
        han = sorted(code for code in face.codepoints if within(code, IDEOGRAPHS))
        chosen = random.choice(han, min(each, len(han)), replace=False).tolist() if han else []
        for code in [*chosen, *NUMERALS, *FLAT, *REPEATS]:
            ink = face.draw(code)
            if ink is None:
                continue
            fields.append(distance_field(ink))
            extents.append((ink.shape[1] / _EM, ink.shape[0] / _EM))
            codes.append(code)
            faces.append(number)
    if not fields:
        raise BadInput("no typeface was found to draw characters from", hint="name a folder with --fonts")
    return GlyphBank(
        np.stack(fields),
        np.array(extents, np.float32),
        np.array(codes, np.int32),
        np.array(faces, np.int16),
        patches,
    )
