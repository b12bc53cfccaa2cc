"""What a block is made again from: a page's print, its characters, and the carvings they are taken from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

Relation = Literal["same_carving", "same_character"]
Source = Literal["same_carving", "same_character", "from_print"]
SAME_CARVING: Final = "same_carving"
SAME_CHARACTER: Final = "same_character"
FROM_PRINT: Final = "from_print"
SOURCES: tuple[Source, ...] = (SAME_CARVING, SAME_CHARACTER, FROM_PRINT)


@dataclass(frozen=True)
class CarvedItem:
    """One carving of a gallery.

    name: as plans name it.
    height: (256, 256) float32 in [0, 1], 0 = floor, its relief as its print reads it.
    block: the block that it stands on; empty where nobody said.
    depth_mm: from the strokes' tops to the floor; None where the scan's unit is not known.
    """

    name: str
    height: np.ndarray
    block: str = ""
    depth_mm: float | None = None


@dataclass(frozen=True)
class Spot:
    """One character of the page.

    box: left, top, width and height in pixels of the print.
    order: its place in reading order, from 1.
    character: its codepoint as a character; empty where it is not known.
    items: names of carvings that it may be taken from, those confirmed first; the one that fits best is taken
        among those of the same relation. Empty: its relief is raised from the print.
    relations: what each of `items` is to the print.
    by: who confirmed it.
    """

    box: tuple[float, float, float, float]
    order: int
    character: str = ""
    items: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class RebuildPlan:
    """A page to be made a block.

    name: of the page.
    print: (H, W) uint8, the page's picture, upright; either polarity.
    pixels_per_mm: of the print.
    spots: its characters, in reading order.
    items: the carvings that spots name.
    """

    name: str
    print: np.ndarray
    pixels_per_mm: float
    spots: tuple[Spot, ...]
    items: Mapping[str, CarvedItem] = field(default_factory=dict)

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the face."""
        rows, columns = self.print.shape
        return columns / self.pixels_per_mm, rows / self.pixels_per_mm


@dataclass(frozen=True)
class Making:
    """How the block is made.

    thickness_mm: of the wood, from the strokes' tops to the back.
    triangles: at most so many.
    mirrored: as a block is carved; else readable, for study.
    depth_mm: from the strokes' tops to the floor; None: as deep as this gallery's blocks are.
    tool_marks: whether the floor shows the chisel's.
    """

    thickness_mm: float = 18.0
    triangles: int = 1_500_000
    mirrored: bool = True
    depth_mm: float | None = None
    tool_marks: bool = False
