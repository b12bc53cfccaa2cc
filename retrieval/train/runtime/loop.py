"""What every training loop here shares: batches until the run is over, kept so that a kill costs little."""

import logging
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from retrieval.models import Net
from retrieval.train.runtime.checkpoint import load_checkpoint, save_checkpoint
from retrieval.train.runtime.distributed import Ranks

log = logging.getLogger(__name__)
_SMOOTHING = 0.999
_WARM_UP = 0.02


class Left(Exception):
    """The run was asked to leave. It is kept, and the same command goes on from there."""


@dataclass(frozen=True)
class Progress:
    """Where a run stands: batches done, share of the run in [0, 1], seconds so far, the last loss."""

    batch: int
    share: float
    seconds: float
    loss: float


class Resumable(ABC):
    """A loop that ends with the same numbers whenever it was interrupted.

    A subclass sets ``_ranks``, ``_checkpoint``, ``_device``, ``_net``, ``_smooth``, ``_optimizer``,
    ``_seed``, ``_goal`` (images in all), ``_limit`` (seconds), ``_keep_every`` (seconds), then calls
    ``_begin``; batch n of its loader must be the same whenever it is asked for.
    """

    _ranks: Ranks
    _checkpoint: Path
    _device: torch.device
    _net: Net
    _smooth: Net
    _optimizer: torch.optim.Optimizer
    _seed: int
    _goal: int
    _limit: float
    _keep_every: float
    _report_every = 50

    def _begin(self) -> None:
        self._batch, self._images, self._seconds = 0, 0, 0.0

    def train(
        self, report: Callable[[Progress], None] = lambda _: None, leave: Callable[[], bool] = lambda: False
    ) -> Net:
        """Train to the end, from the checkpoint where there is one. Calls ``report`` every 50 batches.

        leave: asked before each batch whether to stop here.

        Raises:
            Left: it was to stop; what was learned is kept.
        """
        if self._checkpoint.exists():
            self._resume()
        self._started()
        if not self._ranks.first:
            # Dropout and rivals of its own; the first process keeps the state that a checkpoint brings back.
            torch.manual_seed(hash((self._seed, self._ranks.rank, self._batch)) % 2**63)
        started = kept = time.monotonic()
        before = self._seconds
        for batch in self._loader():
            share = self._ranks.agreed(math.inf if leave() else self._share(), self._device)
            if share >= 1:
                break
            loss = self._learn(*batch, share)
            self._batch += 1
            self._images += self._ranks.world * self._a_batch
            now = time.monotonic()
            self._seconds = before + now - started
            if self._batch % self._report_every == 0 and self._ranks.first:
                report(Progress(self._batch, self._share(), self._seconds, loss))
            if now - kept > self._keep_every:
                self._keep()
                kept = now
        self._ranks.level(self._smooth)
        self._keep()
        if share == math.inf:
            raise Left
        return self._smooth

    def _started(self) -> None:  # noqa: B027 - most have nothing to do then
        """Called once the run is where it goes on from."""

    @abstractmethod
    def _loader(self) -> Iterable[tuple]:
        """Endless batches, from number ``_batch`` on."""

    @property
    @abstractmethod
    def _a_batch(self) -> int:
        """Images in one batch of one process."""

    @abstractmethod
    def _learn(self, *batch_and_share) -> float:
        """Learn from one batch; returns its loss."""

    @abstractmethod
    def _modules(self) -> dict[str, nn.Module]:
        """Whatever a checkpoint has to hold, by name."""

    def _share(self) -> float:
        return max(self._images / self._goal, self._seconds / self._limit)

    @torch.no_grad()
    def _smoothen(self, most: float = _SMOOTHING) -> None:
        keep = min(most, (1 + self._batch) / (10 + self._batch))
        old, new = self._smooth.state_dict(), self._net.state_dict()
        floats = [key for key in old if old[key].is_floating_point()]
        torch._foreach_lerp_([old[key] for key in floats], [new[key] for key in floats], 1 - keep)

    def _keep(self) -> None:
        if not self._ranks.first:
            return
        save_checkpoint(self._checkpoint, self._modules(), self._optimizer, self._facts())

    def _resume(self) -> None:
        self._take_up(self._checkpoint)
        log.info("going on from batch %d, %.1f minutes in", self._batch, self._seconds / 60)

    def _take_up(self, checkpoint: Path) -> None:
        facts = load_checkpoint(checkpoint, self._modules(), self._optimizer)
        self._batch, self._seconds = int(facts["batch"]), float(facts["seconds"])
        self._images = int(facts.get("images", self._batch * self._a_batch))

    def _facts(self) -> dict[str, object]:
        return {"batch": self._batch, "images": self._images, "seconds": self._seconds}


def rate_at(share: float) -> float:
    """A short warm-up, then half a cosine down to nearly nothing; a factor in (0, 1]."""
    if share < _WARM_UP:
        return max(0.02, share / _WARM_UP)
    return 0.003 + 0.997 * (1 + math.cos(math.pi * min(1.0, share))) / 2
