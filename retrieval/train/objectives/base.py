"""What every objective is given, and what it has to offer."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

COSINE = ("cosine",)
OF_CLASSES = ("euclidean", "cosine", "kl", "cross-entropy")


@dataclass(frozen=True)
class BatchOutput:
    """What the network made of P prints and then P height maps, of the same labels in the same order.

    features: (2P, C, h, w) last feature maps.
    embeddings: (2P, D), of any length.
    labels: (P,) int64 classes, from 0.
    real: (P,) bool, prints whose label may be wrong.
    share: of the run that is over, in [0, 1].
    """

    features: torch.Tensor
    embeddings: torch.Tensor
    labels: torch.Tensor
    real: torch.Tensor
    share: float

    @property
    def both_labels(self) -> torch.Tensor:
        """(2P,) labels of prints and height maps."""
        return self.labels.repeat(2)


class Objective(nn.Module, ABC):
    """What a network is taught by: it turns what the network made of a batch into one loss.

    searches: names of the distances that vectors taught by it can be compared by; see
        ``retrieval.compare.distances``.
    """

    searches: tuple[str, ...] = COSINE

    @abstractmethod
    def forward(self, batch: BatchOutput) -> torch.Tensor:
        """The loss of a batch, a scalar."""

    @property
    def characters(self) -> torch.Tensor | None:
        """(K, D) directions of the classes, for a memory; None where it learns none."""
        return None

    def searched(self, features: torch.Tensor, embeddings: torch.Tensor) -> torch.Tensor:
        """What is compared when searching, (N, E): the embeddings (N, D), or what is made of the features."""
        return embeddings

    def scores(self, searched: torch.Tensor) -> torch.Tensor:
        """(N, E) of ``searched`` to (N, K) logits of the classes, for searches by class probabilities."""
        raise NotImplementedError(f"{type(self).__name__} knows no classes")


def unit_vectors(embeddings: torch.Tensor) -> torch.Tensor:
    """(B, D) of any length to single precision and length 1."""
    return functional.normalize(embeddings.float())
