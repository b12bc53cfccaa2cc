"""Vectors drawn towards the characters that the network learned."""

import torch
from torch.nn import functional


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
        self._sharpness, self._pull = sharpness, pull

    def settle(self, unit: torch.Tensor) -> torch.Tensor:
        """(N, D) float32 unit vectors to as many, drawn one step to the learned characters."""
        return self.recall(unit)[0]

    def recall(self, unit: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The settled vectors (N, D), and how much each resembled any learned character before, (N,).

        That likeness is a soft maximum of the cosines: it grows with the nearest, and with their number.
        """
        scaled = self._sharpness * functional.linear(unit, self._characters)
        settled = functional.normalize(unit + self._pull * (torch.softmax(scaled, dim=1) @ self._characters))
        return settled, torch.logsumexp(scaled, dim=1) / self._sharpness
