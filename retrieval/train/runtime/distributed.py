"""Training in several processes, as torchrun starts them: each draws its own batches, all learn from all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

# The first process draws glyphs and reliefs while the others wait for it.
_PATIENCE = timedelta(hours=6)


@dataclass(frozen=True)
class Ranks:
    """Which of how many processes this is.

    rank, world: among all. local, beside: among those on this machine.
    """

    rank: int = 0
    world: int = 1
    local: int = 0
    beside: int = 1

    @classmethod
    def told(cls) -> "Ranks":
        """What torchrun says in the environment; the only process where it says nothing."""
        names = ("RANK", 0), ("WORLD_SIZE", 1), ("LOCAL_RANK", 0), ("LOCAL_WORLD_SIZE", 1)
        return cls(*(int(os.environ.get(name, otherwise)) for name, otherwise in names))

    @property
    def first(self) -> bool:
        """Whether this is the process that writes files and speaks."""
        return self.rank == 0

    def device(self, wanted: str) -> str:
        """The device of this process: each has a GPU of its own."""
        return f"cuda:{self.local}" if wanted == "cuda" and self.world > 1 else wanted

    @contextmanager
    def first_before_others(self) -> Iterator[None]:
        """The first process goes through the block alone; then the others, who find its caches."""
        if not self.first:
            self._wait()
        yield
        if self.first:
            self._wait()

    def averaging(self, module: nn.Module) -> nn.Module:
        """The module such that its gradients are the mean over all processes; it starts as the first's."""
        return DistributedDataParallel(module) if self.world > 1 else module

    def agreed(self, number: float, device: torch.device) -> float:
        """The first process's number, in all of them."""
        if self.world == 1:
            return number
        told = torch.tensor(number, dtype=torch.float64, device=device)
        distributed.broadcast(told, 0)
        return float(told)

    def level(self, module: nn.Module) -> None:
        """Give every process the first's tensors of this module, running statistics too."""
        if self.world > 1:
            for tensor in module.state_dict().values():
                distributed.broadcast(tensor, 0)

    def _wait(self) -> None:
        if self.world > 1:
            distributed.barrier()


@contextmanager
def joined(device: str) -> Iterator[Ranks]:
    """Meet the other processes, where torchrun started several: over NCCL on GPUs, over Gloo on CPUs."""
    ranks = Ranks.told()
    if ranks.world == 1:
        yield ranks
        return
    on_gpus = device.startswith("cuda")
    if on_gpus:
        torch.cuda.set_device(ranks.local)
    distributed.init_process_group("nccl" if on_gpus else "gloo", timeout=_PATIENCE)
    try:
        yield ranks
    finally:
        distributed.destroy_process_group()
