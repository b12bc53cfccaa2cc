"""Columns at a page's left and right rim that are no writing: inked wood, torn edges, text pressed flat."""

from collections.abc import Sequence

import numpy as np

_UNSURE = 0.73  # of the page's usual score: columns of text have 0.84 and more, rims 0.5 to 0.72
_FEWEST = 3  # columns that a page keeps


def not_at_rims(x: np.ndarray, columns: Sequence[int], scores: np.ndarray) -> np.ndarray:
    """(N,) bool, all boxes but those of outermost columns that the network is much less sure of.

    x: (N,) middles, without skew.
    columns: of each box.
    scores: (N,).
    """
    of = np.asarray(columns)
    names = np.unique(of)
    middles = np.array([np.median(x[of == name]) for name in names])
    least = _UNSURE * float(np.median(scores))
    ordered = names[np.argsort(middles)].tolist()
    for end in (0, -1):
        while len(ordered) > _FEWEST and np.median(scores[of == ordered[end]]) < least:
            ordered.pop(end)
    return np.isin(of, ordered)
