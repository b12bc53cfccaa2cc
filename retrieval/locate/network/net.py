"""The network that finds characters: a small U-Net with a centre heat map (CenterNet, arXiv:1904.07850)."""

from dataclasses import asdict, dataclass
from itertools import pairwise

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

STRIDE = 4  # input pixels a cell of the output
DEEPEST = 32  # sides of the input have to be multiples of this
_UNIT = 16.0  # pixels: sides are predicted in shares of this
_HEAT, _SIDES, _LEVEL = 1, 4, 1


@dataclass(frozen=True)
class LocatorShape:
    """What the network is built of.

    channels: of the maps at 1/2, 1/4, 1/8, 1/16 and 1/32 of the input.
    blocks: residual blocks at 1/4, 1/8, 1/16 and 1/32.
    """

    channels: tuple[int, ...] = (16, 32, 64, 96, 128)
    blocks: tuple[int, ...] = (1, 2, 2, 1)

    def to_dict(self) -> dict:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict) -> "LocatorShape":
        """Raises ValueError, TypeError where it is none of a network that could be ours."""
        shape = cls(tuple(map(int, fields["channels"])), tuple(map(int, fields["blocks"])))
        if len(shape.channels) != 5 or len(shape.blocks) != 4 or not 0 < max(shape.channels) <= 512:
            raise ValueError(f"{fields} is no shape of a localiser")
        return shape


class LocatorNet(nn.Module):
    """Two channels of a page in; per cell of 4 pixels centres, sides and level rules out."""

    def __init__(self, shape: LocatorShape) -> None:
        super().__init__()
        self.shape = shape
        first, *widths = shape.channels
        self.stem = _conv(2, first, stride=2)
        self.down = nn.ModuleList()
        before = first
        for width, count in zip(widths, shape.blocks, strict=True):
            blocks = [_Block(width) for _ in range(count)]
            self.down.append(nn.Sequential(_conv(before, width, stride=2), *blocks))
            before = width
        self.narrow = nn.ModuleList(nn.Conv2d(deep, width, 1, bias=False) for width, deep in pairwise(widths))
        self.mix = nn.ModuleList(_conv(width, width) for width in widths[:-1])
        last = nn.Conv2d(2 * widths[0], _HEAT + _SIDES + _LEVEL, 1)
        last.bias = nn.Parameter(torch.tensor([-4.0, 0, 0, 0, 0, -3.0]))  # centres and rules are rare
        self.head = nn.Sequential(_conv(widths[0], 2 * widths[0]), last)

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits of centres, distances of sides, logits of level rules.

        inputs: (B, 2, H, W) float32 of `page_input`, sides multiples of 32.

        Returns:
            (B, 1, H/4, W/4), (B, 4, H/4, W/4) pixels from a cell's middle to the left, top, right and bottom
            of the character, and (B, 1, H/4, W/4).
        """
        maps = []
        x = self.stem(inputs)
        for stage in self.down:
            x = stage(x)
            maps.append(x)
        for at in reversed(range(len(self.mix))):
            x = functional.interpolate(self.narrow[at](x), scale_factor=2.0, mode="nearest")
            x = self.mix[at](x + maps[at])
        out = self.head(x).float()
        sides = _UNIT * out[:, 1:5].clamp(-5, 4).exp()
        return out[:, :1], sides, out[:, 5:]


class _Block(nn.Module):
    """Two convolutions around which the input is added."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width)
        norm = nn.BatchNorm2d(width)
        norm.weight = nn.Parameter(torch.zeros(width))
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), norm)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.relu(x + self.second(self.first(x)))


def _conv(before: int, after: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


def page_input(grey: np.ndarray) -> np.ndarray:
    """A page as the network takes it: (2, H, W) float32, its tone and its contrast to what lies around.

    grey: (H, W) uint8, at the size at which the network reads it.
    """
    tone = grey.astype(np.float32) / 128 - 1
    around = cv2.blur(tone, (33, 33))
    spread = np.maximum(cv2.blur(np.square(tone - around), (65, 65)), 0)
    return np.stack([tone, np.clip((tone - around) / (np.sqrt(spread) + 0.06), -4, 4)])
