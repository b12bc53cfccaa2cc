"""What teaches the localiser: focal loss at centres, overlap of boxes, level rules."""

import torch
from torch import nn
from torch.nn import functional

from retrieval.locate.network.net import LocatorNet
from retrieval.train.runtime.loop import Learner


class LocaliserLearner(Learner[LocatorNet]):
    """The network and its losses."""

    def __init__(self, net: LocatorNet) -> None:
        super().__init__()
        self.model = net

    def forward(
        self, share: float, inputs: torch.Tensor, heat: torch.Tensor, counts: torch.Tensor,
        sides: torch.Tensor, near: torch.Tensor, level: torch.Tensor,
    ) -> torch.Tensor:  # fmt: skip
        """The loss of a batch, a scalar; see ``PageTiles`` for what is in one."""
        with torch.autocast(inputs.device.type, torch.bfloat16):
            logits, found, rules = self.model(inputs.contiguous(memory_format=torch.channels_last))
        return (
            heat_loss(logits, heat, counts) + 2 * overlap_loss(found, sides, near) + level_loss(rules, level)
        )

    def parts(self) -> dict[str, nn.Module]:
        """What a checkpoint has to hold, by name."""
        return {"net": self.model}


def heat_loss(logits: torch.Tensor, heat: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Focal loss of CornerNet (arXiv:1808.01244): cells around a centre count less, by its heat."""
    centre = heat == 1
    chance = torch.sigmoid(logits)
    right = functional.logsigmoid(logits) * (1 - chance) ** 2
    wrong = functional.logsigmoid(-logits) * chance**2 * (1 - heat) ** 4
    total = torch.where(centre, right, wrong) * counts
    return -total.sum() / centre.sum().clamp(min=1)


def overlap_loss(found: torch.Tensor, sides: torch.Tensor, near: torch.Tensor) -> torch.Tensor:
    """One less generalised overlap (arXiv:1902.09630), near centres, where the cell lies in the box."""
    inside = (near > 0.3) & (sides.min(dim=1, keepdim=True).values > -2)
    wanted = sides.clamp(min=0.1)
    least, most = torch.minimum(found, wanted), torch.maximum(found, wanted)
    shared = (least[:, 0] + least[:, 2]) * (least[:, 1] + least[:, 3])
    own = (found[:, 0] + found[:, 2]) * (found[:, 1] + found[:, 3])
    other = (wanted[:, 0] + wanted[:, 2]) * (wanted[:, 1] + wanted[:, 3])
    union = own + other - shared
    hull = (most[:, 0] + most[:, 2]) * (most[:, 1] + most[:, 3])
    loss = 1 - shared / union + (hull - union) / hull
    weight = near[:, 0] * inside[:, 0]
    return (loss * weight).sum() / weight.sum().clamp(min=1)


def level_loss(logits: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
    """Cross entropy where level rules are known, those cells counting more that hold one."""
    known = level >= 0
    wanted = level.clamp(min=0)
    loss = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none") * (1 + 4 * wanted)
    return (loss * known).sum() / known.sum().clamp(min=1)
