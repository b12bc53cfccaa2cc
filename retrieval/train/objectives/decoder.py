"""The ML-Decoder head: a few learned questions, put to every place of the feature map."""

import torch
from torch import nn
from torch.nn import functional


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
        """channels: of the feature map. width: of the tokens, a multiple of ``heads``."""
        super().__init__()
        groups = min(groups, classes)
        self.classes, self.groups, self.width = classes, groups, width
        each = -(-classes // groups)
        self.narrow = nn.Linear(channels, width)
        # Fixed, as the paper has them: what is asked is learned in the attention's own weights.
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
        asked = self.norms[0](self.queries).expand(len(features), -1, -1)
        heard = self.attention(asked, places, places, need_weights=False)[0]
        tokens = self.norms[1](asked + heard)
        return self.norms[2](tokens + self.deep(tokens))

    def scores(self, tokens: torch.Tensor) -> torch.Tensor:
        """(N, groups, width) tokens to (N, classes) logits; class c is read from token c // each."""
        answers = torch.einsum("ngw,gwe->nge", tokens, self.weight)
        return answers.flatten(1)[:, : self.classes] + self.bias

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(N, C, h, w) feature maps to (N, classes) logits."""
        return self.scores(self.tokens(features))
