"""A plain classifier over the characters of the training side."""

import torch
from torch import nn
from torch.nn import functional

from retrieval.models import Shape
from retrieval.train.objectives.base import OF_CLASSES, BatchOutput, Objective


class SoftmaxObjective(Objective):
    """A plain classifier: one linear map from the embedding to the classes, and cross entropy."""

    searches = OF_CLASSES
    head: nn.Module

    def __init__(self, classes: int, shape: Shape, **options: int) -> None:
        """Draw the head's weights. options: of the head; a plain one has none."""
        super().__init__()
        self.head = self._head(classes, shape, **options)

    def _head(self, classes: int, shape: Shape) -> nn.Module:
        return nn.Linear(shape.width, classes)

    def forward(self, batch: BatchOutput) -> torch.Tensor:
        """The loss of a batch, a scalar."""
        logits = self.scores(self.searched(batch.features, batch.embeddings))
        return functional.cross_entropy(logits.float(), batch.both_labels)

    def scores(self, searched: torch.Tensor) -> torch.Tensor:
        """(N, D) of ``searched`` to (N, K) logits."""
        return self.head(searched)
