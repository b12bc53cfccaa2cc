"""Methods trained on an equal footing: one network, one set of inputs, one schedule, their own objectives.

Handedness is not learned here: whatever is compared reads each item both ways round.
"""

import copy
import hashlib
import json
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from common.errors import BadInput
from common.publish import write_aside
from retrieval.errors import BadModel
from retrieval.models import Net, Shape
from retrieval.train.data.drawn_inputs import CROP, PRINT, RELIEF, RENDERED, SOURCES, Drawn
from retrieval.train.objectives import Seen, make_objective

log = logging.getLogger(__name__)
_SMOOTHING, _WARM_UP, _STEEPEST = 0.99, 0.03, 5.0


@dataclass(frozen=True)
class Schedule:
    """The same for all: images to learn from, pairs of a print and a height map a batch, highest learning
    rate, weight decay.

    real, rendered: shares of the prints that are real crops, and of the height maps that were rendered,
    where the class has such.
    """

    images: int = 120_000
    pairs: int = 64
    rate: float = 3e-3
    decay: float = 0.03
    real: float = 0.75
    rendered: float = 0.5
    seed: int = 1


@dataclass(frozen=True)
class Entry:
    """One method to be trained.

    objective: its name, see ``objectives``. each: prints, and height maps, of a character in a batch.
    sources: what it learns from beside drawn prints and reliefs: "crops", "rendered".
    options: of the objective.
    """

    name: str
    objective: str
    each: int = 1
    sources: tuple[str, ...] = tuple(SOURCES)
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.sources) - set(SOURCES))
        if unknown:
            raise BadInput(
                f"{self.name} has unknown sources: {', '.join(unknown)}", hint=f"known: {', '.join(SOURCES)}"
            )


@dataclass(frozen=True)
class Trained:
    """A trained method. record: images, batches, seconds (by the clock, and of the processor), parameters."""

    net: Net
    objective: nn.Module
    record: Mapping[str, float]


