"""Drawing hands: characters from typefaces, the carvings of each by one hand, and prints of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import BadInput
from retrieval.errors import BadMesh
from retrieval.render.relief import read_relief
from retrieval.synth.fonts import SYSTEM_FOLDERS, Typeface, find_faces
from retrieval.synth.glyphs import distance_field
from retrieval.synth.hands import PRINTED, draw_block, draw_hand, draw_wood
from retrieval.synth.manners import Manner
from retrieval.synth.meshes import relief_mesh
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures

_NEIGHBOURS = 4
_BMP = range(0x4E00, 0xA000)


@dataclass(frozen=True)
class DrawnHand:
    """The carvings of one character by one hand.

    fields: (72, 72) uint8 distance fields of each. others: of neighbours.
    """

    fields: list[np.ndarray]
    others: list[np.ndarray]


class HandDrawing:
    """Typefaces, lots and textures. Raises BadInput where no typeface is found."""

    def __init__(self, fonts: Sequence[Path], seed: Sequence[int]) -> None:
        """fonts: folders to look for typefaces in, beside the system's. seed: of all lots."""
        self._faces = [Typeface(one) for one in find_faces([*SYSTEM_FOLDERS, *fonts])]
        if not self._faces:
            raise BadInput("no typeface was found to draw characters from", hint="name a folder with --fonts")
        self.random = np.random.default_rng(seed)
        self._textures = Textures(self.random)
        shared = set.intersection(*(face.codepoints for face in self._faces)) & set(_BMP)
        self.codes: list[int] = self.random.permutation(sorted(shared)).tolist()

    def glyph(self, code: int, number: int) -> np.ndarray | None:
        """A character's ink, (h, w) bool, in the typeface of this number; None where it has none."""
        return self._faces[number % len(self._faces)].draw(code)

    def hand(self, ink: np.ndarray, each: int) -> DrawnHand:
        """So many carvings of a glyph, and what stands beside it."""
        fields = draw_hand(ink, each, self.random, self._textures)
        return DrawnHand(fields, [distance_field(self._any_glyph()) for _ in range(_NEIGHBOURS)])

    def scanned(self, hand: DrawnHand) -> list[np.ndarray]:
        """The carvings' height maps, (256, 256) float16, through mesh and renderer."""
        wood, heights = draw_wood(self.random), []
        for field in hand.fields:
            height = None
            while height is None:  # drawn anew where a mesh is refused
                block = draw_block(field, hand.others, wood, self.random, self._textures)
                triangles = int(10 ** self.random.uniform(3.6, 4.4))
                mesh = relief_mesh(block, self.random, triangles=triangles)
                try:
                    height = read_relief(mesh).height
                except BadMesh:
                    continue
            heights.append(height.astype(np.float16))
        return heights

    def printed(self, hand: DrawnHand, place: int, manner: Manner) -> np.ndarray:
        """A print of one of the carvings, (H, W) uint8."""
        field, others = hand.fields[place], hand.others
        return draw_print(field, others, self.random, self._textures, placing=PRINTED, manner=manner)

    def _any_glyph(self) -> np.ndarray:
        ink = None
        while ink is None:
            face = self._faces[self.random.integers(len(self._faces))]
            ink = face.draw(int(self.codes[self.random.integers(len(self.codes))]))
        return ink
