"""Smooth noise."""

import cv2
import numpy as np


def noise(random: np.random.Generator, shape: tuple[int, int], grain: float) -> np.ndarray:
    """Smooth noise, (H, W) float32, zero mean and about unit variance. grain: its size in pixels."""
    rows, columns = (max(2, int(side / grain) + 2) for side in shape)
    small = random.standard_normal((rows, columns), np.float32)
    return cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC)
