"""Learning rate and moving average against plain loops."""

import copy
import math

import pytest
import torch
from torch import nn

from retrieval.train.runtime.schedule import MovingAverage, RateSchedule


def rates(shares: list[float], *, rate: float, warm_up: float) -> list[float]:
    """The rates that an optimizer gets."""
    optimizer = torch.optim.AdamW(nn.Linear(1, 1).parameters(), lr=rate)
    schedule = RateSchedule(optimizer, rate=rate, warm_up=warm_up)
    found = []
    for share in shares:
        schedule.set(share)
        found.append(optimizer.param_groups[0]["lr"])
    return found


@pytest.mark.parametrize("warm_up", [0.02, 0.03])
def test_rate_against_a_plain_loop(warm_up: float) -> None:
    """A line up to the highest rate, then half a cosine; as before timm's scheduler, within a fiftieth."""
    shares = [place / 1000 for place in range(1001)]
    found = rates(shares, rate=0.003, warm_up=warm_up)
    for share, got in zip(shares, found, strict=True):
        if share < warm_up:
            assert got == pytest.approx(0.003 * (0.02 + 0.98 * share / warm_up))
            assert got == pytest.approx(0.003 * max(0.02, share / warm_up), abs=0.02 * 0.003)
        else:
            assert got == pytest.approx(0.003 * (0.003 + 0.997 * (1 + math.cos(math.pi * share)) / 2))


def test_rate_warms_up_and_cools_down() -> None:
    """Up in the first fiftieth, down to nearly nothing at the end, never nought."""
    first, top, middle, last, late = rates([0, 0.02, 0.5, 1, 1.2], rate=1.0, warm_up=0.02)
    assert first < 0.05
    assert top == pytest.approx(1, abs=0.01)
    assert middle == pytest.approx(0.5, abs=0.01)
    assert 0 < last < 0.01
    assert late == pytest.approx(last)


@pytest.mark.parametrize("most", [0.99, 0.999])
def test_moving_average_against_a_plain_loop(most: float) -> None:
    """Each batch moves every tensor of it by the share that the warm-up leaves, running statistics too."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    average = MovingAverage(model, most=most)
    plain = {key: value.clone() for key, value in copy.deepcopy(model).state_dict().items()}
    for number in range(1, 1501):
        with torch.no_grad():
            for value in model.state_dict().values():
                value.copy_(torch.randn(value.shape) * 5)
        average.take(model, number=number)
        keep = min(most, number / (9 + number))
        for key, value in model.state_dict().items():
            plain[key] = (
                keep * plain[key] + (1 - keep) * value if value.is_floating_point() else value.clone()
            )
        if number in (1, 2, 50, 1500):
            for key, value in average.model.state_dict().items():
                assert torch.allclose(value, plain[key], atol=1e-4), (number, key)
    assert not average.model.training
    assert not any(parameter.requires_grad for parameter in average.model.parameters())
