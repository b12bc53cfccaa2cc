"""Corners that lie on the same spot become one vertex."""

import numpy as np

from retrieval.compiled import compiled


def weld(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows of ``points``, in order of first appearance, and where each row went.

    points: (N, 3) float32 or float64, exact equality, -0.0 equal to 0.0.
    Returns (M, 3) float64 and (N,) int32 with ``distinct[where] == points``.
    """
    # Adding zero turns -0.0 into 0.0, so that equal numbers have equal bits.
    with np.errstate(invalid="ignore"):
        rows = np.ascontiguousarray(points, dtype=np.float64) + 0.0
    where, firsts = _weld(rows, rows.view(np.uint64), _table_size(len(rows)))
    return rows[firsts], where


def _table_size(count: int) -> int:
    """A power of two with room to spare: welded meshes hold about a sixth of their corners."""
    return 1 << max(4, int(count).bit_length())


@compiled
def _weld(rows, bits, table_size):
    count = rows.shape[0]
    mask = np.uint64(table_size - 1)
    slots = np.full(table_size, -1, np.int32)
    where = np.empty(count, np.int32)
    firsts = np.empty(count, np.int32)
    found = 0
    for i in range(count):
        mixed = bits[i, 0] * np.uint64(0x9E3779B97F4A7C15)
        mixed = ((mixed ^ (mixed >> np.uint64(29))) + bits[i, 1]) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = ((mixed ^ (mixed >> np.uint64(32))) + bits[i, 2]) * np.uint64(0x94D049BB133111EB)
        slot = (mixed ^ (mixed >> np.uint64(31))) & mask
        while slots[slot] >= 0:
            other = firsts[slots[slot]]
            if bits[other, 0] == bits[i, 0] and bits[other, 1] == bits[i, 1] and bits[other, 2] == bits[i, 2]:
                break
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] < 0:
            slots[slot] = found
            firsts[found] = i
            found += 1
        where[i] = slots[slot]
    return where, firsts[:found]
