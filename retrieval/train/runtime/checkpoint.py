"""A run's state on disk, so that a kill costs minutes."""

import json
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from common.publish import write_aside
from retrieval.errors import BadModel


def save_checkpoint(
    path: Path, modules: dict[str, nn.Module], optimizer: torch.optim.Optimizer, facts: dict[str, object]
) -> None:
    """Write every module's tensors, the optimizer's, the random state and ``facts`` (JSON) to one file."""
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
    path: Path, modules: dict[str, nn.Module], optimizer: torch.optim.Optimizer
) -> dict[str, object]:
    """Put everything back as it was, and return the facts. Raises BadModel where the file does not fit."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118, not a dict
            facts = json.loads(file.metadata()["facts"])
        torch.set_rng_state(tensors["random"])
        for name, module in modules.items():
            module.load_state_dict(_under(tensors, f"{name}/"))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as problem:
        raise BadModel(
            f"the checkpoint {path} does not fit this run: {problem}", hint="delete it to begin again"
        ) from problem
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for place, parameter in enumerate(parameters):
        state = _under(tensors, f"optimizer/{place}/")
        optimizer.state[parameter] = {
            key: value if key == "step" else value.to(parameter.device) for key, value in state.items()
        }
    return facts


def _states(optimizer: torch.optim.Optimizer) -> Iterator[tuple[int, dict[str, torch.Tensor]]]:
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for place, parameter in enumerate(parameters):
        yield place, optimizer.state.get(parameter, {})


def _under(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
