"""Files of every dialect of every mesh format, drawn here: one relief, as programs are known to write it.

Each module has READ, the files that give the relief's triangles, with the notes that are made of them, and
REFUSED, those that give none, with the code and words of the refusal.
"""

from itertools import pairwise

import numpy as np

from tests import meshes

VERTICES, FACES = meshes.relief(3, 6)
VERTICES = np.round(VERTICES, 3)
COUNTS = f"{len(VERTICES)} {len(FACES)} 0"
ROWS = [f"{x:.3f} {y:.3f} {z:.3f}" for x, y, z in VERTICES]
FACE_ROWS = [f"3 {a} {b} {c}" for a, b, c in FACES]


def text(*lines: str, end: str = "\n") -> bytes:
    """Lines with an end behind each."""
    return "".join(line + end for line in lines).encode()


def wrapped(rows: list[str], width: int) -> list[str]:
    """The words of all rows, so many on a line."""
    words = " ".join(rows).split()
    return [" ".join(words[i : i + width]) for i in range(0, len(words), width)]


def two_triangles_as_quads() -> list[list[int]]:
    """The relief's faces as polygons, every second pair of triangles joined to a square."""
    half = len(FACES) // 2
    polygons = []
    for i, ((a, c, b), (_, _, d)) in enumerate(
        zip(FACES[:half].tolist(), FACES[half:].tolist(), strict=True)
    ):
        polygons += [[c, d, b, a]] if i % 2 else [[a, c, b], [b, c, d]]
    return polygons


def strips() -> list[int]:
    """The relief's faces as strips, one for each row of cells, with -1 behind each."""
    side = int(np.sqrt(len(VERTICES)))
    at = np.arange(len(VERTICES)).reshape(side, side)
    found = []
    for upper, lower in pairwise(at):
        found += [*np.stack([upper, lower], 1).ravel().tolist(), -1]
    return found
