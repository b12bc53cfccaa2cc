"""How much speaks for each class that a labelled picture might be of, and which labels that makes doubtful.

Witnesses are pictures or directions whose class is known: the directions that a network learned for
characters, carved items, other labelled pictures. A witness says of a class how much the picture resembles
whatever of that class is nearest to it; what several witnesses say is averaged over those who know the class.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.train.confident import confident_errors

_CHUNK = 256
_TOP = 8
_SHARPNESS = 20.0
"""Factor on a likeness before the softmax over classes."""
_ITSELF = -4.0
"""Below every cosine: what a picture's own group says of it."""


@dataclass(frozen=True)
class Witness:
    """vectors: (M, D) float32 of unit length. classes: (M,) int in [0, C), with or without repeats.

    groups: (M,), of which a picture's own bears no witness to it; None where all do.
    """

    vectors: np.ndarray
    classes: np.ndarray
    groups: np.ndarray | None = None


@dataclass(frozen=True)
class Doubts:
    """How doubtful each of N labels is.

    margin: (N,) float32, how much more another class has for the picture than its label has, in cosine;
    above 0 it has more; 0 where nothing bears witness to the label. best: (N,) int64, that class, -1 where
    there is no other. own, other: (N,) float32, what speaks for the label and for that class; nan where
    nothing does. wrong: (N,) bool, whether confident learning counts the label among the wrong ones.
    """

    margin: np.ndarray
    best: np.ndarray
    own: np.ndarray
    other: np.ndarray
    wrong: np.ndarray


def doubts_of(
    vectors: np.ndarray,
    labels: np.ndarray,
    witnesses: Sequence[Witness],
    *,
    count: int,
    groups: np.ndarray | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> Doubts:
    """Weigh each picture's label against all other classes.

    vectors: (N, D) float32 of unit length. labels: (N,) int in [0, ``count``). groups: (N,), compared with
    the witnesses'. tell: told how many pictures are done.
    """
    total = len(labels)
    margin, own, other = np.zeros(total, np.float32), np.zeros(total, np.float32), np.zeros(total, np.float32)
    best = np.full(total, -1, np.int64)
    used, places = np.unique(labels, return_inverse=True)
    few = min(_TOP, len(used))
    of_label, top, classes = np.zeros(total), np.zeros((total, few)), np.zeros((total, few), np.int64)
    for here, likeness in _likeness(vectors, witnesses, count, groups):
        rows, label = np.arange(len(likeness)), labels[here]
        of_label[here], top[here], classes[here] = _probabilities(likeness[:, used], places[here])
        own[here] = likeness[rows, label]
        likeness[rows, label] = -np.inf
        best[here] = likeness.argmax(axis=1)
        other[here] = likeness[rows, best[here]]
        tell(min(here.stop, total))
    known = np.isfinite(own) & np.isfinite(other)
    # A label that nothing bears witness to can be neither doubted nor trusted.
    margin[known] = other[known] - own[known]
    best[~np.isfinite(other)] = -1
    wrong = confident_errors(places, of_label, top, classes, count=len(used)) & np.isfinite(own)
    own[~np.isfinite(own)], other[~np.isfinite(other)] = np.nan, np.nan
    return Doubts(margin, best, own, other, wrong)


def _likeness(
    vectors: np.ndarray, witnesses: Sequence[Witness], count: int, groups: np.ndarray | None
) -> Iterator[tuple[slice, np.ndarray]]:
    """Some pictures at a time, and (n, C) what speaks for each class; -inf where nothing does."""
    sorted_witnesses = [_sorted(witness) for witness in witnesses if len(witness.vectors)]
    for start in range(0, len(vectors), _CHUNK):
        here = slice(start, start + _CHUNK)
        some, own = vectors[here], None if groups is None else groups[here]
        total = np.zeros((len(some), count), np.float32)
        voices = np.zeros((len(some), count), np.float32)
        for witness, known, starts in sorted_witnesses:
            said = some @ witness.vectors.T
            grouped = witness.groups is not None and own is not None
            if grouped:
                said[own[:, None] == witness.groups[None]] = _ITSELF
            if len(known) < said.shape[1]:
                said = np.maximum.reduceat(said, starts, axis=1)
            heard = said > _ITSELF if grouped else True
            total[:, known] += np.where(heard, said, 0) if grouped else said
            voices[:, known] += heard
        total[voices == 0] = -np.inf
        total /= np.maximum(voices, 1)
        yield here, total


def _sorted(witness: Witness) -> tuple[Witness, np.ndarray, np.ndarray]:
    """The witness with its classes together, those classes, and where each begins."""
    order = np.argsort(witness.classes, kind="stable")
    known, starts = np.unique(witness.classes[order], return_index=True)
    groups = None if witness.groups is None else witness.groups[order]
    return Witness(witness.vectors[order], witness.classes[order], groups), known, starts


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
