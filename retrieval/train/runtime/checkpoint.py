"""A run's state on disk, so that a kill costs minutes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from common.publish import write_aside
from retrieval.errors import BadModel


def save_checkpoint(
    path: Path,
    modules: Mapping[str, nn.Module],
    optimizer: torch.optim.Optimizer,
    facts: Mapping[str, object],
) -> None:
    """Write all that a run needs to go on to one file.

    modules: by name; all of their tensors are kept.
    optimizer: its state is kept, not its settings.
    facts: as JSON can hold them.
    """
    tensors = {"random": torch.get_rng_state()}
    for name, module in modules.items():
        tensors |= {f"{name}/{key}": value for key, value in module.state_dict().items()}
    for place, state in _states(optimizer):
        tensors |= {f"optimizer/{place}/{key}": value for key, value in state.items()}
    # A copy of each: safetensors refuses tensors that share memory.
    tensors = {key: value.detach().cpu().clone().contiguous() for key, value in tensors.items()}
    with write_aside(path) as aside:
        save_file(tensors, aside, metadata={"facts": json.dumps(facts)})


def load_checkpoint(
    path: Path, modules: Mapping[str, nn.Module], optimizer: torch.optim.Optimizer
) -> dict[str, Any]:
    """Put everything back as it was, torch's random state too, and return the facts.

    Raises:
        BadModel: the file cannot be read, or is of other modules; then nothing is changed.
    """
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118, not a dict
            facts = json.loads(file.metadata()["facts"])
        for name, module in modules.items():
            _check_fit(name, module, _under(tensors, f"{name}/"))
        torch.set_rng_state(tensors["random"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as problem:
        raise BadModel(
            f"the checkpoint {path} does not fit this run: {problem}", hint="delete it to begin again"
        ) from problem
    for name, module in modules.items():
        module.load_state_dict(_under(tensors, f"{name}/"))
    for place, parameter in enumerate(_parameters(optimizer)):
        state = _under(tensors, f"optimizer/{place}/")
        optimizer.state[parameter] = {
            key: value if key == "step" else value.to(parameter.device) for key, value in state.items()
        }
    return facts


def _check_fit(name: str, module: nn.Module, tensors: Mapping[str, torch.Tensor]) -> None:
    """Raises ValueError where the module has other tensors than these."""
    wanted = {key: value.shape for key, value in module.state_dict().items()}
    if wanted != {key: value.shape for key, value in tensors.items()}:
        raise ValueError(f"{name} has other tensors")


def _states(optimizer: torch.optim.Optimizer) -> Iterator[tuple[int, dict[str, torch.Tensor]]]:
    for place, parameter in enumerate(_parameters(optimizer)):
        yield place, optimizer.state.get(parameter, {})


def _parameters(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _under(tensors: Mapping[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
