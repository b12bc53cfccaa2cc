"""Two real blocks, which lie outside the repository: read from where they are, never copied."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np

from retrieval.blocks.reading import ReadFace
from retrieval.blocks.scan import Scan, scan_of
from retrieval.io.meshes import read_soup

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "real3d.zip"
_PIXEL = 300 / 867  # file units a pixel of the depth picture, which is read as it prints: x runs to -x
# The outlines of the double note 二月初 九日 are numbered by height; its right half is read first.
_NOTE_COLUMN, _NOTE_PLACES = 5, (4, 6, 7, 3, 5)
_LEVEL = 3.5  # file units: about where the strokes' tops lie


def real_scan(name: str) -> Scan:
    """One of the blocks."""
    data = zipfile.ZipFile(REAL).read(name)
    _, soup = read_soup(data, name=name, max_faces=2_000_000)
    return scan_of(soup.vertices, soup.faces, name=name)


def true_boxes() -> np.ndarray:
    """(115, 4) left, top, right, bottom in pixels of block_a's depth picture, in reading order."""
    rows = list(csv.DictReader(io.StringIO(zipfile.ZipFile(REAL).read("block_a_boxes.csv").decode())))
    rows.sort(key=_read_at)
    sides = np.array([[float(row[key]) for key in "xywh"] for row in rows])
    return np.concatenate([sides[:, :2], sides[:, :2] + sides[:, 2:]], axis=1)


def _read_at(row: dict[str, str]) -> tuple[int, int]:
    column, place = int(row["column"]), int(row["place"])
    if column == _NOTE_COLUMN and place in _NOTE_PLACES:
        place = min(_NOTE_PLACES) + _NOTE_PLACES.index(place)
    return column, place


def boxes_on_scan(read: ReadFace) -> np.ndarray:
    """(N, 4) the found characters in the same pixels and order."""
    matrix, found = read.face.to_grid, []
    for one in read.characters:
        middle = np.array([one.box.x + one.box.w / 2, one.box.y + one.box.h / 2]) / read.face.pitch - 0.5
        x, y = np.linalg.solve(matrix[:2, :2], middle - matrix[:2, 3] - matrix[:2, 2] * _LEVEL)
        half = np.array([one.box.w, one.box.h]) / 2 / _PIXEL
        centre = -np.array([x, y]) / _PIXEL
        found.append((*(centre - half), *(centre + half)))
    return np.array(found)
