"""A large-margin softmax over all characters, and a contrast between the two domains of a batch."""

import torch
from torch import nn
from torch.nn import functional


class MarginSoftmax(nn.Module):
    """CosFace (arXiv 1801.09414): the right character must win by ``margin`` in cosine.

    One weight vector a character serves prints and height maps alike, which is what brings the
    two domains into one space.
    """

    def __init__(self, classes: int, width: int, *, scale: float = 32.0, rivals: int = 4096) -> None:
        """rivals: at most so many characters compete in a batch, drawn anew each time (arXiv 2010.05222)."""
        super().__init__()
        self.rivals = rivals
        self.weight = nn.Parameter(torch.randn(classes, width) / width**0.5)
        self.scale = scale

    def forward(self, unit: torch.Tensor, labels: torch.Tensor, margin: float) -> torch.Tensor:
        """unit: (B, D) unit vectors; labels: (B,). Returns the loss of each, (B,)."""
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

    losses: (B,); doubtful: (B,) bool, samples whose label may be wrong.
    """
    drop = round(share * int(doubtful.sum()))
    if not drop:
        return losses.mean()
    worst = torch.where(doubtful, losses.detach(), -torch.inf).topk(drop).indices
    keep = torch.ones_like(losses).index_fill_(0, worst, 0.0)
    return (losses * keep).sum() / keep.sum()


def domain_contrast(prints: torch.Tensor, heights: torch.Tensor, temperature: float = 0.07) -> torch.Tensor:
    """Symmetric InfoNCE (arXiv 2103.00020): each print among the batch's height maps, and back.

    prints, heights: (C, D) unit vectors, row i of both of the same character.
    """
    likeness = prints @ heights.T / temperature
    right = torch.arange(len(prints), device=prints.device)
    return (functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)) / 2
