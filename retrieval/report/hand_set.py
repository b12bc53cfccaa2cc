"""Hands that nobody gave us: several carvings of each of some characters, and prints of them, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.errors import BadMesh
from retrieval.io.encode import png
from retrieval.io.images import read_image
from retrieval.render.relief import read_relief
from retrieval.synth.fonts import SYSTEM_FOLDERS, Typeface, find_faces
from retrieval.synth.glyphs import distance_field
from retrieval.synth.hands import CLEAN, PRINTED, WORN, draw_block, draw_hand, draw_wood
from retrieval.synth.manners import Manner
from retrieval.synth.meshes import relief_mesh
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures

_MANNERS = {"clean": CLEAN, "worn": WORN}
_NEIGHBOURS = 4
_BMP = range(0x4E00, 0xA000)


@dataclass(frozen=True)
class HandSet:
    """A gallery of N carvings, and Q prints.

    heights: (N, 256, 256) float16 in [0, 1], reading as the print does. characters: (N,) int, numbers.
    pictures: Q prints, (H, W) uint8. right: (Q,) int, the carving that printed each. kinds: (Q,) str.
    """

    heights: np.ndarray
    characters: np.ndarray
    pictures: list[np.ndarray]
    right: np.ndarray
    kinds: np.ndarray

    def save(self, path: Path) -> None:
        """Write the set; the file appears whole or not at all."""
        coded = [np.frombuffer(png(one), np.uint8) for one in self.pictures]
        with write_aside(path) as aside, aside.open("wb") as file:
            np.savez_compressed(
                file,
                heights=self.heights,
                characters=self.characters,
                right=self.right,
                kinds=self.kinds,
                coded=np.concatenate(coded),
                ends=np.cumsum([len(one) for one in coded]),
            )

    @classmethod
    def load(cls, path: Path) -> "HandSet":
        """Read what ``save`` wrote."""
        with np.load(path) as parts:
            coded = np.split(parts["coded"], parts["ends"][:-1])
            pictures = [read_image(one.tobytes(), name="a drawn print") for one in coded]
            return cls(parts["heights"], parts["characters"], pictures, parts["right"], parts["kinds"])


def hand_set(folder: Path, fonts: Sequence[Path], *, characters: int, each: int, seed: int) -> HandSet:
    """So many characters with so many carvings ``each``, drawn first where ``folder`` has them not yet.

    Of each character, two carvings are printed cleanly and two worn, or as many as there are.

    Raises:
        BadInput: no typeface is found.
    """
    path = folder / f"hands-{characters}-{each}-{seed}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _Drawing(fonts, seed).hands(characters, each).save(path)
    return HandSet.load(path)


class _Drawing:
    """Typefaces, lots and textures."""

    def __init__(self, fonts: Sequence[Path], seed: int) -> None:
        self._faces = [Typeface(one) for one in find_faces([*SYSTEM_FOLDERS, *fonts])]
        if not self._faces:
            raise BadInput("no typeface was found to draw characters from", hint="name a folder with --fonts")
        self._random = np.random.default_rng([seed, 77])
        self._textures = Textures(self._random)
        shared = set.intersection(*(face.codepoints for face in self._faces)) & set(_BMP)
        self._codes = self._random.permutation(sorted(shared))

    def hands(self, characters: int, each: int) -> HandSet:
        heights: list[np.ndarray] = []
        numbers: list[int] = []
        pictures, right, kinds = [], [], []
        for code in self._codes.tolist():
            number = len(set(numbers))
            if number == characters:
                break
            ink = self._faces[number % len(self._faces)].draw(code)
            if ink is None:
                continue
            fields = draw_hand(ink, each, self._random, self._textures)
            others = [distance_field(self._glyph()) for _ in range(_NEIGHBOURS)]
            blocks = self._blocks(fields, others)
            for kind, manner in _MANNERS.items():
                for place in self._random.permutation(each)[:2].tolist():
                    pictures.append(self._print(fields[place], others, manner))
                    right.append(len(heights) + place)
                    kinds.append(kind)
            heights += blocks
            numbers += [number] * each
        return HandSet(
            np.array(heights, np.float16), np.array(numbers), pictures, np.array(right), np.array(kinds)
        )

    def _blocks(self, fields: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The carvings' height maps, through mesh and renderer; drawn anew where one refuses it."""
        wood, heights = draw_wood(self._random), []
        for field in fields:
            height = None
            while height is None:
                block = draw_block(field, others, wood, self._random, self._textures)
                mesh = relief_mesh(block, self._random, triangles=int(10 ** self._random.uniform(3.6, 4.4)))
                try:
                    height = read_relief(mesh).height
                except BadMesh:
                    continue
            heights.append(height.astype(np.float16))
        return heights

    def _print(self, field: np.ndarray, others: Sequence[np.ndarray], manner: Manner) -> np.ndarray:
        return draw_print(field, others, self._random, self._textures, placing=PRINTED, manner=manner)

    def _glyph(self) -> np.ndarray:
        ink = None
        while ink is None:
            face = self._faces[self._random.integers(len(self._faces))]
            ink = face.draw(int(self._codes[self._random.integers(len(self._codes))]))
        return ink
