"""Pre-training: a network learns all characters from nothing, as prints and as height maps."""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from retrieval.errors import BadModel
from retrieval.models import Net, Weights, load_weights, shipped_weights
from retrieval.preprocess import Recipe
from retrieval.train.data.mesh_cache import MeshCache
from retrieval.train.data.training_data import TrainingData
from retrieval.train.objectives import BatchOutput
from retrieval.train.objectives.margin import MarginObjective
from retrieval.train.pretrain.batches import DrawnBatches
from retrieval.train.pretrain.config import PretrainConfig
from retrieval.train.runtime.distributed import Ranks
from retrieval.train.runtime.loop import Learner, TrainingLoop


class PretrainLearner(Learner[Net]):
    """Margin softmax over all characters, contrast of the two domains, and which way round maps read."""

    def __init__(
        self, net: Net, objective: MarginObjective, config: PretrainConfig, *, compiled: bool
    ) -> None:
        """compiled: whether torch.compile makes the network's kernels."""
        super().__init__()
        self.model, self._objective, self._config = net, objective, config
        self._outputs = torch.compile(net.all_outputs) if compiled else net.all_outputs

    def forward(
        self, share: float, inputs: torch.Tensor, labels: torch.Tensor, real: torch.Tensor
    ) -> torch.Tensor:
        """The loss of a batch, a scalar; see ``DrawnBatches`` for what is in one."""
        count = len(labels)
        with torch.autocast(inputs.device.type, torch.bfloat16):
            features, embeddings, mirrored = self._outputs(
                inputs.contiguous(memory_format=torch.channels_last)
            )
            pairs = BatchOutput(features[: 2 * count], embeddings[: 2 * count], labels, real, share)
            loss = self._objective(pairs)
        return loss + self._config.handedness * _handedness_loss(mirrored[count:].float(), count)

    def parts(self) -> dict[str, nn.Module]:
        """What a checkpoint has to hold, by name."""
        return {"net": self.model, "head": self._objective.head}

    def parameter_groups(self) -> list[dict]:
        """The characters' directions are normalised before use: decay would only slow them down."""
        return [
            {"params": list(self.model.parameters())},
            {"params": list(self._objective.parameters()), "weight_decay": 0.0},
        ]


class Pretraining:
    """One run of pre-training; ``loop`` trains it."""

    def __init__(
        self,
        config: PretrainConfig,
        recipe: Recipe,
        data: TrainingData,
        rendered: MeshCache | None,
        folder: Path,
        *,
        device: str = "cpu",
        minutes: float | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        """Draw the network's first weights.

        recipe: how pictures and height maps become inputs.
        data: what is learned from.
        rendered: height maps that went through a mesh.
        folder: keeps the checkpoint.
        device: of this process.
        minutes: end the run after so much training time, if that comes sooner.
        ranks: which of several processes this is; the only one when None.
        """
        self._config, self._recipe, self._data, self._rendered = config, recipe, data, rendered
        self._start = _started(config.start)
        torch.manual_seed(config.seed)
        net = Net(config.shape)
        self._objective = MarginObjective(
            len(data.classes),
            config.shape,
            margin=config.margin,
            contrast=config.contrast,
            trim=config.trim,
            rivals=config.rivals,
        )
        if self._start is not None:
            _take_over(self._start, net, self._objective.characters, data.classes)
        compiled = config.compiled and device.startswith("cuda")
        self.loop = TrainingLoop(
            PretrainLearner(net, self._objective, config, compiled=compiled),
            DrawnBatches(data, rendered, config.mix, recipe, seed=config.seed),
            config,
            folder / f"{config.name}.checkpoint.safetensors",
            device=device,
            ranks=ranks,
            minutes=minutes,
        )

    @property
    def record(self) -> dict[str, object]:
        """What there is to say of the run so far, as JSON can hold it."""
        glyphs = self._data.glyphs
        faces = {int(glyphs.faces[place]) for places in self._data.glyphs_of for place in places}
        facts = self.loop.facts()
        if self._start is not None:
            facts |= _with_runs_before(facts, self._start)
        return facts | {
            "characters": len(self._data.classes),
            "typefaces": sorted({glyphs.names[face] for face in faces}),
            "crops": int(sum(len(places) for places in self._data.crops_of)),
            "rendered": 0 if self._rendered is None else len(self._rendered.heights),
        }

    def weights(self) -> Weights:
        """What was learned so far, not yet calibrated."""
        return Weights(
            self.loop.average.cpu().eval(),
            self._config.name,
            self._recipe,
            {},
            self.record,
            characters=self._objective.characters.detach().cpu().clone(),
            codepoints=torch.from_numpy(self._data.classes.astype("int32")),
        )


def _started(start: str) -> Weights | None:
    if not start:
        return None
    return load_weights(shipped_weights() if start == "shipped" else Path(start))


def _with_runs_before(facts: dict, start: Weights) -> dict[str, object]:
    """What the record says of all runs together: what was done in all, and each run's own part."""
    counted = ("batches", "images", "minutes")
    before = start.record.get("runs")
    if not isinstance(before, list):
        before = [{key: start.record.get(key, 0) for key in counted}]
    runs = [*before, {**{key: facts[key] for key in counted}, "start": start.fingerprint}]
    totals = {key: round(sum(run.get(key, 0) for run in runs), 1) for key in counted}
    return {**totals, "runs": runs}


def _take_over(start: Weights, net: Net, characters: torch.Tensor, classes: np.ndarray) -> None:
    """Begin with what was learned before. Raises BadModel where the network's shape is another."""
    if start.net.shape != net.shape:
        raise BadModel(f"{start.name} is a network of another shape", hint="give the run that shape")
    net.load_state_dict(start.net.state_dict())
    if start.characters is None or start.codepoints is None:
        return
    before = {code: place for place, code in enumerate(start.codepoints.tolist())}
    places = [(label, before[code]) for label, code in enumerate(classes.tolist()) if code in before]
    if places:
        labels, known = torch.tensor(places).T
        with torch.no_grad():
            characters[labels] = start.characters[known].to(characters.dtype)


def _handedness_loss(logits: torch.Tensor, upright: int) -> torch.Tensor:
    """Logits of ``upright`` height maps as the print reads, then mirrored ones; both sides count alike."""
    right = functional.softplus(logits[:upright]).mean()
    if len(logits) == upright:
        return right
    return (right + functional.softplus(-logits[upright:]).mean()) / 2
