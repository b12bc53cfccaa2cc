"""How well found boxes meet true ones, and their order the true order."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import kendalltau


@dataclass(frozen=True)
class PageScore:
    """One page's scores.

    f1: at overlaps of 0.5 and 0.7.
    recall: at an overlap of 0.5.
    small: recall of small characters at an overlap of 0.5; None where there are none.
    count: relative error of the number of characters.
    """

    f1: dict[float, float]
    recall: float
    small: float | None
    count: float


def score_page(found: np.ndarray, true: np.ndarray) -> PageScore:
    """The scores of a page. found, true: (N, 4) float, left, top, right, bottom."""
    f1 = {}
    hits = np.zeros(len(true), bool)
    for least in (0.7, 0.5):
        pairs = matched(found, true, least)
        f1[least] = 2 * len(pairs) / max(1, len(found) + len(true))
        hits = np.zeros(len(true), bool)
        hits[pairs[:, 1]] = True
    sides = (true[:, 2:] - true[:, :2]).max(axis=1)
    small = sides < 0.72 * np.percentile(sides, 75) if len(true) else np.zeros(0, bool)
    return PageScore(
        f1,
        float(hits.mean()) if len(true) else 1.0,
        float(hits[small].mean()) if small.sum() >= 5 else None,
        abs(len(found) - len(true)) / max(1, len(true)),
    )


def overlaps(found: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (P, 2) of boxes near each other and their overlap over union (P,)."""
    if not len(found) or not len(true):
        return np.zeros((0, 2), int), np.zeros(0)
    middles = [(boxes[:, :2] + boxes[:, 2:]) / 2 for boxes in (found, true)]
    reach = float((true[:, 2:] - true[:, :2]).max())
    near = cKDTree(middles[0]).sparse_distance_matrix(cKDTree(middles[1]), reach, output_type="coo_matrix")
    pairs = np.stack([near.row, near.col], axis=1).astype(int)
    a, b = found[pairs[:, 0]], true[pairs[:, 1]]
    shared = np.prod(np.maximum(np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]), 0), axis=1)
    union = np.prod(a[:, 2:] - a[:, :2], axis=1) + np.prod(b[:, 2:] - b[:, :2], axis=1) - shared
    return pairs, shared / np.maximum(union, 1e-9)


def matched(found: np.ndarray, true: np.ndarray, least: float) -> np.ndarray:
    """Pairs (P, 2) of a found box and a true one, each in one pair at most, best overlaps first."""
    pairs, share = overlaps(found, true)
    good = share >= least
    pairs, share = pairs[good], share[good]
    taken_found, taken_true, kept = set(), set(), []
    for at in np.argsort(-share, kind="stable"):
        a, b = pairs[at].tolist()
        if a not in taken_found and b not in taken_true:
            taken_found.add(a)
            taken_true.add(b)
            kept.append((a, b))
    return np.array(kept, int).reshape(-1, 2)


def order_score(found: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    """Kendall's tau of the order, and one less the edit distance in shares of the length.

    Of the characters that both have, by an overlap of 0.5.

    found, true: (N, 4) float, each in its reading order.
    """
    pairs = matched(found, true, 0.5)
    if len(pairs) < 2:
        return 0.0, 0.0
    read = pairs[np.argsort(pairs[:, 0]), 1]
    return float(kendalltau(np.arange(len(read)), read).statistic), 1 - _moves(read) / len(read)


def _moves(read: np.ndarray) -> int:
    """Least insertions, deletions and replacements that make a permutation ascend (Levenshtein 1966)."""
    wanted = np.sort(read)
    places = np.arange(len(read) + 1)
    row = places.copy()
    for at, name in enumerate(read.tolist(), 1):
        other = np.minimum(row[1:] + 1, row[:-1] + (wanted != name))
        candidates = np.concatenate(([at], other))
        # What an insertion costs runs on along the row.
        row = np.minimum.accumulate(candidates - places) + places
    return int(row[-1])
