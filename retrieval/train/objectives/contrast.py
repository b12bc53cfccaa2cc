"""A contrast between the two domains of a batch."""

import torch
from torch.nn import functional

from retrieval.models import Shape
from retrieval.train.objectives.base import BatchOutput, Objective, unit_vectors


def domain_contrast(prints: torch.Tensor, heights: torch.Tensor, temperature: float = 0.07) -> torch.Tensor:
    """Symmetric InfoNCE (arXiv 2103.00020): each print among the batch's height maps, and back.

    prints: (C, D) unit vectors.
    heights: (C, D) unit vectors, row i of the same character as row i of ``prints``.
    temperature: above 0.
    """
    likeness = prints @ heights.T / temperature
    right = torch.arange(len(prints), device=prints.device)
    return (functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)) / 2


class ContrastObjective(Objective):
    """Prints and height maps of one character meet, among those of the batch; each character once in it."""

    def __init__(self, classes: int, shape: Shape, *, temperature: float = 0.07) -> None:
        super().__init__()
        self._temperature = temperature

    def forward(self, batch: BatchOutput) -> torch.Tensor:
        """The loss of a batch, a scalar."""
        count = len(batch.labels)
        # Half precision cannot tell the cosines of near neighbours apart.
        with torch.autocast(batch.embeddings.device.type, enabled=False):
            unit = unit_vectors(batch.embeddings)
            return domain_contrast(unit[:count], unit[count:], self._temperature)
