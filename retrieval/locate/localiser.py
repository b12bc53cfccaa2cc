"""The localiser: a page in, its characters out, in reading order."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from common.reading_order import order_boxes
from retrieval.locate.cutter import cut_page
from retrieval.locate.types import Box, PageBoxes


@dataclass(frozen=True)
class Localiser:
    """Finds the characters of pages.

    fingerprint: of its weights, kept beside what it found.
    """

    fingerprint: str

    @classmethod
    def load(cls, path: Path | None = None) -> "Localiser":
        """The localiser of a weights file.

        path: of the file; the shipped one when None.
        """
        return cls("projection")

    def locate(self, grey: np.ndarray) -> PageBoxes:
        """Every character of a page.

        grey: (H, W) uint8, dark ink or light.
        """
        rows, columns = grey.shape
        return PageBoxes(columns, rows, 0, 0.0, tuple(in_order(cut_page(grey))))


def in_order(boxes: list[Box]) -> list[Box]:
    """The boxes in reading order, each with its column and order."""
    places = order_boxes(boxes)
    placed = [replace(box, column=at.column, order=at.order) for box, at in zip(boxes, places, strict=True)]
    return sorted(placed, key=lambda box: box.order)
