"""What a checkpoint brings back, and what it refuses."""

from pathlib import Path

import pytest
import torch
from torch import nn

from retrieval.errors import BadModel
from retrieval.models import Net
from retrieval.train.runtime.checkpoint import load_checkpoint, save_checkpoint
from tests.retrieval.train.drawn import TINY


def test_checkpoint_brings_back_the_random_state(tmp_path: Path) -> None:
    """Dropout goes on as it would have."""
    net = Net(TINY)
    optimizer = torch.optim.AdamW(net.parameters())
    save_checkpoint(tmp_path / "c.safetensors", {"net": net}, optimizer, {"batch": 4})
    expected = torch.rand(3)
    torch.rand(100)
    assert load_checkpoint(tmp_path / "c.safetensors", {"net": net}, optimizer) == {"batch": 4}
    assert torch.equal(torch.rand(3), expected)


def test_a_refused_checkpoint_changes_nothing(tmp_path: Path) -> None:
    """The first module would fit, the second does not: neither gets anything, nor does the random state."""
    saved = nn.Linear(2, 2), nn.Linear(3, 3)
    optimizer = torch.optim.AdamW(saved[0].parameters())
    save_checkpoint(tmp_path / "c.safetensors", dict(zip("ab", saved, strict=True)), optimizer, {})
    other = nn.Linear(2, 2), nn.Linear(4, 4)
    before, random = other[0].weight.clone(), torch.get_rng_state()
    with pytest.raises(BadModel, match="b has other tensors"):
        load_checkpoint(tmp_path / "c.safetensors", dict(zip("ab", other, strict=True)), optimizer)
    assert torch.equal(other[0].weight, before)
    assert torch.equal(torch.get_rng_state(), random)
