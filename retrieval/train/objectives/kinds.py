"""What a network can be taught by: each objective turns what it makes of a batch into one loss."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from common.errors import BadInput
from retrieval.models import Shape
from retrieval.train.objectives.decoder import MLDecoder
from retrieval.train.objectives.margin import MarginSoftmax, domain_contrast, trimmed_mean
from retrieval.train.objectives.pairs import contrastive_loss, recall_loss, triplet_loss, unit_vectors

COSINE = ("cosine",)
OF_CLASSES = ("euclidean", "cosine", "kl", "cross-entropy")
_MARGIN_WHOLE, _TRIM_FROM = 0.3, 0.25


@dataclass(frozen=True)
class Seen:
    """What the network made of P prints and then P height maps of the same labels in the same order.

    features: (2P, C, h, w). embeddings: (2P, D). labels: (P,). real: (P,) bool, prints whose label may be
    wrong. share: of the run that is over, in [0, 1].
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


class PairObjective(nn.Module):
    """A loss on unit vectors alone; nothing is learned but the network."""

    searches = COSINE
    characters = None

    def __init__(self, loss: Callable[..., torch.Tensor], options: Mapping[str, object]) -> None:
        super().__init__()
        # An option that the loss does not know is refused now, not at the first batch.
        inspect.signature(loss).bind(None, None, **options)
        self._loss, self._options = loss, options

    def forward(self, seen: Seen) -> torch.Tensor:
        """The loss of a batch, a scalar."""
        # Half precision cannot tell the distances of near neighbours apart.
        with torch.autocast(seen.embeddings.device.type, enabled=False):
            return self._loss(unit_vectors(seen.embeddings), seen.both_labels, **self._options)


class SoftmaxObjective(nn.Module):
    """A plain classifier: one linear map from the embedding to the classes, and cross entropy."""

    searches = OF_CLASSES
    characters = None

    def __init__(self, classes: int, shape: Shape) -> None:
        super().__init__()
        self.head = nn.Linear(shape.width, classes)

    def forward(self, seen: Seen) -> torch.Tensor:
        """The loss of a batch, a scalar."""
        logits = self.scores(self.taken(seen.features, seen.embeddings))
        return functional.cross_entropy(logits.float(), seen.both_labels)

    def taken(self, features: torch.Tensor, embeddings: torch.Tensor) -> torch.Tensor:
        """What the last linear map takes: the (N, D) embeddings."""
        return embeddings

    def scores(self, taken: torch.Tensor) -> torch.Tensor:
        """(N, D) of ``taken`` to (N, K) logits."""
        return self.head(taken)


class DecoderObjective(SoftmaxObjective):
    """A classifier with the ML-Decoder head on the feature map; the network's embedding is not used."""

    def __init__(self, classes: int, shape: Shape, options: Mapping[str, int]) -> None:
        nn.Module.__init__(self)
        self.head = MLDecoder(classes, shape.channels[-1], **options)

    def taken(self, features: torch.Tensor, embeddings: torch.Tensor) -> torch.Tensor:
        """What the last linear maps take: the head's tokens laid end to end, (N, groups * width)."""
        return self.head.tokens(features).flatten(1)

    def scores(self, taken: torch.Tensor) -> torch.Tensor:
        """(N, groups * width) of ``taken`` to (N, K) logits."""
        return self.head.scores(taken.unflatten(1, (self.head.groups, self.head.width)))


class MarginObjective(nn.Module):
    """This product's own: a margin softmax, and with ``contrast`` above 0 a contrast of the two domains."""

    searches = COSINE

    def __init__(
        self,
        classes: int,
        shape: Shape,
        *,
        margin: float = 0.3,
        contrast: float = 0.5,
        trim: float = 0.06,
    ) -> None:
        """margin: in cosine. trim: share of the real prints' losses left out as wrong labels."""
        super().__init__()
        self.head = MarginSoftmax(classes, shape.width)
        self._margin, self._contrast, self._trim = margin, contrast, trim

    @property
    def characters(self) -> torch.Tensor:
        """(K, D) directions of the classes, for a memory."""
        return self.head.weight

    def forward(self, seen: Seen) -> torch.Tensor:
        """The loss of a batch, a scalar."""
        unit, count = unit_vectors(seen.embeddings), len(seen.labels)
        margin = self._margin * min(1.0, seen.share / _MARGIN_WHOLE)
        losses = self.head(unit, seen.both_labels, margin)
        doubtful = torch.cat([seen.real, torch.zeros_like(seen.real)])
        loss = trimmed_mean(losses, doubtful, self._trim if seen.share > _TRIM_FROM else 0.0)
        if not self._contrast:
            return loss
        with torch.autocast(unit.device.type, enabled=False):
            return loss + self._contrast * domain_contrast(unit[:count], unit[count:])


_MAKERS: dict[str, Callable[[int, Shape, dict], nn.Module]] = {
    "softmax": lambda classes, shape, options: SoftmaxObjective(classes, shape, **options),
    "ml-decoder": DecoderObjective,
    "contrastive": lambda classes, shape, options: PairObjective(contrastive_loss, options),
    "triplet": lambda classes, shape, options: PairObjective(triplet_loss, options),
    "recall": lambda classes, shape, options: PairObjective(recall_loss, options),
    "margin": lambda classes, shape, options: MarginObjective(classes, shape, **options),
}
OBJECTIVES = tuple(_MAKERS)


def make_objective(name: str, classes: int, shape: Shape, options: Mapping[str, object]) -> nn.Module:
    """An objective by name, with its own parameters drawn from torch's random state.

    It has ``searches``, the names of the distances it can be searched by, and ``characters``, (K, D)
    directions of the classes or None. Raises BadInput for a name or an option it does not know.
    """
    if name not in _MAKERS:
        raise BadInput(f"there is no objective {name!r}", hint=f"choose one of {', '.join(OBJECTIVES)}")
    try:
        return _MAKERS[name](classes, shape, dict(options))
    except TypeError as problem:
        raise BadInput(f"the objective {name} cannot be made: {problem}") from problem
