"""A whole block read: its face as it prints, and every character on it in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.blocks.face import Face, carved_faces, no_carving
from retrieval.blocks.scan import Scan
from retrieval.blocks.upright import Way, cut_square, reading_way
from retrieval.embed.embedder import Embedder
from retrieval.locate import Box, Localiser, PageBoxes

TWO_SIDES = "Both sides carry a carving; the one with more characters is read."
FEW = "Hardly any characters were found; whether the face is the right way up is a guess."
_FEWEST, _FEW = 2, 8
_OTHER_SIDE = 0.5  # of the characters of the side that is read: the other is carved as well
_SURE, _USUAL, _CERTAIN = 0.5, 0.6, 0.7  # scores


@dataclass(frozen=True)
class Character:
    """One character of a face as it prints.

    name: of its files, by column and place.
    column: from 1 at the right; place: from 1 at the top of it.
    box: in millimetres from the top left of the face.
    height: (256, 256) float32 in [0, 1], its relief as it reads, 0 = floor.
    """

    name: str
    column: int
    place: int
    box: Box
    height: np.ndarray


@dataclass(frozen=True)
class ReadFace:
    """A block's face as its print reads it.

    face: turned, and flipped where it was carved mirrored.
    ink: (H, W) uint8, its print.
    way: how it was turned.
    angle: skew of its columns in degrees, clockwise positive.
    characters: in reading order.
    """

    face: Face
    ink: np.ndarray
    way: Way
    angle: float
    characters: tuple[Character, ...]


@dataclass(frozen=True)
class BlockReader:
    """Reads whole blocks. localiser: that finds characters. embedder: that tells how they stand."""

    localiser: Localiser
    embedder: Embedder

    def read(self, scan: Scan, *, unit: str | None = None, way: Way | None = None) -> ReadFace:
        """Find the face, make it upright, and find its characters.

        unit: of the file's numbers, of `units.UNITS`; found by plausibility where None.
        way: how it reads, where somebody knows; decided by its characters where None.

        Raises:
            BadMesh: no carving, or too few characters (block_no_carving); a unit that cannot be (block_unit).
        """
        faces = carved_faces(scan, unit=unit)
        found = [self.localiser.locate(face.ink()) for face in faces]
        best = max(range(len(faces)), key=lambda place: _surely(found[place]))
        if not _is_writing(found[best]):
            raise no_carving(scan.name)
        face = faces[best]
        way = way or reading_way(face.relief(), found[best], self.embedder)
        notes = [TWO_SIDES] if _is_two_sided(found, best) else []
        notes += [FEW] if len(found[best].boxes) < _FEW else []
        face = replace(face.turned(way.quarters, mirrored=way.mirrored), notes=tuple(notes))
        ink = face.ink()
        page = self.localiser.locate(ink)
        return ReadFace(face, ink, way, page.angle, _characters(face, page.boxes))


def _is_writing(found: PageBoxes) -> bool:
    """Whether characters were found, and not knots and grain taken for some, each with little conviction."""
    scores = np.array([box.score for box in found.boxes])
    return (scores > _CERTAIN).sum() >= _FEWEST and float(np.median(scores)) > _USUAL


def _surely(found: PageBoxes) -> float:
    return sum(box.score**2 for box in found.boxes if box.score > _SURE)


def _is_two_sided(found: Sequence[PageBoxes], best: int) -> bool:
    return len(found) == 2 and _surely(found[1 - best]) > _OTHER_SIDE * _surely(found[best])


def _characters(face: Face, boxes: Sequence[Box]) -> tuple[Character, ...]:
    relief, places, characters = face.relief(), dict[int, int](), []
    for box in boxes:
        place = places[box.column] = places.get(box.column, 0) + 1
        moved = (side * face.pitch for side in (box.x, box.y, box.w, box.h))
        x, y, w, h = moved
        name = f"{box.column:02d}-{place:02d}"
        in_mm = replace(box, x=x, y=y, w=w, h=h)
        characters.append(Character(name, box.column, place, in_mm, cut_square(relief, box)))
    return tuple(characters)
