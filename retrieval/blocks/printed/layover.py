"""A page's characters laid over a face's: a similarity by RANSAC, then a fit of low order, with a p-value."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

_TRIALS = 600
_LIKE = 3  # items of a face that a character of the page may be
_MUTUAL = 6  # and it has to be among so many characters of the page that are like the item
_MOST_TURN = np.deg2rad(12)
_MOST_STRETCH = 1.3
_ROUGH, _NEAR = 4.0, 1.5  # millimetres: inliers of the similarity, and of the final fit
_ROUNDS = 5
_FEWEST = 8  # inliers
_FREE = 6  # correspondences that the final fit would meet whatever they were


@dataclass(frozen=True)
class Placed:
    """Characters with their places and vectors, of a page or of a face.

    name: of the file.
    middles: (N, 2) float, in pixels of the page, or in millimetres of the face as it prints.
    sides: (N, 2) float, widths and heights in the same unit.
    vectors: (N, D) float32 of unit length.
    ink: (H, W) float32 in [0, 1], of the whole page or face.
    pitch: of a pixel of `ink` in the unit of `middles`.
    """

    name: str
    middles: np.ndarray
    sides: np.ndarray
    vectors: np.ndarray
    ink: np.ndarray
    pitch: float = 1.0

    @property
    def area(self) -> float:
        """Of the rectangle that the characters stand in."""
        if len(self.middles) < 2:
            return 1.0
        return float(np.prod(np.ptp(self.middles, axis=0) + np.median(self.sides, axis=0)))


@dataclass(frozen=True)
class Layover:
    """Where a page comes to lie on a face.

    weights: (6, 2) of 1, x, y, xx, xy, yy of the page's places about `centre`, in shares of `unit` pixels;
        they give millimetres of the face.
    pairs: (K, 2) inliers: characters of the page and of the face.
    residual: median distance of inliers, in millimetres.
    p: how likely so many would be met by chance, over all that was tried.
    """

    weights: np.ndarray
    centre: np.ndarray
    unit: float
    pairs: np.ndarray
    residual: float
    p: float

    def on_face(self, points: np.ndarray) -> np.ndarray:
        """Places of the page, (N, 2) pixels, in millimetres of the face."""
        return _terms((points - self.centre) / self.unit) @ self.weights


def lay_over(page: Placed, face: Placed, random: np.random.Generator, *, tried: int = 1) -> Layover | None:
    """Lay a page over a face by the characters that are like each other; None where no place is found.

    random: lots. tried: faces that the page is laid over, which the p-value pays for.
    """
    names = _candidates(page, face)
    if len(page.middles) < _FEWEST or len(face.middles) < _FEWEST:
        return None
    matrix = _similarity(page, face, names, random)
    if matrix is None:
        return None
    centre, unit = page.middles.mean(axis=0), float(np.ptp(page.middles, axis=0).max() / 2 + 1e-9)
    flat = (page.middles - centre) / unit
    terms, places = _terms(flat), np.hstack([page.middles, np.ones((len(flat), 1))]) @ matrix.T
    weights, pairs = np.zeros((6, 2)), np.zeros((0, 2), int)
    for near in np.geomspace(_ROUGH, _NEAR, _ROUNDS):
        pairs, _ = _met(places, face, names, near)
        if len(pairs) < _FEWEST:
            return None
        rows, wanted = terms[pairs[:, 0]], face.middles[pairs[:, 1]]
        # Little is bent: without many inliers, bends stay near nought.
        stiff = np.diag([0, 0, 0, 1, 1, 1]) * 0.5
        weights = np.linalg.solve(rows.T @ rows + stiff + 1e-9 * np.eye(6), rows.T @ wanted)
        places = terms @ weights
    pairs, away = _met(places, face, names, _NEAR)
    if len(pairs) < _FEWEST:
        return None
    p = _by_chance(len(pairs), page, face, names, tried)
    return Layover(weights, centre, unit, pairs, float(np.median(away)), p)


def _terms(flat: np.ndarray) -> np.ndarray:
    x, y = flat[:, 0], flat[:, 1]
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _candidates(page: Placed, face: Placed) -> np.ndarray:
    """(N, 3) of each character of the page the items that it may be; -1 for none."""
    like = page.vectors @ face.vectors.T
    best = np.argsort(-like, axis=1)[:, :_LIKE]
    least = np.partition(like, -min(_MUTUAL, len(like)), axis=0)[-min(_MUTUAL, len(like))]
    mutual = np.take_along_axis(like, best, axis=1) >= least[best]
    names = np.full((len(like), _LIKE), -1)
    names[:, : best.shape[1]] = np.where(mutual, best, -1)
    return names


def _similarity(
    page: Placed, face: Placed, names: np.ndarray, random: np.random.Generator
) -> np.ndarray | None:
    """(2, 3) the similarity under which most characters meet one that they may be."""
    rows, places = np.nonzero(names >= 0)
    if len(rows) < 2:
        return None
    a, b = random.integers(len(rows), size=(2, _TRIALS))
    source = page.middles[rows] @ (1, 1j)
    target = face.middles[names[rows, places]] @ (1, 1j)
    apart = source[b] - source[a]
    # Two characters that stand close together tell nothing of turn and scale.
    good = np.abs(apart) > 0.2 * np.ptp(page.middles, axis=0).max()
    turn = np.divide(target[b] - target[a], apart, out=np.zeros(_TRIALS, complex), where=good)
    usual = np.sqrt(face.area / page.area)
    good &= (np.abs(np.angle(turn)) < _MOST_TURN) & (np.abs(np.log(np.abs(turn) / usual + 1e-9)) < 0.7)
    if not good.any():
        return None
    turn, shift = turn[good], (target[a] - turn * source[a])[good]
    reached = turn[:, None] * (page.middles @ (1, 1j)) + shift[:, None]  # (T, N)
    wanted = np.where(names >= 0, face.middles[names] @ (1, 1j), np.inf)  # (N, 3)
    met = (np.abs(reached[..., None] - wanted) < _ROUGH).any(axis=2).sum(axis=1)
    best = int(met.argmax())
    (c, s), d = (turn[best].real, turn[best].imag), shift[best]
    return np.array([[c, -s, d.real], [s, c, d.imag]])


def _met(places: np.ndarray, face: Placed, names: np.ndarray, near: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (K, 2) of characters that lie near an item that they may be, each item once; and how near."""
    away = np.where(names >= 0, np.linalg.norm(places[:, None] - face.middles[names], axis=2), np.inf)
    best = away.argmin(axis=1)
    least = away[np.arange(len(away)), best]
    rows = np.flatnonzero(least < near)
    rows = rows[np.argsort(least[rows], kind="stable")]
    items = names[rows, best[rows]]
    _, firsts = np.unique(items, return_index=True)
    firsts = np.sort(firsts)
    return np.stack([rows[firsts], items[firsts]], axis=1), least[rows[firsts]]


def _by_chance(met: int, page: Placed, face: Placed, names: np.ndarray, tried: int) -> float:
    """An upper bound of how likely so many inliers are where page and face have nothing in common.

    Each character meets one of its candidates with the share of the face that lies near them (a contrario:
    Moisan and Stival, IJCV 2004).
    """
    able = (names >= 0).any(axis=1)
    share = min(0.9, float((names[able] >= 0).sum(axis=1).mean()) * np.pi * _NEAR**2 / face.area)
    log = binom.logsf(met - _FREE - 1, max(int(able.sum()) - _FREE, 1), share)
    return float(min(1.0, np.exp(min(0.0, log + np.log(_TRIALS * tried)))))
