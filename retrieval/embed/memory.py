"""Vectors drawn towards the characters that the network learned."""

from typing import NamedTuple

import torch
from torch.nn import functional


class Recalled(NamedTuple):
    """What a memory makes of N vectors.

    settled: (N, D) unit vectors, drawn one step to the learned characters.
    likeness: (N,), how much each resembled any learned character before: a soft maximum of the cosines, which
        grows with the nearest, and with their number.
    nearest: (N,) its cosine with the nearest of them.
    """

    settled: torch.Tensor
    likeness: torch.Tensor
    nearest: torch.Tensor


class Memory:
    """The directions of the learned characters, and how strongly a vector is drawn to those it resembles.

    A print and a carving of one character err in different ways; both err less after a step towards
    the learned characters that they resemble, and so they meet. A vector that resembles none of them
    gets a mean of many, which moves it little, so characters that were not learned keep their place.
    It is one step of a modern Hopfield network (arXiv 2008.02217).
    """

    def __init__(self, characters: torch.Tensor, sharpness: float, pull: float) -> None:
        """characters: (K, D), of any length above 0. sharpness: factor on the cosines before the softmax,
        above 0. pull: length of the step, from 0 (none).
        """
        self._characters = functional.normalize(characters.float())
        self.sharpness, self._pull = sharpness, pull

    def settle(self, unit: torch.Tensor) -> torch.Tensor:
        """(N, D) float32 unit vectors to as many, drawn one step to the learned characters."""
        return self.recall(unit).settled

    def recall(self, unit: torch.Tensor) -> Recalled:
        """The same, and what each resembled before. unit: (N, D) float32 unit vectors."""
        scaled = self.sharpness * functional.linear(unit, self._characters)
        settled = functional.normalize(unit + self._pull * (torch.softmax(scaled, dim=1) @ self._characters))
        likeness, nearest = torch.logsumexp(scaled, dim=1), scaled.amax(dim=1)
        return Recalled(settled, likeness / self.sharpness, nearest / self.sharpness)
