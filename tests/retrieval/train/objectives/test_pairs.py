"""Each loss against a slow twin, pair by pair."""

import itertools
import math

import numpy as np
import pytest
import torch

from retrieval.train.objectives.base import unit_vectors
from retrieval.train.objectives.pairs import (
    contrastive_loss,
    hardest,
    recall_loss,
    triplet_loss,
)


def some(seed: int, classes: int = 5, each: int = 3, width: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    random = np.random.default_rng(seed)
    labels = random.permutation(np.repeat(np.arange(classes), each))
    return unit_vectors(torch.from_numpy(random.standard_normal((len(labels), width)))), torch.from_numpy(
        labels
    )


def apart(unit: torch.Tensor, a: int, b: int) -> float:
    return float(np.linalg.norm(unit[a].numpy() - unit[b].numpy()))


@pytest.mark.parametrize("seed", range(4))
def test_contrastive_is_the_mean_over_pairs_of_each_kind(seed):
    unit, labels = some(seed)
    same, lacking = [], []
    for a in range(len(labels)):
        for b in range(a):
            if labels[a] == labels[b]:
                same.append(apart(unit, a, b) ** 2)
            elif apart(unit, a, b) < 1:
                lacking.append((1 - apart(unit, a, b)) ** 2)
    wanted = (np.mean(same) + np.mean(lacking)) / 2
    assert float(contrastive_loss(unit, labels, margin=1.0)) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_mining_finds_the_farthest_of_its_own_and_the_nearest_of_another(seed):
    unit, labels = some(seed)
    distances = torch.cdist(unit, unit)
    farthest, nearest, anchors = hardest(distances, labels)
    for anchor in range(len(labels)):
        own = [one for one in range(len(labels)) if labels[one] == labels[anchor] and one != anchor]
        others = [one for one in range(len(labels)) if labels[one] != labels[anchor]]
        assert farthest[anchor] == max(own, key=lambda one: apart(unit, anchor, one))
        assert nearest[anchor] == min(others, key=lambda one: apart(unit, anchor, one))
    assert anchors.all()


@pytest.mark.parametrize("seed", range(4))
def test_triplet_is_the_mean_over_hardest_triplets(seed):
    unit, labels = some(seed)
    losses = []
    for anchor in range(len(labels)):
        others = range(len(labels))
        far = max(
            apart(unit, anchor, one) for one in others if labels[one] == labels[anchor] and one != anchor
        )
        near = min(apart(unit, anchor, one) for one in others if labels[one] != labels[anchor])
        losses.append(max(0.0, far - near + 0.2))
    assert float(triplet_loss(unit, labels, margin=0.2)) == pytest.approx(np.mean(losses), abs=1e-5)


def test_a_label_that_comes_once_is_no_anchor():
    unit, labels = some(1, classes=3, each=2)
    single = torch.cat([unit, unit[:1]]), torch.cat([labels, torch.tensor([9])])
    anchors = hardest(torch.cdist(single[0], single[0]), single[1])[2]
    assert anchors.tolist() == [True] * 6 + [False]


def slow_recall(unit: torch.Tensor, labels: torch.Tensor, ks: tuple[int, ...]) -> float:
    """The published formula, number by number."""

    def sigmoid(value: float) -> float:
        return 1 / (1 + math.exp(-min(max(value, -500), 500)))

    likeness = (unit @ unit.T).tolist()
    everything = range(len(labels))
    recalls = []
    for query in everything:
        own = [one for one in everything if labels[one] == labels[query] and one != query]
        for k in ks:
            found = 0.0
            for right in own:
                before = [
                    sigmoid((likeness[query][one] - likeness[query][right]) / 0.01)
                    for one in everything
                    if one not in (query, right)
                ]
                found += sigmoid(k - 1 - sum(before))
            recalls.append(min(found, k) / min(len(own), k))
    return 1 - float(np.mean(recalls))


@pytest.mark.parametrize("seed", range(4))
def test_recall_is_the_published_formula(seed):
    unit, labels = some(seed)
    assert float(recall_loss(unit, labels, ks=(1, 2, 4))) == pytest.approx(
        slow_recall(unit, labels, (1, 2, 4)), abs=1e-4
    )


def test_recall_loss_falls_as_the_ranking_improves():
    """One right vector walks from behind all others to the query; its rank, and the loss, only fall."""
    turn = [math.radians(angle) for angle in (0, 20, 40, 60, 80)]
    labels = torch.tensor([0, 1, 2, 3, 4, 0])
    losses, step = [], []
    for angle in (90, 70, 50, 30, 10):
        angles = torch.tensor([*turn, math.radians(angle)])
        unit = torch.stack([angles.cos(), angles.sin()], dim=1)
        losses.append(float(recall_loss(unit, labels, ks=(1, 2))))
        step.append(int((unit[0] @ unit[1:5].T > unit[0] @ unit[5]).sum()))
    assert step == [4, 3, 2, 1, 0]
    assert all(later < earlier for earlier, later in itertools.pairwise(losses))


@pytest.mark.parametrize("loss", [contrastive_loss, triplet_loss, recall_loss])
def test_slopes_lead_downhill_and_are_numbers_even_where_vectors_coincide(loss):
    random = torch.Generator().manual_seed(3)
    raw = torch.randn(12, 6, generator=random)
    raw[1] = raw[0]
    labels = torch.arange(4).repeat(3)
    raw.requires_grad_()
    before = loss(unit_vectors(raw), labels)
    before.backward()
    assert torch.isfinite(raw.grad).all()
    with torch.no_grad():
        after = loss(unit_vectors(raw - 1e-3 * raw.grad), labels)
    assert after < before


@pytest.mark.parametrize("loss", [contrastive_loss, triplet_loss, recall_loss])
def test_batches_without_pairs_cost_nothing_and_do_not_fail(loss):
    unit, _ = some(0, classes=1, each=3)
    unit.requires_grad_()
    value = loss(unit, torch.arange(3))
    value.backward()
    assert torch.isfinite(value)
    assert torch.isfinite(unit.grad).all()
