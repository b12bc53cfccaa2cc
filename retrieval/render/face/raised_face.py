"""The plane of the raised face in a height field, by RANSAC."""

from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.compiled import compiled
from retrieval.render.face.rim import is_boxed, without_ring

_TRIALS = 200
_SEED = 20_241_105
_MOST_TOPS = 1_200
_MOST_POINTS = 1_500
_FEWEST = 30
# Shares of the relief's depth: how far from a trial plane a point of the face may lie, and how
# far from the final one. A worn or warped face is rougher than a fresh cut.
_TRIAL_BAND = 0.12
_FINAL_BAND = 0.08
# A top lies at most this share of the depth under the highest point near it: walls do not.
_TOP_BAND = 0.08
# Face and ground of a block are nearly parallel: how far they usually run apart across half the
# width, and the most that one round allows, as shares of the depth.
_USUAL_LEAN = 0.10
_MOST_LEAN = 0.45
# Less of its hull than this a scan fills only where it has no ground.
_GROUND = 0.6
# Neighbouring tops rise and fall together: about so many make one independent measurement,
# as a share of the field's pixels.
_PATCH = 0.0018
# Strokes are the smaller part, which the skew of the heights tells; not so thick ones in a tight cut.
_MOST_SKEW = 0.5
# So far out is the edge: even where a character is cut tightly, most of it is ground.
_EDGE = 0.94
# Where strokes are a box along the outline, that they are higher than the middle counts so much.
_BOXED = 0.25


@dataclass(frozen=True)
class RaisedFace:
    """z = slope_x * x + slope_y * y + level, in the units of the field.

    depth: from the face down to the floor, 0 for a flat field. share: share of the tops that
    lie on the plane. standing: how much the field looks like strokes that stand on a wider,
    lower ground (above 0), or like grooves sunk into a face (below 0); usually within [-3, 3], and 0
    where there is no ground; little where the strokes are a box along the outline.
    edged: how much of the scan's outermost edge is as low as ground, in [0, 1]: 0 where no more than half of
    it is, or a frame runs along it, or there is no ground at all.
    """

    slope_x: float
    slope_y: float
    level: float
    depth: float
    share: float
    standing: float
    edged: float


@dataclass(frozen=True)
class Fit:
    """A plane fitted to a field's raised points, before it is measured.

    plane: slope_x, slope_y, level. field: (S, S) as given. points: (N, 3) of it.
    tops: (M, 3) those that took part; None for a field that is flat or nearly empty.
    """

    plane: tuple[float, float, float]
    field: np.ndarray
    points: np.ndarray
    tops: np.ndarray | None = None
    depth: float = 0.0

    def measured(self) -> RaisedFace:
        """What the plane is worth."""
        if self.tops is None:
            share = float(len(self.points) >= _FEWEST)
            return RaisedFace(*self.plane, depth=0.0, share=share, standing=0.0, edged=0.0)
        over = self.points[:, 2] - _level_at(self.plane, self.points)
        off = self.tops[:, 2] - _level_at(self.plane, self.tops)
        standing, edged = self._shape()
        return RaisedFace(
            *self.plane,
            depth=max(0.0, -_span(over)[0]),
            share=float((np.abs(off) < _FINAL_BAND * self.depth).mean()),
            standing=standing,
            edged=edged,
        )

    def _shape(self) -> tuple[float, float]:
        """``standing`` and ``edged``."""
        if not _has_ground(np.isfinite(self.field)):
            return 0.0, 0.0
        field = without_ring(self.field)
        ringed = field is not self.field
        points = _points(field, np.isfinite(field)) if ringed else self.points
        levels = np.clip((points[:, 2] - _level_at(self.plane, points)) / self.depth, -1.5, 0.5)
        out = _outwards(points)
        counts = _BOXED if is_boxed(self.field) else 1.0
        standing = counts * (_higher(out, levels) + 0.5 * _skew(levels))
        return standing, 0.0 if ringed else _edged(out, levels)


