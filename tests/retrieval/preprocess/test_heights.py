"""Height inputs: scale and offset of the relief do not matter, its orientation does."""

import numpy as np
import pytest

from retrieval.preprocess import Recipe, height_input

RECIPE = Recipe(size=48)


def ridge() -> np.ndarray:
    """A raised bar left of the middle."""
    height = np.zeros((256, 256), np.float32)
    height[40:216, 60:110] = 1
    return height


def test_depth_and_floor_level_do_not_matter() -> None:
    """A low relief on a raised floor gives the input of a deep one."""
    assert height_input(0.2 + 0.3 * ridge(), RECIPE) == pytest.approx(height_input(ridge(), RECIPE), abs=1e-4)


def test_mirrored_relief_gives_mirrored_input() -> None:
    """Nothing is turned over on the way."""
    assert height_input(ridge()[:, ::-1], RECIPE) == pytest.approx(
        height_input(ridge(), RECIPE)[:, ::-1], abs=1e-5
    )


@pytest.mark.parametrize("level", [0.0, 1.0, np.nan])
def test_flat_maps_give_finite_inputs(level: float) -> None:
    """A map with nothing on it is all zeros."""
    assert not height_input(np.full((256, 256), level, np.float32), RECIPE).any()
