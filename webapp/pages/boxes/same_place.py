"""Which box is at a place already: what is found or imported there is that box, and no new one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Generic, TypeVar

from webapp.pages.boxes.geometry import Rect, iou
from webapp.pages.boxes.operations import rect_of
from webapp.pages.models import Box

SAME_BOX = 0.5
"""Of intersection over union: above this, two boxes are one. Not below 0.5, see ``BoxesByPlace``."""
Placed = TypeVar("Placed", Box, Rect)
_CELL = 64.0  # pixels, about a character


class BoxesByPlace(Generic[Placed]):
    """Boxes that can be asked for by their place, without a look at each of them.

    Where two rectangles share more than half of their union, the middle of each lies in the other: so the
    boxes that are looked at are those whose middle lies in a cell that the rectangle touches.
    """

    def __init__(self, boxes: Iterable[Placed] = ()) -> None:
        self._cells: dict[tuple[int, int], list[Placed]] = defaultdict(list)
        for box in boxes:
            self.add(box)

    def add(self, box: Placed) -> None:
        """One more box."""
        self._cells[int((box.x + box.w / 2) // _CELL), int((box.y + box.h / 2) // _CELL)].append(box)

    def at(self, rect: Rect, *, least: float = SAME_BOX) -> Placed | None:
        """The box that is most nearly there; None where none shares more than ``least`` of the union."""
        best = max(self._near(rect), key=lambda box: iou(rect, rect_of(box)), default=None)
        return best if best is not None and iou(rect, rect_of(best)) > least else None

    def _near(self, rect: Rect) -> Iterator[Placed]:
        columns = range(int(rect.x // _CELL), int((rect.x + rect.w) // _CELL) + 1)
        rows = range(int(rect.y // _CELL), int((rect.y + rect.h) // _CELL) + 1)
        if len(columns) * len(rows) > len(self._cells):
            for boxes in self._cells.values():
                yield from boxes
            return
        for cell in product(columns, rows):
            yield from self._cells.get(cell, ())
