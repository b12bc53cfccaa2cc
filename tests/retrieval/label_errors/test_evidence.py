"""Wrong labels counted as the method's own authors count them, and evidence weighed as the slow way does."""

import numpy as np
import pytest
from cleanlab.count import compute_confident_joint

from retrieval.label_errors.confident import confident_errors
from retrieval.label_errors.evidence import Evidence, weigh_labels


def noisy(seed: int, total: int = 300, count: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Labels, (N,), some of them wrong, and probabilities, (N, C)."""
    random = np.random.default_rng(seed)
    right = random.integers(0, count, total)
    logits = random.normal(size=(total, count)) + 3 * np.eye(count)[right]
    labels = np.where(random.random(total) < 0.15, random.integers(0, count, total), right)
    labels[:count] = np.arange(count)  # the other library wants every class
    weights = np.exp(logits)
    return labels, weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(8))
def test_what_counts_as_wrong_is_what_cleanlab_counts(seed):
    labels, probabilities = noisy(seed)
    _, wrong = compute_confident_joint(
        labels, probabilities, calibrate=False, return_indices_of_off_diagonals=True
    )
    top = np.argsort(-probabilities, axis=1)
    found = confident_errors(
        labels,
        probabilities[np.arange(len(labels)), labels],
        np.take_along_axis(probabilities, top, axis=1),
        top,
        count=probabilities.shape[1],
    )
    assert np.nonzero(found)[0].tolist() == sorted(wrong)
    assert 10 < found.sum() < 100


def slow(vectors, labels, evidence, count, groups):
    """(N, C) what speaks for each class, one cosine after another; nan where nothing does."""
    likeness = np.full((len(vectors), count), np.nan)
    for row, vector in enumerate(vectors):
        for one in range(count):
            said = []
            for kind in evidence:
                near = [
                    float(vector @ other)
                    for place, other in enumerate(kind.vectors)
                    if kind.classes[place] == one
                    and (kind.groups is None or kind.groups[place] != groups[row])
                ]
                said += [max(near)] if near else []
            likeness[row, one] = np.mean(said) if said else np.nan
    return likeness


def unit(random, *shape):
    vectors = random.normal(size=shape)
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_doubts_are_those_of_the_slow_way(seed, monkeypatch):
    monkeypatch.setattr("retrieval.label_errors.evidence._CHUNK", 7)
    random = np.random.default_rng(seed)
    total, count = 30, 12
    vectors, labels = unit(random, total, 6), random.integers(0, 9, total)
    groups = random.integers(0, 4, total)
    evidence = [
        Evidence(vectors, labels, groups),
        Evidence(unit(random, 10, 6), random.integers(3, 12, 10)),
        Evidence(unit(random, 5, 6), random.permutation(12)[:5]),
        Evidence(np.zeros((0, 6), np.float32), np.zeros(0, np.int64)),
    ]
    reported = []
    found = weigh_labels(
        vectors, labels, evidence, count=count, groups=groups, report=lambda *done: reported.append(done)
    )
    likeness = slow(vectors, labels, evidence, count, groups)
    own = likeness[np.arange(total), labels]
    likeness[np.arange(total), labels] = np.nan
    assert found.own == pytest.approx(own, abs=1e-5, nan_ok=True)
    assert found.other == pytest.approx(np.nanmax(likeness, axis=1), abs=1e-5)
    assert found.best.tolist() == np.nanargmax(likeness, axis=1).tolist()
    margin = np.nan_to_num(np.nanmax(likeness, axis=1) - own)
    assert found.margin == pytest.approx(margin, abs=1e-5)
    assert reported[-1] == (total, total)


def test_one_class_alone_is_never_doubted():
    vectors = np.eye(3, dtype=np.float32)
    found = weigh_labels(vectors, np.zeros(3, int), [Evidence(vectors, np.zeros(3, int))], count=1)
    assert found.best.tolist() == [-1] * 3
    assert not found.margin.any()
    assert not found.wrong.any()
