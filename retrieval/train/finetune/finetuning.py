"""Fine-tuning: a trained network learns from what people confirmed, and forgets little."""

import copy
import dataclasses
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from retrieval.models import Net, Weights
from retrieval.train.finetune.batches import PairBatches
from retrieval.train.finetune.config import FineTuneConfig
from retrieval.train.finetune.directions import Directions, find_directions
from retrieval.train.finetune.training_pairs import TrainingPairs
from retrieval.train.objectives import BatchOutput, Objective, make_objective
from retrieval.train.objectives.base import unit_vectors
from retrieval.train.runtime.distributed import Ranks
from retrieval.train.runtime.loop import Learner, TrainingLoop

_SCALE = 32.0


class FineTuneLearner(Learner[Net]):
    """Four losses: one that teaches, and three that hold the network to what it knew.

    The objective teaches prints and height maps of one class to meet. They lie near the directions of their
    characters, which stay where they are; every vector stays near the old network's (learning without
    forgetting, cf. arXiv 1606.09282), and so does what it says of mirrored maps. Statistics of normalisation
    and dropout are the old network's: batches of a few labels would spoil them.
    """

    def __init__(
        self,
        net: Net,
        old: Net,
        objective: Objective,
        directions: Directions,
        config: FineTuneConfig,
        device: torch.device,
    ) -> None:
        """net: learns. old: as it was. directions: of the characters. config: the weights of the losses."""
        super().__init__()
        self.model, self._config = net, config
        self._old: Net = old
        self._objective: Objective = objective
        # Not as buffers: those are sent to every process before every batch.
        self._places = directions.places.to(device)
        self._characters = None if directions.characters is None else directions.characters.to(device)

    def forward(self, share: float, inputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """The loss of a batch, a scalar; see ``PairBatches`` for what is in one."""
        inputs, config, count = (
            inputs.contiguous(memory_format=torch.channels_last),
            self._config,
            len(labels),
        )
        with torch.no_grad():
            old, old_mirrored = self._old(inputs)
        features, embeddings, mirrored = self.model.all_outputs(inputs)
        unit = unit_vectors(embeddings)
        # People confirmed the pairs: none of their labels is taken for doubtful.
        sure = torch.zeros_like(labels, dtype=torch.bool)
        pairs = BatchOutput(features[: 2 * count], embeddings[: 2 * count], labels, sure, share)
        loss = config.weight * self._objective(pairs)
        loss = loss + config.distillation * (1 - (unit * unit_vectors(old)).sum(dim=1)).mean()
        loss = loss + config.handedness * functional.smooth_l1_loss(mirrored[count:], old_mirrored[count:])
        return loss + config.characters * self._character_loss(unit[: 2 * count], labels)

    def _character_loss(self, unit: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """A margin softmax (arXiv 1801.09414) towards the directions of all characters, which do not move."""
        right = self._places[labels].repeat(2)
        named = right >= 0
        if self._characters is None or not named.any():
            return unit.new_zeros(())
        cosine = functional.linear(unit[named], self._characters)
        push = torch.zeros_like(cosine).scatter_(1, right[named][:, None], self._config.margin)
        return functional.cross_entropy(_SCALE * (cosine - push), right[named])

    def parts(self) -> dict[str, nn.Module]:
        """What a checkpoint has to hold, by name."""
        return {"net": self.model, "objective": self._objective}


class FineTuning:
    """One run of fine-tuning; ``loop`` trains it, and leaves its checkpoint in a folder.

    directions: of the characters, as the tuned model will have them.
    """

    def __init__(
        self,
        config: FineTuneConfig,
        base: Weights,
        pairs: TrainingPairs,
        folder: Path,
        *,
        device: str = "cpu",
        ranks: Ranks | None = None,
    ) -> None:
        """Copy the network, and make the objective.

        base: what to begin with.
        pairs: what to learn from.
        folder: keeps the checkpoint.
        device: of this process.
        ranks: which of several processes this is; the only one when None.

        Raises:
            BadInput: there is no such objective.
        """
        self.config, self.base, self._pairs = config, base, pairs
        on = torch.device(device)
        old = copy.deepcopy(base.net).eval().requires_grad_(False).to(on)
        self.directions = find_directions(base, pairs, old, on)
        batches = PairBatches(pairs, config, base.recipe)
        torch.manual_seed(config.seed)
        classes = int(pairs.train.labels.max()) + 1
        objective = make_objective(config.objective, classes, base.net.shape, config.options)
        self.loop = TrainingLoop(
            FineTuneLearner(copy.deepcopy(base.net).eval(), old, objective, self.directions, config, on),
            batches,
            dataclasses.replace(config, images=batches.images_wanted),
            folder / f"{config.name}.checkpoint.safetensors",
            device=device,
            ranks=ranks,
            unattended=True,
        )
        self.batches = max(1, round(batches.images_wanted / self.loop.images_a_batch))
        """How many there are in the whole run."""

    @property
    def record(self) -> dict[str, object]:
        """What there is to say of the run so far, as JSON can hold it."""
        return self.loop.facts() | {
            "objective": self.config.objective,
            "pairs": len(self._pairs.train),
            "validation pairs": len(self._pairs.validation),
            "characters": len(np.unique(self._pairs.train.labels)),
            "new characters": self.directions.new,
            "unreadable files": self._pairs.missing,
        }
