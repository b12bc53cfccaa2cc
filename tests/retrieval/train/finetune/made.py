"""What the tests of fine-tuning share."""

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from retrieval.train.finetune.config import FineTuneConfig
from tests.retrieval.train.drawn import strokes

CODES = range(0x4E01, 0x4E15)
CONFIG = FineTuneConfig(name="t", images=12 * 8, classes=4, unlabelled=4, keep_every=0.0, rate=3e-3)


def ink(code: int, weight: int) -> np.ndarray:
    """A made-up character with margins, (84, 76) bool."""
    return np.pad(strokes(code, weight), 10)


def tensors(net: nn.Module) -> dict[str, torch.Tensor]:
    """All of a network's tensors, copied."""
    return {key: value.clone() for key, value in net.state_dict().items()}


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether two networks are the same to the last bit."""
    return all(torch.equal(value, other[key]) for key, value in one.items())


def stops_after(batches: int) -> Callable[[], bool]:
    """Has a run stop before its batch of this number."""
    count = iter(range(10**6))
    return lambda: next(count) >= batches
