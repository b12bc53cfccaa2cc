"""Slow twins of the compiled loops: whole arrays, in NumPy, one step at a time."""

import numpy as np

from retrieval.register.kernels import RIDGE, STILL


def frame(count):
    """x and y of a square's pixels, from -1 to 1: (S, S) each."""
    steps = (2 * np.arange(count) + 1) / count - 1
    return np.meshgrid(steps, steps)


def slow_sample(picture, warp, count):
    """See ``kernels.sample``: (S, S) values, and where there is picture."""
    x, y = frame(count)
    half, last = len(picture) / 2, len(picture) - 1
    across = (warp[0] * x + warp[1] * y + warp[2] + 1) * half - 0.5
    down = (warp[3] * x + warp[4] * y + warp[5] + 1) * half - 0.5
    inside = (across >= 0) & (across < last) & (down >= 0) & (down < last)
    found = np.zeros((count, count))
    for row, column in zip(*np.nonzero(inside), strict=True):
        left, top = int(across[row, column]), int(down[row, column])
        a, b = across[row, column] - left, down[row, column] - top
        corners = picture[top : top + 2, left : left + 2]
        found[row, column] = [1 - b, b] @ corners @ [1 - a, a]
    return found, inside.astype(float)


def slow_tone(found, wanted, weights):
    """See ``kernels.tone``: least squares."""
    root = np.sqrt(weights).ravel()
    columns = np.stack([found.ravel(), np.ones(found.size)], axis=1) * root[:, None]
    gain = np.clip(np.linalg.lstsq(columns, wanted.ravel() * root, rcond=None)[0][0], 0.3, 3)
    return gain, np.average(wanted - gain * found, weights=weights)


def slow_equations(found, inside, level, toned, limits):
    """See ``kernels.normal_equations``: curve, slope and weights."""
    wanted, across, down = level
    x, y = frame(len(found))
    error = toned[0] * found + toned[1] - wanted
    limit = np.where(error > 0, limits[0], limits[1])
    weights = (1 + (error / limit) ** 2) ** -2.0 * np.where(inside > 0, 1, limits[2])
    slopes = np.stack([across * x, across * y, across, down * x, down * y, down]).reshape(6, -1)
    return (slopes * weights.ravel()) @ slopes.T, slopes @ (weights * error).ravel(), weights


def slow_descend(picture, level, warp, freedom, most, limits):
    """See ``kernels.descend``: the warp and how many steps it took."""
    weights = np.ones_like(level[0])
    taken = 0
    while taken < most:
        taken += 1
        found, inside = slow_sample(picture, warp, len(level[0]))
        toned = slow_tone(found, level[0], weights)
        curve, slope, weights = slow_equations(found, inside, level, toned, limits)
        curve, slope = freedom.T @ curve @ freedom, freedom.T @ slope
        curve += np.eye(len(curve)) * (RIDGE * np.trace(curve) / len(curve) + 1e-9)
        change = freedom @ np.linalg.solve(curve, slope)
        small = np.vstack([np.eye(2, 3) + change.reshape(2, 3), [0, 0, 1]])
        moved = (np.vstack([warp.reshape(2, 3), [0, 0, 1]]) @ np.linalg.inv(small))[:2].ravel()
        far = np.abs(moved - warp).max()
        warp = moved
        if far < STILL:
            break
    return warp, taken
