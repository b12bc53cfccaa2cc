"""How learning rate and moving average go over a run; both are timm's."""

from typing import Generic, TypeVar

from timm.scheduler import CosineLRScheduler
from timm.utils import ModelEmaV3
from torch import nn, optim

Model = TypeVar("Model", bound=nn.Module)

_PARTS = 1_000_000  # of a run; timm counts steps, and how many there will be is not known where time ends it
_FIRST, _LAST = 0.02, 0.003  # of the highest rate


class RateSchedule:
    """A short linear warm-up, then half a cosine down to nearly nothing."""

    def __init__(self, optimizer: optim.Optimizer, *, rate: float, warm_up: float) -> None:
        """rate: the highest one. warm_up: share of the run until it is reached, in [0, 1)."""
        self._schedule = CosineLRScheduler(
            optimizer,
            t_initial=_PARTS,
            t_in_epochs=False,
            lr_min=_LAST * rate,
            warmup_t=round(warm_up * _PARTS),
            warmup_lr_init=_FIRST * rate,
        )

    def set(self, share: float) -> None:
        """Give the optimizer the rate that it has when this share of the run is over, in [0, 1]."""
        self._schedule.step_update(round(share * _PARTS))


class MovingAverage(Generic[Model]):
    """The running mean of a model's tensors; ``model`` is the averaged one, of the same class.

    The n-th batch, from 1, leaves n / (9 + n) of the mean as it was, and never more than ``most``: without
    that warm-up the first weights, drawn by lot, would show in it for thousands of batches.
    """

    def __init__(self, model: Model, *, most: float) -> None:
        self._mean = ModelEmaV3(model, decay=most, use_warmup=True, warmup_gamma=9.0, warmup_power=1.0)
        self._mean.requires_grad_(False)

    @property
    def model(self) -> Model:
        """The averaged model, ready to infer."""
        return self._mean.module

    def take(self, model: Model, *, number: int) -> None:
        """Move towards the model as it is after the batch of this number, from 1."""
        # timm counts the state before the first batch as a step.
        self._mean.update(model, step=number + 1)
