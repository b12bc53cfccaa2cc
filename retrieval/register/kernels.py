"""The inner loops of registration, compiled. Frames reach from -1 to 1; see ``forms``."""

from functools import partial

import numpy as np

from retrieval.compiled import compiled

RIDGE = 1e-3
"""Of the mean curvature: keeps a step small where a carving says little of where it lies."""
STILL = 1e-3
"""A warp that changes less stands still: a thirtieth of a pixel."""

_summed = partial(compiled, free_order=True)


def gradients(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes across and down, (S, S) float32 each, a unit of the frame's half side. picture: (S, S)."""
    down, across = np.gradient(picture)
    half = np.float32(picture.shape[0] / 2)
    return (across * half).astype(np.float32), (down * half).astype(np.float32)


@_summed
def sample(picture, warp, found, inside):
    """Fetch a picture's values for each pixel of another frame, between pixels linearly.

    picture: (P, P) float32.
    warp: (6,) float64: x' = warp[0] x + warp[1] y + warp[2], y' likewise.
    found: (S, S) float32, written; 0 outside of the picture.
    inside: (S, S) float32, written; 1 where there is picture, else 0.
    """
    side, count = picture.shape[0], found.shape[0]
    half, last = side / 2.0, side - 1.0
    for row in range(count):
        y = (2 * row + 1) / count - 1
        for column in range(count):
            x = (2 * column + 1) / count - 1
            across = (warp[0] * x + warp[1] * y + warp[2] + 1) * half - 0.5
            down = (warp[3] * x + warp[4] * y + warp[5] + 1) * half - 0.5
            if not (0 <= across < last and 0 <= down < last):
                found[row, column] = 0
                inside[row, column] = 0
                continue
            left, top = int(across), int(down)
            right, below = np.float32(across - left), np.float32(down - top)
            upper = picture[top, left] + right * (picture[top, left + 1] - picture[top, left])
            lower = picture[top + 1, left] + right * (picture[top + 1, left + 1] - picture[top + 1, left])
            found[row, column] = upper + below * (lower - upper)
            inside[row, column] = 1


@_summed
def tone(found, wanted, weights):
    """Gain and bias that bring one picture nearest to another: (2,) float64. All (S, S) float32."""
    total = f = w = ff = fw = np.float32(0)
    for row in range(found.shape[0]):
        for column in range(found.shape[1]):
            weight, a, b = weights[row, column], found[row, column], wanted[row, column]
            total += weight
            f += weight * a
            w += weight * b
            ff += weight * a * a
            fw += weight * a * b
    total = max(total, np.float32(1e-6))
    gain = (fw - f * w / total) / max(ff - f * f / total, np.float32(1e-6))
    gain = min(max(gain, np.float32(0.3)), np.float32(3))
    return np.array([gain, (w - gain * f) / total])


@_summed
def normal_equations(found, inside, level, toned, limits, weights):
    """One step of Gauss and Newton: curve (6, 6) and slope (6,) float64 of the weighted square error.

    found, inside: of ``sample``, (S, S).
    level: (3, S, S) float32: the item's ink, and its slopes across and down.
    toned: gain and bias.
    limits: (3,): errors of much more ink, and of much less ink than wanted, count little; weight of what
        lies outside of the print.
    weights: (S, S) float32, written: how much each pixel counts.
    """
    count = found.shape[0]
    tones = np.float32(toned[0]), np.float32(toned[1])
    sharp = np.float32(1 / limits[0] ** 2), np.float32(1 / limits[1] ** 2), np.float32(limits[2])
    curve, slope = np.zeros((6, 6)), np.zeros(6)
    for row in range(count):
        y = np.float32((2 * row + 1) / count - 1)
        a, b, c, e, f = _row_sums(found, inside, level, tones, sharp, weights, row)
        _block(curve, 0, 0, a, y)
        _block(curve, 0, 3, b, y)
        _block(curve, 3, 3, c, y)
        slope[0] += e[1]
        slope[1] += y * e[0]
        slope[2] += e[0]
        slope[3] += f[1]
        slope[4] += y * f[0]
        slope[5] += f[0]
    for i in range(3):
        for j in range(3):
            curve[3 + j, i] = curve[i, 3 + j]
    return curve, slope


@_summed
def _row_sums(found, inside, level, tones, sharp, weights, row):
    """Sums along a row, in which y stands still.

    tones, sharp: ``toned`` and ``limits`` of ``normal_equations`` as float32, the first two limits
        as one over their square.

    Returns:
        a, b, c: of the weighted squares of the slopes, xx, xy and yy, each times 1, x and x x.
        e, f: of the weighted errors times the slopes across and down, each times 1 and x.
    """
    wanted, across, down = level[0], level[1], level[2]
    gain, bias = tones
    more, less, beyond = sharp
    count, one = found.shape[1], np.float32(1)
    step = np.float32(2 / count)
    a0 = a1 = a2 = b0 = b1 = b2 = c0 = c1 = c2 = np.float32(0)
    e0 = e1 = f0 = f1 = np.float32(0)
    for column in range(count):
        x = step * np.float32(column) + (one / count - one)
        error = gain * found[row, column] + bias - wanted[row, column]
        steep = more if error > 0 else less
        trust = one / (one + error * error * steep)
        weight = trust * trust * (beyond + (one - beyond) * inside[row, column])
        weights[row, column] = weight
        gx, gy = across[row, column], down[row, column]
        a, b, c = weight * gx * gx, weight * gx * gy, weight * gy * gy
        a0 += a
        a1 += a * x
        a2 += a * x * x
        b0 += b
        b1 += b * x
        b2 += b * x * x
        c0 += c
        c1 += c * x
        c2 += c * x * x
        wrong = weight * error
        e0 += wrong * gx
        e1 += wrong * gx * x
        f0 += wrong * gy
        f1 += wrong * gy * x
    return (a0, a1, a2), (b0, b1, b2), (c0, c1, c2), (e0, e1), (f0, f1)


@_summed
def _block(curve, top, left, sums, y):
    """Add a row's sums, (3,), to a 3 x 3 block: of (x, y, 1) times (x, y, 1)."""
    zero, first, second = sums
    curve[top, left] += second
    curve[top, left + 1] += y * first
    curve[top, left + 2] += first
    curve[top + 1, left] += y * first
    curve[top + 1, left + 1] += y * y * zero
    curve[top + 1, left + 2] += y * zero
    curve[top + 2, left] += first
    curve[top + 2, left + 1] += y * zero
    curve[top + 2, left + 2] += zero


@_summed
def descend(picture, level, warp, freedom, most, limits, found, inside, weights):
    """Steps of Gauss and Newton until the warp stands still, or there were enough; returns how many.

    picture: (P, P) float32, the print.
    level: as for ``normal_equations``.
    warp: (6,) float64, from the item's frame to the print's; written.
    freedom: (6, F) float64, the directions in which it may change.
    most: steps.
    limits, found, inside, weights: as for ``normal_equations``; what they hold at the end fits the warp.
    """
    taken = 0
    weights[:] = 1
    while taken < most:
        taken += 1
        sample(picture, warp, found, inside)
        toned = tone(found, level[0], weights)
        curve, slope = normal_equations(found, inside, level, toned, limits, weights)
        reduced = freedom.T @ curve @ freedom
        size = reduced.shape[0]
        ridge = RIDGE * np.trace(reduced) / size + 1e-9
        for i in range(size):
            reduced[i, i] += ridge
        change = freedom @ np.linalg.solve(reduced, freedom.T @ slope)
        moved = composed(warp, change)
        if not is_sane(moved):
            break
        far = np.abs(moved - warp).max()
        warp[:] = moved
        if far < STILL:
            break
    sample(picture, warp, found, inside)
    return taken


@_summed
def composed(warp, change):
    """A warp after the inverse of a small one, (6,) each; all NaN where that cannot be turned round."""
    a, b, c = 1 + change[0], change[1], change[2]
    d, e, f = change[3], 1 + change[4], change[5]
    area = a * e - b * d
    if not 0.3 < area < 3:
        return np.full(6, np.nan)
    a, b, d, e = e / area, -b / area, -d / area, a / area
    c, f = -(a * c + b * f), -(d * c + e * f)
    moved = np.empty(6)
    for row in (0, 3):
        moved[row] = warp[row] * a + warp[row + 1] * d
        moved[row + 1] = warp[row] * b + warp[row + 1] * e
        moved[row + 2] = warp[row] * c + warp[row + 1] * f + warp[row + 2]
    return moved


@_summed
def is_sane(warp):
    """Whether a warp, (6,), neither turns over, nor grows or flees without bound; NaN is not."""
    area = warp[0] * warp[4] - warp[1] * warp[3]
    return 0.1 < area < 6 and np.abs(warp).max() < 3
