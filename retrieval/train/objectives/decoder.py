"""The ML-Decoder head: a few fixed queries, put to every place of the feature map."""

import torch
from torch import nn
from torch.nn import functional

from retrieval.models import Shape
from retrieval.train.objectives.classifier import SoftmaxObjective


class MLDecoder(nn.Module):
    """ML-Decoder with group decoding (Ridnik and others, arXiv 2111.12933).

    ``groups`` fixed queries attend to the places of the feature map, go through one feed-forward layer, and
    each of the tokens that come out answers for its own share of the classes. Without self-attention, which
    the paper shows to be of no use here. timm has this head too, with a feed-forward layer of 2,048, which on
    maps as small as ours would cost more than the body.
    """

    def __init__(
        self, classes: int, channels: int, *, groups: int = 32, width: int = 96, heads: int = 4
    ) -> None:
        """Draw the weights from torch's random state.

        classes: K.
        channels: of the feature map.
        groups: of classes, each with a query and a token of its own; at most K.
        width: of the tokens, a multiple of ``heads``.
        heads: of the attention.
        """
        super().__init__()
        groups = min(groups, classes)
        self.classes, self.groups, self.width = classes, groups, width
        each = -(-classes // groups)
        self.narrow = nn.Linear(channels, width)
        # Fixed, as the paper has them: what they look for is learned in the attention's own weights.
        self.register_buffer("queries", torch.randn(groups, width))
        self.attention = nn.MultiheadAttention(width, heads, dropout=0.1, batch_first=True)
        self.deep = nn.Sequential(
            nn.Linear(width, 4 * width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(4 * width, width)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.weight = nn.Parameter(torch.empty(groups, width, each))
        self.bias = nn.Parameter(torch.zeros(classes))
        nn.init.normal_(self.weight, std=(2 / (width + each)) ** 0.5)

    def tokens(self, features: torch.Tensor) -> torch.Tensor:
        """(N, C, h, w) feature maps to (N, groups, width); the order of the places does not matter."""
        places = functional.relu(self.narrow(features.flatten(2).transpose(1, 2)))
        queries = self.norms[0](self.queries).expand(len(features), -1, -1)
        attended = self.attention(queries, places, places, need_weights=False)[0]
        tokens = self.norms[1](queries + attended)
        return self.norms[2](tokens + self.deep(tokens))

    def scores(self, tokens: torch.Tensor) -> torch.Tensor:
        """(N, groups, width) tokens to (N, classes) logits; class c is read from token c // each."""
        answers = torch.einsum("ngw,gwe->nge", tokens, self.weight)
        return answers.flatten(1)[:, : self.classes] + self.bias

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(N, C, h, w) feature maps to (N, classes) logits."""
        return self.scores(self.tokens(features))


class DecoderObjective(SoftmaxObjective):
    """A classifier with the ML-Decoder head on the feature map; the network's embedding is not used."""

    head: MLDecoder

    def _head(self, classes: int, shape: Shape, **options: int) -> MLDecoder:
        return MLDecoder(classes, shape.channels[-1], **options)

    def searched(self, features: torch.Tensor, embeddings: torch.Tensor) -> torch.Tensor:
        """What the last linear maps take: the head's tokens laid end to end, (N, groups * width)."""
        return self.head.tokens(features).flatten(1)

    def scores(self, searched: torch.Tensor) -> torch.Tensor:
        """(N, groups * width) of ``searched`` to (N, K) logits."""
        return self.head.scores(searched.unflatten(1, (self.head.groups, self.head.width)))
