"""How much speaks for each class that a labelled picture might be of, and which labels that makes doubtful.

Evidence are pictures or directions whose class is known: the directions that a network learned for
characters, carved items, other labelled pictures. Each kind of evidence speaks for a class as much as the
picture resembles whatever of that class is nearest to it; of several kinds the mean counts, over those that
have the class.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.label_errors.confident import confident_errors

_CHUNK = 256
_TOP = 8
_SHARPNESS = 20.0
"""Factor on a likeness before the softmax over classes."""
_OWN_GROUP = -4.0
"""Below every cosine: what stands in place of the likeness to a picture of the same group."""


@dataclass(frozen=True)
class Evidence:
    """Vectors whose class is known.

    Args:
        vectors: (M, D) float32 of unit length.
        classes: (M,) int in [0, C), with or without repeats.
        groups: (M,), of which a picture's own counts as no evidence for it; None where all counts.
    """

    vectors: np.ndarray
    classes: np.ndarray
    groups: np.ndarray | None = None


@dataclass(frozen=True)
class LabelDoubts:
    """How doubtful each of N labels is.

    margin: (N,) float32, how much more another class has for the picture than its label has, in cosine;
    above 0 it has more; 0 where nothing speaks for the label. best: (N,) int64, that class, -1 where
    there is no other. own, other: (N,) float32, what speaks for the label and for that class; nan where
    nothing does. wrong: (N,) bool, whether confident learning counts the label among the wrong ones.
    """

    margin: np.ndarray
    best: np.ndarray
    own: np.ndarray
    other: np.ndarray
    wrong: np.ndarray


def weigh_labels(
    vectors: np.ndarray,
    labels: np.ndarray,
    evidence: Sequence[Evidence],
    *,
    count: int,
    groups: np.ndarray | None = None,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> LabelDoubts:
    """Weigh each picture's label against all other classes.

    Args:
        vectors: (N, D) float32 of unit length, the pictures'.
        labels: (N,) int in [0, ``count``).
        evidence: what the pictures are compared with.
        count: C, how many classes there are.
        groups: (N,) of the pictures, compared with those of the evidence.
        report: called with how many pictures are done, of how many.
    """
    total = len(labels)
    margin, own, other = np.zeros(total, np.float32), np.zeros(total, np.float32), np.zeros(total, np.float32)
    best = np.full(total, -1, np.int64)
    used, places = np.unique(labels, return_inverse=True)
    few = min(_TOP, len(used))
    of_label, top, classes = np.zeros(total), np.zeros((total, few)), np.zeros((total, few), np.int64)
    for here, likeness in _likeness(vectors, evidence, count, groups):
        rows, label = np.arange(len(likeness)), labels[here]
        of_label[here], top[here], classes[here] = _probabilities(likeness[:, used], places[here])
        own[here] = likeness[rows, label]
        likeness[rows, label] = -np.inf
        best[here] = likeness.argmax(axis=1)
        other[here] = likeness[rows, best[here]]
        report(min(here.stop, total), total)
    known = np.isfinite(own) & np.isfinite(other)
    # A label that nothing speaks for can be neither doubted nor trusted.
    margin[known] = other[known] - own[known]
    best[~np.isfinite(other)] = -1
    wrong = confident_errors(places, of_label, top, classes, count=len(used)) & np.isfinite(own)
    own[~np.isfinite(own)], other[~np.isfinite(other)] = np.nan, np.nan
    return LabelDoubts(margin, best, own, other, wrong)


def _likeness(
    vectors: np.ndarray, evidence: Sequence[Evidence], count: int, groups: np.ndarray | None
) -> Iterator[tuple[slice, np.ndarray]]:
    """Some pictures at a time, and (n, C) what speaks for each class; -inf where nothing does."""
    by_class = [_sorted(one) for one in evidence if len(one.vectors)]
    for start in range(0, len(vectors), _CHUNK):
        here = slice(start, start + _CHUNK)
        some, own = vectors[here], None if groups is None else groups[here]
        total = np.zeros((len(some), count), np.float32)
        counted = np.zeros((len(some), count), np.float32)
        for one, classes, starts in by_class:
            cosines = some @ one.vectors.T
            grouped = one.groups is not None and own is not None
            if one.groups is not None and own is not None:
                cosines[own[:, None] == one.groups[None]] = _OWN_GROUP
            if len(classes) < cosines.shape[1]:
                cosines = np.maximum.reduceat(cosines, starts, axis=1)
            valid = cosines > _OWN_GROUP if grouped else True
            total[:, classes] += np.where(valid, cosines, 0) if grouped else cosines
            counted[:, classes] += valid
        total[counted == 0] = -np.inf
        total /= np.maximum(counted, 1)
        yield here, total


def _sorted(evidence: Evidence) -> tuple[Evidence, np.ndarray, np.ndarray]:
    """The evidence with its classes together, those classes, and where each begins."""
    order = np.argsort(evidence.classes, kind="stable")
    classes, starts = np.unique(evidence.classes[order], return_index=True)
    groups = None if evidence.groups is None else evidence.groups[order]
    return Evidence(evidence.vectors[order], evidence.classes[order], groups), classes, starts


def _probabilities(likeness: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From what speaks for each class that is a label, (n, C), to probabilities.

    Returns those of the labels, (n,), and those of the k likeliest classes and whose they are, (n, k) each.
    """
    most = likeness.max(axis=1, keepdims=True)
    weights = np.exp(_SHARPNESS * (likeness - np.where(np.isfinite(most), most, 0)))
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-30)
    rows, few = np.arange(len(labels)), min(_TOP, likeness.shape[1])
    top = np.argpartition(-weights, few - 1, axis=1)[:, :few]
    return weights[rows, labels], weights[rows[:, None], top], top
