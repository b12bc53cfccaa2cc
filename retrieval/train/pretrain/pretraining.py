"""Pre-training: a network learns all characters from nothing, as prints and as height maps."""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from retrieval.models import Net, Weights
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
        return self.loop.facts() | {
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


def _handedness_loss(logits: torch.Tensor, upright: int) -> torch.Tensor:
    """Logits of ``upright`` height maps as the print reads, then mirrored ones; both sides count alike."""
    right = functional.softplus(logits[:upright]).mean()
    if len(logits) == upright:
        return right
    return (right + functional.softplus(-logits[upright:]).mean()) / 2
