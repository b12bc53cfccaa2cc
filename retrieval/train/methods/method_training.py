"""Methods trained on an equal footing: one network, one set of inputs, one schedule, their own objectives.

Handedness is not learned here: whatever is compared reads each item both ways round.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from common.publish import write_aside
from retrieval.errors import BadModel
from retrieval.models import Net, Shape
from retrieval.train.data.drawn_inputs import DrawnInputs
from retrieval.train.methods.batches import MethodBatches
from retrieval.train.methods.config import MethodConfig, MethodSchedule
from retrieval.train.objectives import BatchOutput, Objective, make_objective
from retrieval.train.runtime.distributed import Ranks
from retrieval.train.runtime.loop import Learner, TrainingLoop, TrainingProgress

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedMethod:
    """A trained method, ready to infer.

    net: the network.
    objective: what taught it; it may be searched by what it learned.
    record: images, batches, seconds (by the clock, and of the processor), parameters.
    """

    net: Net
    objective: Objective
    record: Mapping[str, float]


class _Model(nn.Module):
    """A network and its objective: searches may use what the objective learned."""

    net: Net
    objective: Objective

    def __init__(self, net: Net, objective: Objective) -> None:
        super().__init__()
        self.net, self.objective = net, objective


class MethodLearner(Learner[_Model]):
    """A network and its objective, both averaged over the run."""

    some_unused = True  # the handedness head, and the embedding where the objective reads feature maps

    def __init__(self, net: Net, objective: Objective) -> None:
        super().__init__()
        self.model = _Model(net, objective)

    def forward(
        self, share: float, inputs: torch.Tensor, labels: torch.Tensor, real: torch.Tensor
    ) -> torch.Tensor:
        """The loss of a batch, a scalar; see ``MethodBatches`` for what is in one."""
        net, objective = self.model.net, self.model.objective
        with torch.autocast(inputs.device.type, torch.bfloat16):
            features = net.body(inputs.contiguous(memory_format=torch.channels_last))
            return objective(BatchOutput(features, net.embedding(features), labels, real, share)).float()

    def parts(self) -> dict[str, nn.Module]:
        """What a checkpoint has to hold, by name."""
        return {"net": self.model.net, "objective": self.model.objective}


def train_method(
    method: MethodConfig,
    schedule: MethodSchedule,
    shape: Shape,
    drawn: Callable[[], DrawnInputs],
    classes: int,
    folder: Path,
    *,
    device: str = "cpu",
    ranks: Ranks | None = None,
) -> TrainedMethod:
    """The method as ``folder`` has it, trained first where it has not, by these very settings.

    Interrupted at any point, it goes on from its checkpoint there.

    method: what to train.
    schedule: the same for all methods.
    shape: of the network.
    drawn: gives the inputs, and is only called where there is something to train.
    classes: how many the inputs have.
    folder: keeps checkpoints and weights.
    device: of this process.
    ranks: which of several processes this is; the only one when None.

    Raises:
        BadInput: an objective or an option is unknown.
        BadModel: a file is damaged.
    """
    ranks = ranks or Ranks()
    torch.manual_seed(schedule.seed)
    net, objective = Net(shape), make_objective(method.objective, classes, shape, method.options)
    path = folder / f"{method.file_stem(schedule, shape, classes)}.safetensors"
    # By the first process's word: it may have written the file by the time that another one looks.
    if not ranks.from_first(path.exists(), torch.device(device)):
        checkpoint = path.with_suffix(".checkpoint")
        loop = TrainingLoop(
            MethodLearner(net, objective),
            MethodBatches(drawn(), method, schedule),
            schedule,
            checkpoint,
            device=device,
            ranks=ranks,
        )
        loop.train(lambda progress: _log_progress(method.name, progress))
        if ranks.first:
            _save(path, loop.average, _record(loop))
            checkpoint.unlink()
        ranks.wait()
    record = _load(path, net.cpu(), objective.cpu())
    return TrainedMethod(net, objective, record)


def _log_progress(name: str, progress: TrainingProgress) -> None:
    log.info("%s: %.0f %%, loss %.3f", name, 100 * progress.share, progress.loss)


def _record(loop: TrainingLoop) -> dict[str, float]:
    return {
        "images": loop.images,
        "batches": loop.batch,
        "seconds": round(loop.seconds, 2),
        "processor_seconds": round(loop.processor_seconds, 2),
        "parameters": sum(parameter.numel() for parameter in loop.average.parameters()),
    }


def _save(path: Path, model: _Model, record: dict[str, float]) -> None:
    tensors = {f"net/{key}": value for key, value in model.net.state_dict().items()}
    tensors |= {f"objective/{key}": value for key, value in model.objective.state_dict().items()}
    tensors = {key: value.detach().cpu().clone().contiguous() for key, value in tensors.items()}
    with write_aside(path) as aside:
        save_file(tensors, aside, metadata={"record": json.dumps(record)})


def _load(path: Path, net: nn.Module, objective: nn.Module) -> dict[str, float]:
    """Put the file's tensors into both, ready to infer, and return its record."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118, not a dict
            record = json.loads(file.metadata()["record"])
        for name, module in (("net/", net), ("objective/", objective)):
            module.load_state_dict(
                {key.removeprefix(name): value for key, value in tensors.items() if key.startswith(name)}
            )
            module.eval()
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as problem:
        hint = "delete it: it is trained again"
        raise BadModel(f"{path.name} cannot be used: {problem}", hint=hint) from problem
    return record
