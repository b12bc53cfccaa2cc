"""What each box is: main text, a note, a head note, the fold column, a note in the margin."""

from collections.abc import Sequence

import numpy as np

from common.reading_order import Separator
from retrieval.locate.types import Box, Kind

_SMALL = 0.72  # of the main text's size
_MIDDLE = 0.05  # of the width of what is written: how far from its middle the fold may stand


def box_kinds(boxes: Sequence[Box], columns: Sequence[int], lines: Sequence[Separator]) -> list[Kind]:
    """The kinds of boxes on a page without skew.

    boxes: their scores and order do not matter.
    columns: each one's column, from 1.
    lines: level ruled lines.
    """
    sides = np.array([max(box.w, box.h) for box in boxes])
    usual = float(np.percentile(sides, 70))
    x = np.array([box.x + box.w / 2 for box in boxes])
    y = np.array([box.y + box.h / 2 for box in boxes])
    of = np.array(columns)
    kinds: list[Kind] = ["note" if side < _SMALL * usual else "main" for side in sides]
    frame = _frame(lines)
    fold = _fold_column(x, y, sides, of, usual)
    for at in range(len(boxes)):
        if of[at] == fold:
            kinds[at] = "fold"
        elif frame and y[at] < frame[1] and kinds[at] == "note":
            kinds[at] = "head"
        elif frame and not frame[0] - usual / 2 < x[at] < frame[2] + usual / 2:
            kinds[at] = "margin"
    return kinds


def _frame(lines: Sequence[Separator]) -> tuple[float, float, float] | None:
    """Left end, height and right end of the uppermost line that is nearly as long as the longest."""
    if not lines:
        return None
    longest = max(line.x1 - line.x0 for line in lines)
    upper = min((line for line in lines if line.x1 - line.x0 > 0.8 * longest), key=lambda line: line.y)
    return min(line.x0 for line in lines), upper.y, max(line.x1 for line in lines)


def _fold_column(x: np.ndarray, y: np.ndarray, sides: np.ndarray, of: np.ndarray, usual: float) -> int:
    """The column in the middle of an open leaf whose characters are fewer or flatter; 0 for none."""
    wide, high = float(np.ptp(x)), float(np.ptp(y))
    if wide < 1.1 * high or len(set(of.tolist())) < 5:
        return 0
    middle = (x.min() + x.max()) / 2
    counts = np.bincount(of)
    typical = float(np.median(counts[counts > 0]))
    for column in np.unique(of[np.abs(x - middle) < _MIDDLE * wide]):
        inside = of == column
        spread = float(np.ptp(y[inside])) / high
        sparse = inside.sum() < 0.8 * typical and spread > 0.4
        other = abs(float(np.median(sides[inside])) / usual - 1) > 0.15
        if sparse or (other and inside.sum() < typical):
            return int(column)
    return 0