def trained(
    entry: Entry,
    schedule: Schedule,
    shape: Shape,
    drawn: Callable[[], Drawn],
    classes: int,
    folder: Path,
    *,
    device: str = "cpu",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Trained:
    """The method as ``folder`` has it, trained first where it has not, by these very settings.

    drawn: gives the inputs, and is only asked where there is something to train. classes: how many they have.
    progress: called with the images so far and those of the whole run. Raises BadInput for an unknown
    objective or option, BadModel for a damaged file.
    """
    torch.manual_seed(schedule.seed)
    net, objective = Net(shape), make_objective(entry.objective, classes, shape, entry.options)
    path = folder / f"{entry.name}-{_digest(entry, schedule, shape, classes)}.safetensors"
    if not path.exists():
        record = _train(net, objective, entry, schedule, drawn(), torch.device(device), progress)
        _save(path, net, objective, record)
    return Trained(net, objective, _load(path, net, objective))


def batches(drawn: Drawn, entry: Entry, schedule: Schedule) -> Iterator[tuple[torch.Tensor, ...]]:
    """Endless batches, balanced over characters and over the two domains; the same for equal settings.

    Yields inputs (2 * pairs, 1, S, S) float32, prints first, then height maps of the same characters in
    the same order; labels (pairs,) int64; which prints are real crops, (pairs,) bool.
    """
    number = 0
    while True:
        random = np.random.default_rng([schedule.seed, 6, number])
        labels = random.permutation(drawn.classes)[: max(2, schedule.pairs // entry.each)]
        labels = np.repeat(labels, entry.each)
        prints, heights, real = [], [], []
        for label in labels.tolist():
            picked, is_real = _either(drawn, label, (PRINT, CROP), "crops", schedule.real, entry, random)
            prints.append(picked)
            real.append(is_real)
            kinds = (RELIEF, RENDERED)
            heights.append(_either(drawn, label, kinds, "rendered", schedule.rendered, entry, random)[0])
        inputs = torch.from_numpy(np.stack([*prints, *heights])[:, None])
        yield inputs, torch.from_numpy(labels.astype(np.int64)), torch.tensor(real)
        number += 1


def _either(
    drawn: Drawn,
    label: int,
    kinds: tuple[int, int],
    wanted: str,
    share: float,
    entry: Entry,
    random: np.random.Generator,
) -> tuple[np.ndarray, bool]:
    """A drawn input or, where allowed, there and so decided by lot, one of the second kind."""
    if wanted in entry.sources and random.random() < share:
        picked = drawn.pick(label, kinds[1], random)
        if picked is not None:
            return picked, True
    return drawn.pick(label, kinds[0], random), False


def _train(
    net: Net,
    objective: nn.Module,
    entry: Entry,
    schedule: Schedule,
    drawn: Drawn,
    device: torch.device,
    progress: Callable[[int, int], None],
) -> dict[str, float]:
    """Train both in place, and leave the running mean of the run in them."""
    net.to(device, memory_format=torch.channels_last).train()
    objective.to(device).train()
    modules = nn.ModuleList([net, objective])
    smooth = copy.deepcopy(modules).requires_grad_(False)
    optimizer = torch.optim.AdamW(modules.parameters(), lr=schedule.rate, weight_decay=schedule.decay)
    clock, processor, images, number = time.monotonic(), time.process_time(), 0, 0
    for inputs, labels, real in batches(drawn, entry, schedule):
        share = images / schedule.images
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * _rate_at(share)
        moved = (part.to(device) for part in (inputs, labels, real))
        loss = _loss(net, objective, *moved, share)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(modules.parameters(), _STEEPEST)
        optimizer.step()
        number, images = number + 1, images + len(inputs)
        _smoothen(smooth, modules, number)
        if number % 50 == 0:
            log.info("%s: %d images, loss %.3f", entry.name, images, float(loss.detach()))
            progress(images, schedule.images)
    modules.load_state_dict(smooth.state_dict())
    modules.cpu()
    return {
        "images": images,
        "batches": number,
        "seconds": round(time.monotonic() - clock, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
        "parameters": sum(parameter.numel() for parameter in modules.parameters()),
    }


def _loss(
    net: Net,
    objective: nn.Module,
    inputs: torch.Tensor,
    labels: torch.Tensor,
    real: torch.Tensor,
    share: float,
) -> torch.Tensor:
    inputs = inputs.contiguous(memory_format=torch.channels_last)
    with torch.autocast(inputs.device.type, torch.bfloat16):
        features = net.body(inputs)
        loss = objective(Seen(features, net.embedding(features), labels, real, share))
    return loss.float()


@torch.no_grad()
def _smoothen(smooth: nn.Module, modules: nn.Module, number: int) -> None:
    keep = min(_SMOOTHING, number / (9 + number))
    old, new = smooth.state_dict(), modules.state_dict()
    for key, value in old.items():
        if value.is_floating_point():
            value.lerp_(new[key], 1 - keep)
        else:
            value.copy_(new[key])


def _rate_at(share: float) -> float:
    """A short warm-up, then half a cosine down to nearly nothing."""
    if share < _WARM_UP:
        return max(0.02, share / _WARM_UP)
    return 0.003 + 0.997 * (1 + math.cos(math.pi * share)) / 2


def _digest(entry: Entry, schedule: Schedule, shape: Shape, classes: int) -> str:
    """Eight hex digits of all that the weights depend on but the inputs."""
    told = {**asdict(entry), "schedule": asdict(schedule), "shape": shape.to_dict(), "classes": classes}
    del told["name"]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:8]


def _save(path: Path, net: Net, objective: nn.Module, record: dict[str, float]) -> None:
    tensors = {f"net/{key}": value for key, value in net.state_dict().items()}
    tensors |= {f"objective/{key}": value for key, value in objective.state_dict().items()}
    tensors = {key: value.detach().clone().contiguous() for key, value in tensors.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_aside(path) as aside:
        save_file(tensors, aside, metadata={"record": json.dumps(record)})


def _load(path: Path, net: Net, objective: nn.Module) -> dict[str, float]:
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
