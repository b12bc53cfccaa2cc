"""The one training loop: batches until the run is over, kept so that a kill costs little."""

import logging
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import nn
from torch.utils.data import DataLoader

from retrieval.errors import BadModel
from retrieval.train.runtime.batches import NumberedBatches, batch_loader
from retrieval.train.runtime.checkpoint import load_checkpoint, save_checkpoint
from retrieval.train.runtime.distributed import Ranks
from retrieval.train.runtime.schedule import MovingAverage, RateSchedule
from retrieval.train.runtime.settings import LoopSettings

Model = TypeVar("Model", bound=nn.Module)

log = logging.getLogger(__name__)


class RunStopped(Exception):
    """The run was asked to stop. It is kept, and the same command goes on from there."""


@dataclass(frozen=True)
class TrainingProgress:
    """Where a run stands.

    batch: how many are done.
    share: of the run that is over, in [0, 1].
    seconds: so far.
    loss: of the last batch.
    """

    batch: int
    share: float
    seconds: float
    loss: float


class Learner(nn.Module, ABC, Generic[Model]):
    """A model and all that teaches it, as one module.

    Its ``forward`` takes the share of the run that is over, in [0, 1], and the tensors of a batch, and gives
    the batch's loss, a scalar.

    model: what the run is for. It is averaged over the run, and its gradients are clipped.
    some_unused: whether some parameters may get no gradient.
    """

    model: Model
    some_unused = False

    @abstractmethod
    def parts(self) -> dict[str, nn.Module]:
        """What a checkpoint has to hold, by name."""

    def parameter_groups(self) -> list[dict]:
        """What the optimizer moves: all that learns."""
        return [{"params": [each for each in self.parameters() if each.requires_grad]}]


