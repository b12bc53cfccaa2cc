"""The plane of the raised face in a height field, by RANSAC."""

from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.compiled import compiled

_TRIALS = 200
_SEED = 20_241_105
_MOST_TOPS = 1_200
_MOST_POINTS = 1_500
# Shares of the relief's depth: how far from a trial plane a point of the face may lie, and how
# far from the final one. A worn or warped face is rougher than a fresh cut.
_TRIAL_BAND = 0.10
_FINAL_BAND = 0.08
# A top lies at most this share of the depth under the highest point near it: walls do not.
_TOP_BAND = 0.08
# Across half the width, face and ground may run apart by this share of the depth in one round.
_MOST_LEAN = 0.45


@dataclass(frozen=True)
class RaisedFace:
    """z = slope_x * x + slope_y * y + level, in the units of the field.

    depth: from the face down to the floor, 0 for a flat field. share: share of the tops that
    lie on the plane. flatness: share of all points that do, less those above it.
    """

    slope_x: float
    slope_y: float
    level: float
    depth: float
    share: float
    flatness: float


def raised_face(field: np.ndarray) -> RaisedFace:
    """Fit the face that would take the ink.

    field: (S, S) float32 heights over [-1, 1]^2, -inf where there is no surface. Follows
    arXiv 2411.05524: a least-squares plane first, the points above it, RANSAC on those. Of the
    points above, only tops take part, so that neither long sloping walls nor a smooth floor
    can outvote thin strokes.
    """
    seen = np.isfinite(field)
    points = _points(field, seen)
    ground = _least_squares(points)
    above = _residual(points, ground)
    low, high = np.percentile(above, [5.0, 99.0])
    depth = float(high - low)
    tops = _tops(points, above, seen, low, depth)
    if depth <= 1e-9 or len(tops) < 3:
        return RaisedFace(*ground, depth=0.0, share=1.0, flatness=0.0)
    plane = _ransac(tops, points, ground, depth)
    plane = _refined(plane, tops, depth)
    return _measured(plane, points, tops, depth)


def _points(field: np.ndarray, seen: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(seen)
    half = field.shape[0] / 2
    return np.column_stack([(columns + 0.5) / half - 1, 1 - (rows + 0.5) / half, field[seen]])


def _least_squares(points: np.ndarray) -> tuple[float, float, float]:
    centre = points.mean(axis=0)
    x, y, z = (points - centre).T
    normal = np.array([[x @ x, x @ y], [x @ y, y @ y]])
    slope_x, slope_y = np.linalg.pinv(normal, hermitian=True) @ np.array([x @ z, y @ z])
    return float(slope_x), float(slope_y), float(centre[2] - slope_x * centre[0] - slope_y * centre[1])


def _residual(points: np.ndarray, plane: tuple[float, float, float]) -> np.ndarray:
    return points[:, 2] - (plane[0] * points[:, 0] + plane[1] * points[:, 1] + plane[2])


def _tops(points: np.ndarray, above: np.ndarray, seen: np.ndarray, low: float, depth: float) -> np.ndarray:
    """The raised points that nothing near overtops: plateaus, and the ridges of thin strokes."""
    relief = np.full(seen.shape, low, np.float32)
    relief[seen] = above
    reach = max(3, seen.shape[0] // 14) | 1
    summit = cv2.dilate(relief, np.ones((reach, reach), np.uint8))[seen]
    return points[(above > low + 0.45 * depth) & (above >= summit - _TOP_BAND * depth)]


def _sample(points: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    return points if len(points) <= most else points[rng.choice(len(points), most, replace=False)]


def _ransac(tops: np.ndarray, points: np.ndarray, ground: tuple, depth: float) -> tuple[float, float, float]:
    rng = np.random.default_rng(_SEED)
    tops, points = _sample(tops, _MOST_TOPS, rng), _sample(points, _MOST_POINTS, rng)
    draws = rng.integers(0, len(tops), (_TRIALS, 3))
    return _best_trial(tops, points, draws, ground, _TRIAL_BAND * depth, _MOST_LEAN * depth)


@compiled
def _best_trial(tops, points, draws, ground, band, lean):
    # The ground's slope through the highest tops is the answer when no trial is better.
    best, best_score = ground, -1e18
    for t in range(draws.shape[0]):
        p, q, r = tops[draws[t, 0]], tops[draws[t, 1]], tops[draws[t, 2]]
        ux, uy, uz = q[0] - p[0], q[1] - p[1], q[2] - p[2]
        vx, vy, vz = r[0] - p[0], r[1] - p[1], r[2] - p[2]
        area = ux * vy - uy * vx
        # Three points close together or in a row say nothing about a plane.
        if abs(area) < 0.05:
            continue
        a, b = (uz * vy - uy * vz) / area, (ux * vz - uz * vx) / area
        if np.hypot(a - ground[0], b - ground[1]) > lean:
            continue
        c = p[2] - a * p[0] - b * p[1]
        score = 0.0
        for i in range(tops.shape[0]):
            d = (tops[i, 2] - a * tops[i, 0] - b * tops[i, 1] - c) / band
            if abs(d) < 1.0:
                score += 1.0 - d * d
        for i in range(points.shape[0]):
            if points[i, 2] - a * points[i, 0] - b * points[i, 1] - c > band:
                score -= 1.0
        if score > best_score:
            best, best_score = (a, b, c), score
    return best


def _refined(plane: tuple[float, float, float], tops: np.ndarray, depth: float) -> tuple[float, float, float]:
    for band in (_TRIAL_BAND, _FINAL_BAND, _FINAL_BAND):
        near = tops[np.abs(_residual(tops, plane)) < band * depth]
        if len(near) < 12:
            break
        plane = _least_squares(near)
    return plane


def _measured(
    plane: tuple[float, float, float], points: np.ndarray, tops: np.ndarray, depth: float
) -> RaisedFace:
    over = _residual(points, plane)
    band = _FINAL_BAND * depth
    floor = float(np.percentile(over, 5.0))
    share = float((np.abs(_residual(tops, plane)) < band).mean())
    flatness = float((np.abs(over) < band).mean() - (over > band).mean())
    return RaisedFace(*plane, depth=max(0.0, -floor), share=share, flatness=flatness)
