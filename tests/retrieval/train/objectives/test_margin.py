"""Losses: each against its definition written out slowly."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from retrieval.train.objectives.contrast import domain_contrast
from retrieval.train.objectives.margin import MarginSoftmax, trimmed_mean


def units(count: int, width: int = 6, seed: int = 0) -> torch.Tensor:
    """Random unit vectors."""
    return functional.normalize(torch.randn(count, width, generator=torch.Generator().manual_seed(seed)))


def test_margin_softmax_against_its_formula() -> None:
    """-log of exp(s (cos - m)) over itself plus the others' exp(s cos)."""
    torch.manual_seed(0)
    head = MarginSoftmax(5, 6, scale=8.0)
    unit, labels = units(4), torch.tensor([0, 3, 3, 1])
    got = head(unit, labels, 0.2).detach().numpy()
    weight = functional.normalize(head.weight).detach().numpy()
    for row, label in enumerate(labels.tolist()):
        logits = 8.0 * (weight @ unit[row].numpy() - 0.2 * (np.arange(5) == label))
        assert got[row] == pytest.approx(np.log(np.exp(logits).sum()) - logits[label], rel=1e-4)


def test_few_rivals_include_the_right_characters() -> None:
    """With fewer rivals than characters the gradient reaches the right ones and few others."""
    torch.manual_seed(0)
    head = MarginSoftmax(100, 6, rivals=10)
    unit, labels = units(4), torch.tensor([99, 3, 3, 50])
    losses = head(unit, labels, 0.0)
    losses.sum().backward()
    assert torch.isfinite(losses).all()
    touched = set(head.weight.grad.abs().sum(dim=1).nonzero().flatten().tolist())
    assert {3, 50, 99} <= touched
    assert len(touched) <= 10


def test_worst_doubtful_losses_are_left_out() -> None:
    """Half of the doubtful ones go, the worst, and a sure one never does."""
    losses = torch.tensor([9.0, 1.0, 5.0, 2.0])
    doubtful = torch.tensor([False, True, True, False])
    assert float(trimmed_mean(losses, doubtful, 0.5)) == pytest.approx((9 + 1 + 2) / 3)
    assert float(trimmed_mean(losses, doubtful, 0.0)) == pytest.approx(17 / 4)


def test_domain_contrast_wants_pairs_together() -> None:
    """Matching rows cost next to nothing, shuffled ones a lot, equal ones the log of their number."""
    vectors = torch.eye(4)
    assert float(domain_contrast(vectors, vectors)) < 0.01
    assert float(domain_contrast(vectors, vectors.roll(1, 0))) > 5
    same = torch.ones(4, 4) / 2
    assert float(domain_contrast(same, same)) == pytest.approx(np.log(4), abs=1e-5)