class TrainingLoop(Generic[Model]):
    """Trains a learner's model; it ends with the same numbers whenever it was interrupted.

    batch, images, seconds, processor_seconds: how much was done, all resumptions counted. images are those
    of all processes, processor_seconds those of this one.
    """

    def __init__(
        self,
        learner: Learner[Model],
        batches: NumberedBatches,
        settings: LoopSettings,
        checkpoint: Path,
        *,
        device: str = "cpu",
        ranks: Ranks | None = None,
        minutes: float | None = None,
        unattended: bool = False,
    ) -> None:
        """Build the optimizer, and move all to the device.

        checkpoint: file to keep the run in.
        device: of this process.
        ranks: which of several processes this is; the only one when None.
        minutes: end the run after so much training time, if that comes sooner.
        unattended: nobody is there to delete a damaged checkpoint: the one before is kept as well, and where
            neither can be read, the run begins anew.
        """
        self._settings, self._checkpoint, self._unattended = settings, checkpoint, unattended
        self._device, self._ranks, self._limit = (
            torch.device(device),
            ranks or Ranks(),
            (minutes or math.inf) * 60,
        )
        self._batches, self._learner = batches, learner.to(self._device)
        learner.model.to(memory_format=torch.channels_last)
        self._optimizer = torch.optim.AdamW(
            learner.parameter_groups(), lr=settings.rate, weight_decay=settings.decay
        )
        self._rate = RateSchedule(self._optimizer, rate=settings.rate, warm_up=settings.warm_up)
        self._average: MovingAverage[Model] = MovingAverage(learner.model, most=settings.smoothing)
        self._averaged_learner = self._ranks.averaging(learner, some_unused=learner.some_unused)
        self.batch, self.images, self.seconds, self.processor_seconds = 0, 0, 0.0, 0.0

    @property
    def average(self) -> Model:
        """The model averaged over the run so far."""
        return self._average.model

    @property
    def images_a_batch(self) -> int:
        """Inputs that all processes together learn from in one batch."""
        return self._ranks.world * self._batches.images

    def facts(self) -> dict[str, object]:
        """What a record says of every run."""
        return {
            "config": self._settings.name,
            "seed": self._settings.seed,
            "batches": self.batch,
            "images": self.images,
            "processes": self._ranks.world,
            "minutes": round(self.seconds / 60, 1),
        }

    def train(
        self,
        report: Callable[[TrainingProgress], None] = lambda progress: None,
        *,
        should_stop: Callable[[], bool] = lambda: False,
        started: Callable[[int], None] = lambda batch: None,
    ) -> Model:
        """Train to the end, from the checkpoint where there is one, and return the averaged model.

        report: called in the first process, every ``report_every`` batches.
        should_stop: asked before each batch.
        started: called with the number of batches that were done before.

        Raises:
            RunStopped: it was to stop; what was learned is kept.
            BadModel: the checkpoint cannot be used, and somebody is there to look at it.
        """
        if self._checkpoint.exists():
            self._resume()
        started(self.batch)
        self._draw_own_lots()
        share = self._train_batches(report, should_stop)
        self._ranks.copy_from_first(self.average)
        self._keep()
        if share == math.inf:
            raise RunStopped
        return self.average

    def _draw_own_lots(self) -> None:
        """Dropout and rivals of its own; the first process has the state that a checkpoint brings back."""
        if not self._ranks.first:
            torch.manual_seed(hash((self._settings.seed, self._ranks.rank, self.batch)) % 2**63)

    def _train_batches(
        self, report: Callable[[TrainingProgress], None], should_stop: Callable[[], bool]
    ) -> float:
        """Train until the run is over, or to stop. Returns the share that is over; inf if it is to stop."""
        clock = _Clock(self.seconds, self.processor_seconds)
        kept = time.monotonic()
        for batch in self._loader():
            share = self._ranks.from_first(math.inf if should_stop() else self._share(), self._device)
            if share >= 1:
                break
            loss = self._learn(share, batch)
            self.batch += 1
            self.images += self.images_a_batch
            self.seconds, self.processor_seconds = clock.read()
            if self.batch % self._settings.report_every == 0 and self._ranks.first:
                report(TrainingProgress(self.batch, self._share(), self.seconds, float(loss)))
            if time.monotonic() - kept > self._settings.keep_every:
                self._keep()
                kept = time.monotonic()
        return share

    def _loader(self) -> DataLoader:
        batches = self._batches.starting(self.batch, turn=self._ranks.rank, turns=self._ranks.world)
        return batch_loader(batches, workers=self._settings.workers, pinned=self._device.type == "cuda")

    def _learn(self, share: float, batch: tuple[torch.Tensor, ...]) -> torch.Tensor:
        self._rate.set(share)
        loss = self._averaged_learner(share, *(part.to(self._device, non_blocking=True) for part in batch))
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._learner.model.parameters(), self._settings.clip)
        self._optimizer.step()
        self._average.take(self._learner.model, number=self.batch + 1)
        return loss.detach()

    def _share(self) -> float:
        return max(self.images / self._settings.images, self.seconds / self._limit)

    def _parts(self) -> Mapping[str, nn.Module]:
        return {**self._learner.parts(), "smooth": self.average}

    @property
    def _before(self) -> Path:
        return self._checkpoint.with_suffix(".before")

    def _keep(self) -> None:
        if not self._ranks.first:
            return
        if self._unattended and self._checkpoint.exists():
            # A disk may give back less than was written.
            link = self._checkpoint.with_suffix(".link")
            link.unlink(missing_ok=True)
            link.hardlink_to(self._checkpoint)
            link.replace(self._before)
        facts = {
            "batch": self.batch,
            "images": self.images,
            "seconds": self.seconds,
            "processor_seconds": self.processor_seconds,
        }
        save_checkpoint(self._checkpoint, self._parts(), self._optimizer, facts)

    def _resume(self) -> None:
        for path in (self._checkpoint, self._before) if self._unattended else (self._checkpoint,):
            try:
                facts = load_checkpoint(path, self._parts(), self._optimizer)
            except BadModel as problem:
                if not self._unattended:
                    raise
                log.warning("%s", problem)
            else:
                self._go_on_from(facts)
                return
        log.warning("no checkpoint can be read: beginning anew")

    def _go_on_from(self, facts: Mapping[str, Any]) -> None:
        self.batch, self.seconds = int(facts["batch"]), float(facts["seconds"])
        # Older versions kept neither.
        self.images = int(facts.get("images", self.batch * self.images_a_batch))
        self.processor_seconds = float(facts.get("processor_seconds", 0.0))
        log.info("going on from batch %d, %.1f minutes in", self.batch, self.seconds / 60)


class _Clock:
    """Seconds by the clock, and of the processor, since it was made, and what was before."""

    def __init__(self, seconds: float, processor_seconds: float) -> None:
        self._since = time.monotonic() - seconds, time.process_time() - processor_seconds

    def read(self) -> tuple[float, float]:
        return time.monotonic() - self._since[0], time.process_time() - self._since[1]