def fit_face(field: np.ndarray) -> Fit:
    """Fit the face that would take the ink.

    field: (S, S) float32 heights over [-1, 1]^2, -inf where there is no surface. Follows
    arXiv 2411.05524: a least-squares plane first, the points above it, RANSAC on those. Of the
    points above, only tops take part, so that neither long sloping walls nor a smooth floor
    can outvote thin strokes; and the fewer and rougher the tops, the more the ground's own
    slope counts.
    """
    seen = np.isfinite(field)
    points = _points(field, seen)
    if len(points) < _FEWEST:
        return Fit((0.0, 0.0, 0.0), field, points)
    ground = _least_squares(points)
    above = points[:, 2] - _level_at(ground, points)
    low, high = _span(above)
    depth = high - low
    tops = _tops(points, above, seen, low, depth)
    if depth <= 1e-9 or len(tops) < 3:
        return Fit(ground, field, points)
    patch = _PATCH * field.size
    plane = _refined(tops, _ransac(tops, points, ground, depth, patch), ground, depth, patch)
    return Fit(plane, field, points, tops, depth)


def _level_at(plane: tuple, points: np.ndarray) -> np.ndarray:
    return plane[0] * points[:, 0] + plane[1] * points[:, 1] + plane[2]


def _points(field: np.ndarray, seen: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(seen)
    half = field.shape[0] / 2
    return np.column_stack([(columns + 0.5) / half - 1, 1 - (rows + 0.5) / half, field[seen]])


@compiled
def _least_squares(points):
    """(slope_x, slope_y, level) of the plane nearest to points (N, 3) in z."""
    return _pulled(points, (0.0, 0.0, 0.0), 1e18, (0.0, 0.0), 1e-9)


@compiled
def _pulled(points, near, band, slopes, weight):
    """Least squares over the points within ``band`` of the plane ``near``, its slopes drawn
    towards ``slopes`` as strongly as ``weight`` points one unit away would."""
    count, sx, sy, sz = 0.0, 0.0, 0.0, 0.0
    xx, xy, yy, xz, yz = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        if abs(z - near[0] * x - near[1] * y - near[2]) < band:
            # Measured from the pull, so that no pull means no change of slope.
            z -= slopes[0] * x + slopes[1] * y
            count += 1.0
            sx, sy, sz = sx + x, sy + y, sz + z
            xx, xy, yy, xz, yz = xx + x * x, xy + x * y, yy + y * y, xz + x * z, yz + y * z
    if count < 3:
        return near
    xx, xy, yy = xx - sx * sx / count + weight, xy - sx * sy / count, yy - sy * sy / count + weight
    xz, yz = xz - sx * sz / count, yz - sy * sz / count
    whole = xx * yy - xy * xy
    a, b = (xz * yy - yz * xy) / whole, (yz * xx - xz * xy) / whole
    return a + slopes[0], b + slopes[1], (sz - a * sx - b * sy) / count


def _tops(points: np.ndarray, above: np.ndarray, seen: np.ndarray, low: float, depth: float) -> np.ndarray:
    """The raised points that nothing near overtops: plateaus, and the ridges of thin strokes."""
    relief = np.full(seen.shape, low, np.float32)
    relief[seen] = above
    reach = max(3, seen.shape[0] // 14) | 1
    summit = cv2.dilate(relief, np.ones((reach, reach), np.uint8))[seen]
    return points[(above > low + 0.45 * depth) & (above >= summit - _TOP_BAND * depth)]


def _sample(points: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    return points if len(points) <= most else points[rng.integers(0, len(points), most)]


def _ransac(
    tops: np.ndarray, points: np.ndarray, ground: tuple, depth: float, patch: float
) -> tuple[float, float, float]:
    rng = np.random.default_rng(_SEED)
    some = _sample(tops, _MOST_TOPS, rng)
    draws = rng.integers(0, len(some), (_TRIALS, 3))
    # In the score's own unit, one top: what a lean of the usual size costs.
    fee = patch / 4 * len(some) / len(tops)
    return _best_trial(some, _sample(points, _MOST_POINTS, rng), draws, ground, depth, fee)


@compiled
def _best_trial(tops, points, draws, ground, depth, fee):
    best, best_score = ground, -1e18
    band = _TRIAL_BAND * depth
    for t in range(draws.shape[0]):
        p, q, r = tops[draws[t, 0]], tops[draws[t, 1]], tops[draws[t, 2]]
        ux, uy, uz = q[0] - p[0], q[1] - p[1], q[2] - p[2]
        vx, vy, vz = r[0] - p[0], r[1] - p[1], r[2] - p[2]
        area = ux * vy - uy * vx
        # Three points close together or in a row say nothing about a plane.
        if abs(area) < 0.05:
            continue
        a, b = (uz * vy - uy * vz) / area, (ux * vz - uz * vx) / area
        lean = np.hypot(a - ground[0], b - ground[1]) / depth
        if lean > _MOST_LEAN:
            continue
        c = p[2] - a * p[0] - b * p[1]
        score = -fee * (lean / _USUAL_LEAN) ** 2
        for i in range(tops.shape[0]):
            d = (tops[i, 2] - a * tops[i, 0] - b * tops[i, 1] - c) / band
            if abs(d) < 1.0:
                score += 1.0 - d * d
        # No print is made on a plane that the wood sticks out of.
        for i in range(points.shape[0]):
            if points[i, 2] - a * points[i, 0] - b * points[i, 1] - c > band:
                score -= 1.0
        if score > best_score:
            best, best_score = (a, b, c), score
    return best


def _refined(tops: np.ndarray, plane: tuple, ground: tuple, depth: float, patch: float) -> tuple:
    """Least squares over the tops on the plane, in Bayes' balance with the ground's slope."""
    for _ in range(3):
        off = tops[:, 2] - _level_at(plane, tops)
        roughness = max(float(np.median(np.abs(off))) * 1.48, 0.01 * depth)
        weight = patch * (roughness / (_USUAL_LEAN * depth)) ** 2
        plane = _pulled(tops, plane, max(_FINAL_BAND * depth, 1.5 * roughness), ground[:2], weight)
    return plane


def _span(heights: np.ndarray) -> tuple[float, float]:
    """Floor and face. Where one of them is a small share of the scan, its extremes tell of it."""
    bottom, low, middle, high, top = np.percentile(heights, [0.5, 5.0, 50.0, 99.0, 99.8])
    return float(min(low, middle + 0.6 * (bottom - middle))), float(max(high, middle + 0.6 * (top - middle)))


def _has_ground(seen: np.ndarray) -> bool:
    """Whether the surface is closed between the strokes: strokes alone stand on nothing."""
    rows = np.nonzero(seen.any(axis=1))[0]
    first = seen[rows].argmax(axis=1)
    last = seen.shape[1] - 1 - seen[rows, ::-1].argmax(axis=1)
    # The hull of all points is that of the outermost in each row.
    edge = np.concatenate([np.column_stack([first, rows]), np.column_stack([last, rows])])
    return seen.sum() > _GROUND * cv2.contourArea(cv2.convexHull(edge.astype(np.float32)))


def _outwards(points: np.ndarray) -> np.ndarray:
    """(N,) how far out each point lies, from 0 in the middle to 1 at the edge."""
    x, y = np.abs(points[:, 0]), np.abs(points[:, 1])
    return np.maximum(x / max(x.max(), 1e-9), y / max(y.max(), 1e-9))


def _edged(out: np.ndarray, levels: np.ndarray) -> float:
    edge = levels[out > _EDGE]
    return max(0.0, 1.0 - 2.0 * float((edge > -0.5).mean())) if len(edge) else 0.0


def _higher(out: np.ndarray, levels: np.ndarray) -> float:
    """Strokes are in the middle, ground is all around: how much higher the middle is, doubled."""
    inside, around = levels[out < 0.7], levels[out > 0.88]
    return 2.0 * float(inside.mean() - around.mean()) if len(inside) and len(around) else 0.0


def _skew(levels: np.ndarray) -> float:
    """Strokes are the smaller part, ground is the larger one: the skew of the heights, in [-0.5, 0.5]."""
    off = levels - levels.mean()
    spread = levels.std()
    return 0.0 if spread < 1e-6 else float(np.clip((off**3).mean() / spread**3, -_MOST_SKEW, _MOST_SKEW))
