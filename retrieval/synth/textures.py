"""Smooth noise, drawn once and cut from again and again: drawing it anew would cost more than all else."""

import cv2
import numpy as np

_SIDE = 192
_SIGMAS = {"fine": 1.2, "middle": 4.0, "broad": 14.0}


class Textures:
    """Pools of smooth noise of three grains, zero mean and unit variance."""

    def __init__(self, random: np.random.Generator, count: int = 32) -> None:
        """Draw the pools. count: of pieces in each."""
        self._pools = {name: _pool(random, count, sigma) for name, sigma in _SIGMAS.items()}

    def cut(self, grain: str, shape: tuple[int, int], random: np.random.Generator) -> np.ndarray:
        """A random piece, (H, W) float32, turned over at random.

        grain: "fine", "middle" or "broad".
        shape: (H, W), at most 192 each.
        random: lots.
        """
        pool = self._pools[grain]
        top = random.integers(_SIDE - shape[0] + 1)
        left = random.integers(_SIDE - shape[1] + 1)
        piece = pool[random.integers(len(pool)), top : top + shape[0], left : left + shape[1]]
        return piece[:: random.choice((-1, 1)), :: random.choice((-1, 1))]


def _pool(random: np.random.Generator, count: int, sigma: float) -> np.ndarray:
    noise = random.standard_normal((count, _SIDE, _SIDE), np.float32)
    for place in range(count):
        smooth = cv2.GaussianBlur(noise[place], (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        noise[place] = (smooth - smooth.mean()) / (smooth.std() + 1e-9)
    return noise
