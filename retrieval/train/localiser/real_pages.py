"""Page scans with boxes, for training: boxes drawn tight, and the books that are held out."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import BadInput
from retrieval.io.images import read_image
from retrieval.locate.ink import ink_map, snap_to_ink
from retrieval.locate.types import Box

# Whole books that no training page is taken from; measurements are made on them.
HELD_OUT = ("nlvnpf-0140", "Tale_of_Kieu_1871")
# Of these books boxes are equal splits of hand-drawn columns, and what lies beside the columns has none.
_LOOSE = ("Tale_of_Kieu",)


@dataclass(frozen=True)
class RealPage:
    """A scan and its characters.

    name: of the file, without its ending.
    grey: (H, W) uint8.
    boxes: (N, 4) float32, left, top, right, bottom, snapped to the ink.
    labelled: left, top, right and bottom of the part in which every character has a box.
    """

    name: str
    grey: np.ndarray
    boxes: np.ndarray
    labelled: tuple[float, float, float, float]


def read_real_pages(folder: Path, *, held_out: bool = False) -> list[RealPage]:
    """The pages of a folder: those to learn from, or those held out.

    Raises:
        BadInput: a table of boxes cannot be read.
        BadImage: a scan cannot be read.
    """
    pages = []
    for table in sorted(folder.glob("*.csv")):
        if table.stem.startswith(HELD_OUT) == held_out:
            pages.append(_read_page(table))
    return pages


def _read_page(table: Path) -> RealPage:
    scan = table.with_suffix(".jpg")
    grey = read_image(scan.read_bytes(), name=scan.name)
    loose = read_loose_boxes(table)
    if not loose:
        raise BadInput(f"{table} holds no boxes")
    usual = float(np.median([max(box.w, box.h) for box in loose]))
    tight = snap_to_ink(ink_map(grey, usual), loose)
    boxes = np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in tight], np.float32)
    whole = (0.0, 0.0, float(grey.shape[1]), float(grey.shape[0]))
    if table.stem.startswith(_LOOSE):
        whole = (float(boxes[:, 0].min()) - 4, 0.0, float(boxes[:, 2].max()) + 4, float(grey.shape[0]))
    return RealPage(table.stem, grey, boxes, whole)


def read_loose_boxes(table: Path) -> list[Box]:
    """The boxes of a table with the columns x0, y0, x1 and y1, as they are. Raises BadInput."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = [[float(row[key]) for key in ("x0", "y0", "x1", "y1")] for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError, csv.Error) as problem:
        raise BadInput(f"{table} cannot be read as a table of boxes: {problem}") from problem
    return [Box(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in rows]


def ink_patches(pages: list[RealPage], *, least: float = 18) -> list[np.ndarray]:
    """The ink of the pages' characters, (h, w) float32 each. least: side below which one is left out."""
    patches = []
    for page in pages:
        ink = ink_map(page.grey, float(np.median(page.boxes[:, 3] - page.boxes[:, 1])))
        for x0, y0, x1, y1 in np.rint(page.boxes).astype(int):
            if max(x1 - x0, y1 - y0) >= least:
                patches.append(np.ascontiguousarray(ink[max(0, y0) : y1, max(0, x0) : x1]))
    return [patch for patch in patches if patch.size]
