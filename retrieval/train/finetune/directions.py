"""The directions of characters in the space of vectors: those that the old network learned, and new ones."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from retrieval.models import Weights
from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.train.finetune.training_pairs import TrainingPairs


@dataclass(frozen=True)
class Directions:
    """The old network's characters and, behind them, those that are new in the pairs.

    characters: (K, D) unit vectors; None where the old weights name no characters.
    codepoints: (K,) int32; None likewise.
    places: (C,) int64, the character of each class of the pairs, -1 where it is of none.
    new: how many characters the old weights did not know.
    """

    characters: torch.Tensor | None
    codepoints: torch.Tensor | None
    places: torch.Tensor
    new: int = 0


def find_directions(base: Weights, pairs: TrainingPairs, net: nn.Module, device: torch.device) -> Directions:
    """The directions that fine-tuning holds the vectors to.

    A new character's direction is the mean of what the old network makes of its prints and blocks.

    base: the old weights.
    pairs: with the classes.
    net: the old network, on ``device``.
    """
    places = torch.full((len(pairs.codepoints),), -1, dtype=torch.int64)
    if base.characters is None or base.codepoints is None:
        return Directions(None, None, places)
    place_of = {int(code): place for place, code in enumerate(base.codepoints.tolist())}
    found, codes = [functional.normalize(base.characters.float())], base.codepoints.tolist()
    for label, code in enumerate(pairs.codepoints.tolist()):
        if code and code not in place_of:
            place_of[code] = len(codes)
            codes.append(code)
            found.append(_mean_direction(label, pairs, base.recipe, net, device))
        places[label] = place_of.get(code, -1)
    return Directions(torch.cat(found), torch.tensor(codes, dtype=torch.int32), places, len(found) - 1)


def _mean_direction(
    label: int, pairs: TrainingPairs, recipe: Recipe, net: nn.Module, device: torch.device
) -> torch.Tensor:
    rows = np.flatnonzero(pairs.train.labels == label)
    prints = [print_input(pairs.prints[place], recipe) for place in np.unique(pairs.train.prints[rows])]
    heights = [
        height_input(pairs.heights[place].astype(np.float32) / 255, recipe)
        for place in np.unique(pairs.train.heights[rows])
    ]
    means = []
    for inputs in (prints, heights):
        with torch.inference_mode():
            vectors = net(torch.from_numpy(np.stack(inputs)[:, None]).to(device))[0].float().cpu()
        means.append(functional.normalize(functional.normalize(vectors).mean(dim=0, keepdim=True)))
    return functional.normalize(means[0] + means[1]).clone()
