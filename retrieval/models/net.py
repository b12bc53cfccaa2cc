"""One network for both domains: a narrow residual body, an embedding and a handedness head."""

from dataclasses import asdict, dataclass

import torch
from timm.models.resnet import BasicBlock, ResNet
from torch import nn

_STAGES = 3
_MOST_BLOCKS, _MOST_CHANNELS, _MOST_WIDTH, _MOST_SIZE = 16, 1024, 4096, 256
_CELL = 16


@dataclass(frozen=True)
class Shape:
    """What has to be known to build the network again.

    body: blocks a stage, three stages.
    channels: width a stage.
    width: D, the embedding's.
    size: S, the input's side in pixels; the last feature map is a sixteenth of it.
    """

    body: tuple[int, ...] = (1, 2, 1)
    channels: tuple[int, ...] = (32, 80, 192)
    width: int = 192
    size: int = 64

    def to_dict(self) -> dict:
        """The fields as JSON can hold them."""
        return asdict(self) | {"body": list(self.body), "channels": list(self.channels)}

    @classmethod
    def from_dict(cls, fields: dict) -> "Shape":
        """The shape written in a weights file, of a size that can be built.

        Raises:
            TypeError, KeyError, ValueError: it is another network's, or larger than any of ours.
        """
        shape = cls(**fields | {"body": tuple(fields["body"]), "channels": tuple(fields["channels"])})
        stages = ((shape.body, _MOST_BLOCKS), (shape.channels, _MOST_CHANNELS))
        fits = all(len(row) == _STAGES and all(_is_count(n, most) for n in row) for row, most in stages)
        fits = fits and _is_count(shape.width, _MOST_WIDTH) and _is_count(shape.size, _MOST_SIZE)
        if not fits or shape.size % _CELL:
            raise ValueError("the network's shape is none that is built here")
        return shape


def _is_count(value: object, most: int) -> bool:
    return type(value) is int and 1 <= value <= most


class Net(nn.Module):
    """(N, 1, S, S) inputs to (N, D) embeddings, not of unit length, and (N,) logits that they are mirrored.

    The last feature map is flattened, not pooled: where a stroke is matters as much as that it is.
    For the same reason timm's fourth stage, which would leave 2 x 2 cells, is left out.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        channels = (*shape.channels, shape.channels[-1])
        self.body = ResNet(
            BasicBlock,  # type: ignore[arg-type] # timm means the class, and says an instance
            (*shape.body, 1),
            channels=channels,
            in_chans=1,
            num_classes=0,
            global_pool="",
        )
        self.body.layer4 = nn.Identity()
        cells = shape.channels[-1] * (shape.size // _CELL) ** 2
        self.embedding = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.1),
            nn.Linear(cells, shape.width, bias=False),
            nn.BatchNorm1d(shape.width),
        )
        self.handedness = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(cells, 1))

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """See the class."""
        return self.all_outputs(inputs)[1:]

    def all_outputs(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What ``forward`` returns, and before it the last feature maps, (N, C, S / 16, S / 16).

        inputs: (N, 1, S, S) float32.
        """
        features = self.body(inputs)
        return features, self.embedding(features), self.handedness(features).squeeze(1)
