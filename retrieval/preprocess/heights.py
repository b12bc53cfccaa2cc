"""From a relief's height map to the network's input."""

import cv2
import numpy as np

from retrieval.preprocess.recipe import Recipe


def height_input(height: np.ndarray, recipe: Recipe) -> np.ndarray:
    """One network input from one height map, in the orientation it is given in.

    height: (H, W) float32 in [0, 1], 0 = floor.
    recipe: of the weights; S is its size.

    Returns:
        (S, S) float32 in [-0.5, 1.5], with the lowest twentieth near 0 and the raised face near 1; all zeros
        for a flat map.

    Example:
        >>> import numpy as np
        >>> from retrieval.preprocess import Recipe, height_input
        >>> height = np.zeros((256, 256), np.float32)
        >>> height[64:192, 112:144] = 0.7
        >>> made = height_input(height, Recipe(size=48))
        >>> made.shape, float(made.min()), float(made.max())
        ((48, 48), 0.0, 1.0)
    """
    side = recipe.size
    small = cv2.resize(np.nan_to_num(height.astype(np.float32)), (side, side), interpolation=cv2.INTER_AREA)
    low, high = np.percentile(small, (5, 98))
    if high - low < 1e-4:
        return np.zeros((side, side), np.float32)
    return np.clip((small - low) / (high - low), -0.5, 1.5).astype(np.float32)
