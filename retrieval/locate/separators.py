"""Level ruled lines, from the places at which the network sees some."""

import numpy as np

from common.reading_order import Separator
from retrieval.locate.network.net import STRIDE


def separators(level: np.ndarray, size: float, scale: float) -> list[Separator]:
    """The lines on which the places lie.

    level: (M, 2) float, x and y of cells on level rules, without skew.
    size: of a usual character, in the same pixels; a line is at least five of them long.
    scale: pixels a cell of the network takes here, in shares of its own.
    """
    if not len(level):
        return []
    cell = STRIDE * scale
    rows = np.floor(level[:, 1] / cell).astype(int)
    first = rows.min()
    counts = np.bincount(rows - first)
    lines = []
    for top, bottom in _bands(counts, least=2 * size / cell):
        inside = level[(rows - first >= top) & (rows - first < bottom)]
        y = float(np.median(inside[:, 1]))
        stretches = _stretches(np.sort(inside[:, 0]), 1.5 * size)
        lines += [Separator(a, y, b) for a, b in stretches if b - a > 5 * size]
    return lines


def _bands(counts: np.ndarray, least: float) -> list[tuple[int, int]]:
    """Runs of rows that hold at least so many cells in sum over three rows; (first, after the last)."""
    dense = np.convolve(counts, np.ones(3), "same") >= least
    on = np.concatenate(([0], dense.astype(np.int8), [0]))
    starts, ends = np.flatnonzero(np.diff(on) == 1), np.flatnonzero(np.diff(on) == -1)
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _stretches(places: np.ndarray, gap: float) -> list[tuple[float, float]]:
    """Where sorted places follow each other without a larger gap."""
    cuts = np.flatnonzero(np.diff(places) > gap) + 1
    return [(float(part[0]), float(part[-1])) for part in np.split(places, cuts) if len(part)]
