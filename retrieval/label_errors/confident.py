"""Confident learning: which labels are wrong, counted from probabilities that no label of their own made.

Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021).
"""

import numpy as np


def confident_errors(
    labels: np.ndarray, of_label: np.ndarray, top: np.ndarray, classes: np.ndarray, *, count: int
) -> np.ndarray:
    """The off-diagonal of the confident joint: (N,) bool, whether a label is confidently another class's.

    A class's threshold is the mean probability of those labelled with it. A picture counts for the likeliest
    class that reaches its threshold; where that is not its label, the label counts as wrong.

    labels: (N,) int in [0, ``count``). of_label: (N,) probability of the label, in [0, 1], from a model that
    did not see it. top, classes: (N, k) the k largest probabilities, in any order, and whose they are; a
    class that is not among them is taken not to reach its threshold.
    """
    sizes = np.bincount(labels, minlength=count)
    with np.errstate(invalid="ignore"):
        thresholds = np.bincount(labels, of_label, minlength=count) / sizes
    # A class that nobody labelled has no threshold that it could reach.
    thresholds[sizes == 0] = np.inf
    reached = np.where(top >= thresholds[classes] - 1e-9, top, -1.0)
    best = reached.argmax(axis=1)
    rows = np.arange(len(labels))
    return (reached[rows, best] >= 0) & (classes[rows, best] != labels)
