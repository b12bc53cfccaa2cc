"""A page's skew, from where its characters stand, and places as they are without it."""

import numpy as np

_MOST = 8.0  # degrees; pages are laid on scanners by hand, not thrown
_FEWEST = 8


def page_skew(boxes: np.ndarray, size: float) -> float:
    """The skew in degrees, clockwise positive, at which columns stand upright once it is taken out.

    Of all angles that at which the characters' middles, thrown on the level axis, pile up highest
    (projection profiles: Postl 1986); 0 where there are too few.

    boxes: (N, 4) float, left, top, right, bottom.
    size: of a usual character, in pixels.
    """
    if len(boxes) < _FEWEST:
        return 0.0
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    middles = middles - middles.mean(axis=0)
    coarse = _best(middles, size, np.arange(-_MOST, _MOST + 0.01, 0.4))
    return float(_best(middles, size, coarse + np.arange(-0.5, 0.51, 0.05)))


def _best(middles: np.ndarray, size: float, angles: np.ndarray) -> float:
    heights = np.array([_piled(straight(middles, angle)[:, 0], size) for angle in angles])
    # A page that is as good at several angles is taken as straight.
    return float(angles[np.argmax(heights - 1e-3 * heights.max() * np.abs(angles))])


def _piled(places: np.ndarray, size: float) -> float:
    """How much places pile up: the sum over pairs of how near they are, by a histogram."""
    step = size / 8
    bins = np.bincount(np.floor((places - places.min()) / step).astype(int)).astype(float)
    smooth = np.convolve(bins, (0.25, 0.5, 1, 0.5, 0.25), "same")
    return float((smooth * bins).sum())


def straight(points: np.ndarray, angle: float) -> np.ndarray:
    """Points (N, 2) turned so that a skew of so many degrees is gone, about the origin."""
    turn = np.deg2rad(angle)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return points @ matrix.T
