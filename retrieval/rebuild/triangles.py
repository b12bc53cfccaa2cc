"""A height map as few triangles as a limit allows, without gaps: right-triangulated irregular networks.

Evans, Kirkpatrick and Townsend, "Right-triangulated irregular networks", Algorithmica 30 (2001). Squares are
halved along their diagonals again and again, where the surface between two corners is not yet near enough.
"""

import numba
import numpy as np

TILE = 128  # cells of the largest square


def network(height: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The triangles that picture a height map best, at most so many (but two of each tile are always there).

    height: (a * TILE + 1, b * TILE + 1) float32.
    most: triangles.

    Returns:
        (F, 3) int64 corners, numbers of the flattened height map, clockwise as rows go down; and (H, W) bool,
        which corners are used.
    """
    rows, columns = height.shape
    if (rows - 1) % TILE or (columns - 1) % TILE or min(rows, columns) <= 1:
        raise ValueError("the height map is no whole number of tiles")
    errors = _errors(height.astype(np.float32))
    limit = _limit(errors, most)
    triangles = _extract(errors, np.float32(limit), (rows - 1) // TILE, (columns - 1) // TILE)
    used = np.zeros(height.size, bool)
    used[triangles.ravel()] = True
    return triangles, used.reshape(height.shape)


def _errors(height: np.ndarray) -> np.ndarray:
    """(H, W) float32: how far the surface is from what is drawn if a corner, and all that hang on it, go."""
    errors = np.zeros_like(height)
    step = 2
    while step <= TILE:
        _edge_errors(height, errors, step)
        _centre_errors(height, errors, step)
        step *= 2
    return errors


def _edge_errors(height: np.ndarray, errors: np.ndarray, step: int) -> None:
    """Middles of the edges of squares; below them hang the middles of the four smaller squares around."""
    half, quarter = step // 2, step // 4
    for h, e in ((height, errors), (height.T, errors.T)):
        middle = (slice(0, None, step), slice(half, None, step))
        own = np.abs(h[middle] - (h[::step, :-1:step] + h[::step, step::step]) / 2)
        if quarter:
            for down in (-quarter, quarter):
                for across in (-quarter, quarter):
                    below = np.zeros_like(own)
                    if down < 0:
                        below[1:] = e[step + down :: step, half + across :: step][: len(own) - 1]
                    else:
                        below[:-1] = e[down::step, half + across :: step][: len(own) - 1]
                    np.maximum(own, below, out=own)
        e[middle] = own


def _centre_errors(height: np.ndarray, errors: np.ndarray, step: int) -> None:
    """Middles of squares, on their diagonals; below them hang the middles of their four edges."""
    half = step // 2
    low, high = height[:-1:step], height[step::step]
    falling = (low[:, :-1:step] + high[:, step::step]) / 2
    rising = (low[:, step::step] + high[:, :-1:step]) / 2
    i, j = np.indices(falling.shape)
    ends = np.where((i + j) % 2 == 0, falling, rising)
    own = np.abs(height[half::step, half::step] - ends)
    for edge in (
        errors[:-1:step, half::step],
        errors[step::step, half::step],
        errors[half::step, :-1:step],
        errors[half::step, step::step],
    ):
        np.maximum(own, edge, out=own)
    errors[half::step, half::step] = own


def _limit(errors: np.ndarray, most: int) -> float:
    """The error from which on corners are kept, so that at most so many triangles are drawn.

    Each corner inside halves two triangles, and one at the rim halves one.
    """
    tiles = 2 * ((errors.shape[0] - 1) // TILE) * ((errors.shape[1] - 1) // TILE)
    room = (most - tiles) // 2
    flat = errors.ravel()
    if room <= 0:
        return float("inf")
    if room >= len(flat):
        return 0.0
    # Equal errors stay together: all of them or none.
    return float(np.partition(flat, len(flat) - room - 1)[len(flat) - room - 1])


@numba.njit(cache=True)
def _extract(errors, limit, tiles_down, tiles_across):
    """(F, 3) int64 corners. errors: (H, W) float32; limit: corners above it are kept."""
    columns = errors.shape[1]
    found = np.empty((1024, 3), np.int64)
    count = 0
    stack = np.empty((128, 6), np.int64)
    for tile_row in range(tiles_down):
        for tile_column in range(tiles_across):
            top, left = tile_row * TILE, tile_column * TILE
            bottom, right = top + TILE, left + TILE
            for side in range(2):
                # Longest side from a to b, right angle at c; rows and columns of each.
                if (tile_row + tile_column) % 2 == 0:
                    a = (top, left) if side == 0 else (bottom, right)
                    b = (bottom, right) if side == 0 else (top, left)
                    c = (bottom, left) if side == 0 else (top, right)
                else:
                    a = (bottom, left) if side == 0 else (top, right)
                    b = (top, right) if side == 0 else (bottom, left)
                    c = (bottom, right) if side == 0 else (top, left)
                stack[0] = (a[0], a[1], b[0], b[1], c[0], c[1])
                height = 1
                while height > 0:
                    height -= 1
                    ar, ac, br, bc, cr, cc = stack[height]
                    mr, mc = (ar + br) // 2, (ac + bc) // 2
                    long = abs(ar - br) + abs(ac - bc) > 1
                    if long and (abs(ar - br) != 1 or abs(ac - bc) != 1) and errors[mr, mc] > limit:
                        stack[height] = (cr, cc, ar, ac, mr, mc)
                        stack[height + 1] = (br, bc, cr, cc, mr, mc)
                        height += 2
                        continue
                    if count == len(found):
                        larger = np.empty((2 * count, 3), np.int64)
                        larger[:count] = found
                        found = larger
                    found[count, 0] = ar * columns + ac
                    found[count, 1] = br * columns + bc
                    found[count, 2] = cr * columns + cc
                    count += 1
    return found[:count].copy()
