"""A large-margin softmax over all characters, and with it a contrast of the two domains."""

import torch
from torch import nn
from torch.nn import functional

from retrieval.models import Shape
from retrieval.train.objectives.base import OF_CLASSES, BatchOutput, Objective, unit_vectors
from retrieval.train.objectives.contrast import domain_contrast

_MARGIN_WHOLE, _TRIM_FROM = 0.3, 0.25  # shares of the run


class MarginSoftmax(nn.Module):
    """CosFace (arXiv 1801.09414): the right character must win by ``margin`` in cosine.

    One weight vector a character serves prints and height maps alike, which is what brings the
    two domains into one space.
    """

    def __init__(self, classes: int, width: int, *, scale: float = 32.0, rivals: int = 4096) -> None:
        """Draw the characters' directions from torch's random state.

        classes: K characters.
        width: D, of the embedding.
        scale: factor on the cosines.
        rivals: at most so many characters compete in a batch, drawn anew each time (arXiv 2010.05222).
        """
        super().__init__()
        self.rivals = rivals
        self.weight = nn.Parameter(torch.randn(classes, width) / width**0.5)
        self.scale = scale

    def forward(self, unit: torch.Tensor, labels: torch.Tensor, margin: float) -> torch.Tensor:
        """The loss of each vector, (B,).

        unit: (B, D) unit vectors.
        labels: (B,) int64 characters in [0, K).
        margin: in cosine.
        """
        weight, labels = self._rivals(labels)
        cosine = functional.linear(unit, functional.normalize(weight))
        push = torch.zeros_like(cosine).scatter_(1, labels[:, None], margin)
        return functional.cross_entropy(self.scale * (cosine.float() - push), labels, reduction="none")

    def _rivals(self, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The weights of the batch's own characters and of some others, and the labels among them."""
        if len(self.weight) <= self.rivals:
            return self.weight, labels
        own, labels = labels.unique(return_inverse=True)
        others = torch.ones(len(self.weight), device=labels.device).index_fill_(0, own, 0.0)
        drawn = others.multinomial(max(0, self.rivals - len(own)))
        return self.weight.index_select(0, torch.cat([own, drawn])), labels


def trimmed_mean(losses: torch.Tensor, doubtful: torch.Tensor, share: float) -> torch.Tensor:
    """Mean of the losses without the worst ``share`` of the doubtful ones: wrong labels end there.

    losses: (B,).
    doubtful: (B,) bool, samples whose label may be wrong.
    share: in [0, 1).
    """
    drop = round(share * int(doubtful.sum()))
    if not drop:
        return losses.mean()
    worst = torch.where(doubtful, losses.detach(), -torch.inf).topk(drop).indices
    keep = torch.ones_like(losses).index_fill_(0, worst, 0.0)
    return (losses * keep).sum() / keep.sum()


class MarginObjective(Objective):
    """This product's own: a margin softmax, and with ``contrast`` above 0 a contrast of the two domains."""

    searches = OF_CLASSES

    def __init__(
        self,
        classes: int,
        shape: Shape,
        *,
        margin: float = 0.3,
        contrast: float = 0.5,
        trim: float = 0.06,
        rivals: int = 4096,
    ) -> None:
        """Draw the directions of the classes.

        margin: in cosine, once three tenths of the run are over; before, it grows.
        contrast: weight of the contrast.
        trim: share of the real prints' losses left out as wrong labels, once a quarter of the run is over.
        rivals: at most so many classes compete in a batch.
        """
        super().__init__()
        self.head = MarginSoftmax(classes, shape.width, rivals=rivals)
        self._margin, self._contrast, self._trim = margin, contrast, trim

    @property
    def characters(self) -> torch.Tensor:
        """(K, D) directions of the classes, for a memory."""
        return self.head.weight

    def scores(self, searched: torch.Tensor) -> torch.Tensor:
        """(N, D) of ``searched`` to (N, K) logits, those of the softmax without its margin."""
        directions = functional.normalize(self.head.weight)
        return self.head.scale * functional.linear(unit_vectors(searched), directions)

    def forward(self, batch: BatchOutput) -> torch.Tensor:
        """The loss of a batch, a scalar."""
        unit, count = unit_vectors(batch.embeddings), len(batch.labels)
        margin = self._margin * min(1.0, batch.share / _MARGIN_WHOLE)
        losses = self.head(unit, batch.both_labels, margin)
        doubtful = torch.cat([batch.real, torch.zeros_like(batch.real)])
        loss = trimmed_mean(losses, doubtful, self._trim if batch.share > _TRIM_FROM else 0.0)
        if not self._contrast:
            return loss
        with torch.autocast(unit.device.type, enabled=False):
            return loss + self._contrast * domain_contrast(unit[:count], unit[count:])
