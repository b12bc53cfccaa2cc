"""How well vectors find one another, for choosing, calibrating and reporting on a network."""

import numpy as np

TOP = 5
"""Suggestions that are looked at."""
GALLERY_SHARES = (1.0, 1.0, 1.0, 0.5)
"""Confidence is fitted in whole galleries and in one from which half was taken: one query in eight looks for
what is not there."""


def nearest(
    queries: np.ndarray, shown: np.ndarray, gallery: np.ndarray, codepoints: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cosine distances of the five nearest items, (N, 5), and whether each is of the query's character.

    Where the gallery has fewer, the distance is inf.

    queries: (N, D) unit vectors.
    shown: (N,) codepoint of each query.
    gallery: (M, D) unit vectors.
    codepoints: (M,) codepoint of each item.
    """
    return nearest_of(1 - queries @ gallery.T, codepoints == shown[:, None])


def nearest_of(distances: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The five smallest distances of each row, (N, 5), and whether each is right; inf where there are fewer.

    distances: (N, M).
    right: (N, M) bool.
    """
    order = np.argsort(distances, axis=1, kind="stable")[:, :TOP]
    absent = ((0, 0), (0, TOP - order.shape[1]))
    near = np.pad(np.take_along_axis(distances, order, axis=1), absent, constant_values=np.inf)
    return near, np.pad(np.take_along_axis(right, order, axis=1), absent)


def reciprocal_rank(right: np.ndarray) -> float:
    """Mean over queries of 1/rank of the first right suggestion, 0 where there is none.

    right: (N, k) bool, the nearest suggestion first.
    """
    first = np.where(right.any(axis=1), 1 / (1 + right.argmax(axis=1)), 0.0)
    return float(first.mean())


def auroc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Chance that a true one scores above a false one, ties by half; NaN without both kinds.

    scores: (N,).
    truth: (N,) bool.
    """
    true, false = scores[truth], scores[~truth]
    if not len(true) or not len(false):
        return float("nan")
    order = np.sort(false)
    below = np.searchsorted(order, true, "left") + np.searchsorted(order, true, "right")
    return float(below.mean() / 2 / len(false))
