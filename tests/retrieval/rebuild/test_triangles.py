"""Height maps as triangles: without gaps, never too many, and near the surface."""

import cv2
import numpy as np
import pytest

from retrieval.rebuild.triangles import TILE, network


def _hills(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    rough = np.random.default_rng(seed).normal(size=(rows * TILE + 1, columns * TILE + 1))
    return cv2.GaussianBlur(rough.astype(np.float32), (0, 0), 4)


@pytest.mark.parametrize("most", [12, 500, 20_000, 10**7])
def test_the_triangles_cover_all_without_gaps_and_are_no_more_than_asked_for(most):
    height = _hills(2, 3)
    triangles, used = network(height, most)
    assert len(triangles) <= most
    edges = np.sort(
        np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1
    )
    each, counts = np.unique(edges, axis=0, return_counts=True)
    rows, columns = height.shape
    y, x = np.divmod(each, columns)
    rim = (np.ptp(x, axis=1) == 0) & np.isin(x[:, 0], (0, columns - 1))
    rim |= (np.ptp(y, axis=1) == 0) & np.isin(y[:, 0], (0, rows - 1))
    assert (counts == np.where(rim, 1, 2)).all()
    y, x = np.divmod(triangles, columns)
    areas = ((x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])) / 2
    assert (areas > 0).all()
    assert areas.sum() == (rows - 1) * (columns - 1)
    assert used.sum() == len(np.unique(triangles))


def test_a_plane_takes_two_triangles_a_tile():
    x, y = np.meshgrid(np.arange(TILE + 1), np.arange(TILE + 1))
    triangles, _ = network((0.25 * x + 0.5 * y).astype(np.float32), 10_000)
    assert len(triangles) == 2


def test_more_triangles_are_never_farther_from_the_surface():
    height = _hills(1, 1)
    away = []
    for most in (200, 2_000, 20_000):
        triangles, _ = network(height, most)
        y, x = np.divmod(triangles, height.shape[1])
        middles = height[y, x].mean(axis=1)
        away.append(
            np.abs(
                middles
                - cv2.remap(
                    height,
                    x.mean(axis=1).astype(np.float32),
                    y.mean(axis=1).astype(np.float32),
                    cv2.INTER_LINEAR,
                ).ravel()
            ).mean()
        )
    assert away[0] > away[1] > away[2]


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="tiles"):
        network(np.zeros((TILE, TILE + 1), np.float32), 100)
