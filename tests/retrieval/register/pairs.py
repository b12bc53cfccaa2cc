"""Carvings and prints of them, for tests."""

import cv2
import numpy as np

from retrieval.register import ItemForm, item_form, read_item_form
from tests.retrieval.carving import character


def height_of(strokes: np.ndarray, wall: float = 8) -> np.ndarray:
    """(256, 256) float32, the strokes raised to 0.9, walls sloping over so many pixels."""
    away = cv2.distanceTransform((~strokes).astype(np.uint8), cv2.DIST_L2, 5)
    return (0.9 * np.clip(1 - away / wall, 0, 1)).astype(np.float32)


def carving(seed: int = 0, amount: float = 5.0) -> np.ndarray:
    """(256, 256) float32 height map of one sign, its strokes moved a little by lot."""
    random = np.random.default_rng(seed)
    strokes = character(256).astype(np.uint8) * 255
    rows, columns = np.indices(strokes.shape, dtype=np.float32)
    across, down = (
        amount
        * cv2.resize(random.normal(size=(5, 5)).astype(np.float32), (256, 256), interpolation=cv2.INTER_CUBIC)
        for _ in range(2)
    )
    moved = cv2.remap(strokes, columns + across, rows + down, cv2.INTER_LINEAR)
    return height_of(moved > 127)


def form(height: np.ndarray) -> ItemForm:
    return read_item_form(item_form(height))


def printed(
    height: np.ndarray, matrix: np.ndarray | None = None, *, side: int = 90, paper: int = 225, ink: int = 40
) -> np.ndarray:
    """(side, side) uint8 print of a carving. matrix: (2, 3) from the height map's pixels to the picture's."""
    if matrix is None:
        scale = 0.8 * side / 256
        matrix = np.array([[scale, 0, 0.1 * side], [0, scale, 0.1 * side]])
    cover = cv2.warpAffine(
        cv2.GaussianBlur((height > 0.7).astype(np.float32), (0, 0), 1.2),
        np.asarray(matrix, float),
        (side, side),
    )
    return np.rint(paper - (paper - ink) * cover).astype(np.uint8)
