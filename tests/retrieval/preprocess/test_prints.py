"""Print inputs: either polarity, any size, and nothing that is not a number."""

import cv2
import numpy as np
import pytest

from retrieval.preprocess import Recipe, print_input

RECIPE = Recipe(size=48)


def cross(side: int = 100, ink: int = 30, paper: int = 220) -> np.ndarray:
    """A picture of a plain cross."""
    picture = np.full((side, side), paper, np.uint8)
    cv2.line(picture, (side // 5, side // 2), (side * 4 // 5, side // 2), ink, side // 10)
    cv2.line(picture, (side // 2, side // 5), (side // 2, side * 4 // 5), ink, side // 10)
    return picture


def test_ink_is_one_and_paper_is_nought() -> None:
    """The strokes come out near 1 and the ground near 0."""
    seen = print_input(cross(), RECIPE)
    assert seen.shape == (48, 48)
    assert seen.dtype == np.float32
    assert seen[24, 24] == pytest.approx(1, abs=0.05)
    assert seen[4, 4] == pytest.approx(0, abs=0.05)


def test_inverted_print_gives_the_same_input() -> None:
    """White on black reads as black on white does."""
    noisy = np.clip(cross() + np.random.default_rng(0).normal(0, 6, (100, 100)), 0, 255).astype(np.uint8)
    assert np.abs(print_input(noisy, RECIPE) - print_input(255 - noisy, RECIPE)).max() < 0.02


def test_size_and_paper_tone_hardly_matter() -> None:
    """The same character scanned larger, or on greyer paper, gives nearly the same input."""
    plain = print_input(cross(), RECIPE)
    assert np.abs(plain - print_input(cross(400), RECIPE)).mean() < 0.06
    assert np.abs(plain - print_input(cross(ink=60, paper=140), RECIPE)).mean() < 0.02


def test_place_and_margins_hardly_matter() -> None:
    """A character in a corner of a wide empty picture is brought to the middle."""
    wide = np.full((300, 420), 220, np.uint8)
    wide[10:110, 15:115] = cross()
    assert np.abs(print_input(cross(), RECIPE) - print_input(wide, RECIPE)).mean() < 0.06


@pytest.mark.parametrize(
    "picture",
    [
        np.full((64, 64), 255, np.uint8),
        np.zeros((64, 64), np.uint8),
        np.pad(np.zeros((1, 60), np.uint8), ((30, 30), (0, 0)), constant_values=255),
        np.random.default_rng(1).integers(0, 256, (8, 8), dtype=np.uint8),
        np.random.default_rng(2).integers(0, 256, (40, 8000), dtype=np.uint8),
        np.array([[7]], np.uint8),
        np.random.default_rng(3).integers(0, 256, (1, 900), dtype=np.uint8),
    ],
    ids=["blank", "all ink", "one line", "8 x 8", "8000 wide", "1 x 1", "one row"],
)
def test_odd_pictures_give_finite_inputs(picture: np.ndarray) -> None:
    """Whatever comes in, a whole input of finite numbers in range comes out."""
    seen = print_input(picture, RECIPE)
    assert seen.shape == (48, 48)
    assert np.isfinite(seen).all()
    assert seen.min() >= -0.5
    assert seen.max() <= 1.5
