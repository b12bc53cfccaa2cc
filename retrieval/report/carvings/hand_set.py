"""Hands that nobody gave us: several carvings of each of some characters, and prints of them, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.publish import write_aside
from retrieval.io.encode import png
from retrieval.io.images import read_image
from retrieval.synth.hand_drawing import HandDrawing
from retrieval.synth.hands import CLEAN, WORN

_MANNERS = {"clean": CLEAN, "worn": WORN}


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
        _drawn(fonts, characters, each, seed).save(path)
    return HandSet.load(path)


def _drawn(fonts: Sequence[Path], characters: int, each: int, seed: int) -> HandSet:
    drawing = HandDrawing(fonts, [seed, 77])
    heights: list[np.ndarray] = []
    pictures, right, kinds = [], [], []
    number = 0
    for code in drawing.codes:
        if number == characters:
            break
        ink = drawing.glyph(code, number)
        if ink is None:
            continue
        hand = drawing.hand(ink, each)
        blocks = drawing.scanned(hand)
        for kind, manner in _MANNERS.items():
            for place in drawing.random.permutation(each)[:2].tolist():
                pictures.append(drawing.printed(hand, place, manner))
                right.append(len(heights) + place)
                kinds.append(kind)
        heights += blocks
        number += 1
    numbers = np.repeat(np.arange(number), each)
    return HandSet(np.array(heights, np.float16), numbers, pictures, np.array(right), np.array(kinds))
