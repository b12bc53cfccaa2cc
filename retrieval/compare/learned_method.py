"""A trained method as something that ranks items for pictures."""

from collections.abc import Sequence

import numpy as np
import torch

from common.errors import BadInput
from retrieval.compare.distances import OF_LOGITS, distance_named
from retrieval.embed.memory import Memory
from retrieval.errors import BadModel
from retrieval.index.hits import best_first
from retrieval.models import Weights
from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.train.methods.method_training import TrainedMethod
from retrieval.train.objectives.base import unit_vectors
from retrieval.train.objectives.margin import MarginObjective
from retrieval.types import Hits

_BATCH = 64


def as_trained(weights: Weights) -> TrainedMethod:
    """A weights file as the classifier that it was trained as. Raises BadModel where it has no characters."""
    if weights.characters is None:
        raise BadModel(f"{weights.name} has no learned characters", hint="use weights that pre-training made")
    objective = MarginObjective(len(weights.characters), weights.net.shape)
    objective.head.weight.data = weights.characters
    return TrainedMethod(weights.net, objective.eval(), {})


class LearnedMethod:
    """A gallery of what a trained network makes of height maps, compared by one of its distances.

    Items are kept as seen and flipped, and the nearer reading counts, as with the classical features.
    """

    def __init__(
        self,
        name: str,
        method: TrainedMethod,
        recipe: Recipe,
        search: str = "cosine",
        memory: tuple[float, float] | None = None,
    ) -> None:
        """An empty gallery.

        name: in reports.
        method: what was trained.
        recipe: how pictures and height maps become inputs.
        search: one of the objective's ``searches``.
        memory: sharpness and pull of a memory of the objective's characters, which vectors are drawn to; None
            for none.

        Raises:
            BadInput: the objective has no such search, or no characters to remember.
        """
        if search not in method.objective.searches:
            known = ", ".join(method.objective.searches)
            raise BadInput(f"{name} cannot be searched by {search!r}", hint=f"choose one of {known}")
        characters = method.objective.characters
        if memory and characters is None:
            raise BadInput(f"{name} learns no directions of characters, so there is nothing to remember")
        self.name, self.about = name, {"search": search}
        self._method, self._recipe, self._search = method, recipe, search
        self._memory = None if memory is None or characters is None else Memory(characters.detach(), *memory)
        self._parts: list[np.ndarray] = []

    def add_items(self, heights: Sequence[np.ndarray]) -> None:
        """Take in items, numbered from 0 in the order they come: (H, W) float32 height maps."""
        inputs = [height_input(height, self._recipe) for height in heights]
        both = self._forward(inputs), self._forward([one[:, ::-1] for one in inputs])
        self._parts.append(np.stack(both, axis=1))

    def rank(self, pictures: Sequence[np.ndarray], k: int) -> Hits:
        """The k nearest items for each of Q pictures, (H, W) uint8: (Q, k) hits on item numbers."""
        queries = self._forward([print_input(picture, self._recipe) for picture in pictures])
        readings = np.concatenate(self._parts)
        distances = distance_named(self._search)(queries, readings.reshape(-1, readings.shape[-1]))
        nearest = distances.reshape(len(queries), len(readings), -1).min(axis=2)
        return best_first(np.broadcast_to(np.arange(len(readings)), nearest.shape), nearest, k)

    @torch.inference_mode()
    def _forward(self, inputs: list[np.ndarray]) -> np.ndarray:
        """What is compared, (N, D) float32, of N inputs (S, S)."""
        net, made = self._method.net, []
        for start in range(0, len(inputs), _BATCH):
            batch = torch.from_numpy(np.stack(inputs[start : start + _BATCH])[:, None])
            features = net.body(batch.contiguous(memory_format=torch.channels_last))
            made.append(self._compared(features, net.embedding(features)).numpy())
        return np.concatenate(made)

    def _compared(self, features: torch.Tensor, embeddings: torch.Tensor) -> torch.Tensor:
        objective = self._method.objective
        searched = objective.searched(features, embeddings)
        if self._search in OF_LOGITS:
            return objective.scores(searched).float()
        return self._memory.settle(unit_vectors(searched)) if self._memory else searched.float()
