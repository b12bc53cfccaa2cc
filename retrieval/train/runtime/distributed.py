"""Training in several processes, as torchrun starts them: each draws its own batches, all learn from all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

# The first process draws glyphs and reliefs, or scores a method, while the others wait for it.
_PATIENCE = timedelta(hours=6)


@dataclass(frozen=True)
class Ranks:
    """Which of how many processes this is.

    rank: among all, from 0.
    world: how many there are.
    local: among those on this machine, from 0.
    beside: how many there are on this machine.
    """

    rank: int = 0
    world: int = 1
    local: int = 0
    beside: int = 1

    @classmethod
    def from_environment(cls) -> "Ranks":
        """As torchrun's variables have it; the only process where there are none."""
        names = ("RANK", 0), ("WORLD_SIZE", 1), ("LOCAL_RANK", 0), ("LOCAL_WORLD_SIZE", 1)
        return cls(*(int(os.environ.get(name, otherwise)) for name, otherwise in names))

    @property
    def first(self) -> bool:
        """Whether this is the process that writes files and log lines."""
        return self.rank == 0

    def device(self, kind: str) -> str:
        """The device of this process, ``cpu`` or ``cuda``: each has a GPU of its own."""
        return f"cuda:{self.local}" if kind == "cuda" and self.world > 1 else kind

    @contextmanager
    def first_before_others(self) -> Iterator[None]:
        """The first process goes through the block alone; then the others, who find its caches."""
        if not self.first:
            self.wait()
        yield
        if self.first:
            self.wait()

    def averaging(self, module: nn.Module, *, some_unused: bool = False) -> nn.Module:
        """The module such that its gradients are the mean over all processes; it starts as the first's.

        some_unused: whether some of its parameters may get no gradient.
        """
        if self.world == 1:
            return module
        return DistributedDataParallel(module, find_unused_parameters=some_unused)

    def from_first(self, number: float, device: torch.device) -> float:
        """The first process's number, in all of them."""
        if self.world == 1:
            return number
        shared = torch.tensor(number, dtype=torch.float64, device=device)
        distributed.broadcast(shared, 0)
        return float(shared)

    def copy_from_first(self, module: nn.Module) -> None:
        """Give every process the first's tensors of this module, running statistics too."""
        if self.world > 1:
            for tensor in module.state_dict().values():
                distributed.broadcast(tensor, 0)

    def wait(self) -> None:
        """Wait for all processes to come here."""
        if self.world > 1:
            distributed.barrier()


@contextmanager
def joined(device: str) -> Iterator[Ranks]:
    """Meet the other processes, where torchrun started several: over NCCL on GPUs, over Gloo on CPUs.

    device: ``cpu`` or ``cuda``.
    """
    ranks = Ranks.from_environment()
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


def default_device() -> str:
    """``cuda`` where there is a GPU, else ``cpu``."""
    return "cuda" if torch.cuda.is_available() else "cpu"
