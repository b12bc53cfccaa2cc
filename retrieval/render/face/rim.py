"""A rim around a carving: it would take all the ink where it stands higher than the strokes."""

import cv2
import numpy as np

# A rim lies along the outline, within this share of the field's side from it; just inside, and on to the
# middle, lie floor and strokes.
_BAND, _INSIDE, _INNER = 0.035, 0.10, 0.14
# Narrow ones, such as a scan's curled edge, fill only the outermost part of it.
_NARROW = 0.012
# A box of strokes is looked for in steps of this share of the side; so much of the outline it follows, and in
# the middle there is so much less of it.
_STEP = 0.02
_STARTS = np.arange(0.0, 0.2, _STEP)
_BOX, _LESS = 0.75, 0.3
# So much of the outline it follows, and it ends so surely before the floor inside.
_FOLLOWS = 0.6
# One that stands along some sides alone, as the rest of a frame does, follows so much of each.
_ALONG_A_SIDE = 0.85
# Where hardly any of the edge is high, it is the ground around heavy strokes, and no groove, unless more than
# strokes fill is high just inside as well.
_HARDLY, _HIGH_INSIDE = 0.08, 0.8
# A rim that stands over the strokes by this share of their own height is no part of the print.
_OVER = 0.3
# It falls to the floor within this share of the side. Its walls go with it where they are higher than this
# share of the strokes' height.
_WALL = 0.06
_WALL_FROM = 0.4
# Strokes less high than this share of the side are the scanner's noise.
_LEAST_STROKES = 1e-3


def high_rim(field: np.ndarray) -> np.ndarray | None:
    """(S, S) bool, where a rim stands that is higher than the strokes; None where there is no such rim.

    field: (S, S) float32 heights over [-1, 1]^2, -inf where there is no surface.
    """
    seen = np.isfinite(field)
    inward = _inward(seen)
    inner, band = inward > _INNER, seen & (inward < _BAND)
    # A quick look first: what is no rim is lower than the strokes' mean, as a rule.
    if not _is_enough(inner, band) or field[band].mean() <= field[inner].mean():
        return None
    floor, face = np.percentile(field[inner], [5, 99])
    strokes = face - floor
    high = seen & (field > face + _OVER * strokes)
    if strokes < _LEAST_STROKES or not any(_is_rim(high, seen & (inward < by)) for by in (_BAND, _NARROW)):
        return None
    reach = max(3, int(_WALL * field.shape[0])) | 1
    near = cv2.dilate((high & ~inner).astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool)
    return near & seen & (field > floor + _WALL_FROM * strokes)


def _is_rim(high: np.ndarray, band: np.ndarray) -> bool:
    """Whether what is high follows the band along the outline, all around or along one side of it."""
    if not band.any() or high[band].mean() >= _FOLLOWS:
        return bool(band.any())
    rows, columns = np.nonzero(band)
    middle, half = rows.mean(), columns.mean()
    down, right = (rows - middle) / max(np.ptp(rows), 1), (columns - half) / max(np.ptp(columns), 1)
    at = high[rows, columns]
    sides = (
        (np.abs(here) >= np.abs(across)) & (here * way > 0)
        for here, across in ((down, right), (right, down))
        for way in (1, -1)
    )
    return any(at[side].mean() >= _ALONG_A_SIDE for side in sides if side.any())


def without_rim(field: np.ndarray) -> np.ndarray:
    """The field without a rim that is higher than the strokes."""
    rim = high_rim(field)
    return field if rim is None else np.where(rim, np.float32(-np.inf), field)


def without_ring(field: np.ndarray) -> np.ndarray:
    """The field without a rim or a groove that runs all along its outline, of whatever height.

    From the front a frame is a rim, from behind a groove; neither says on which side the strokes stand out.
    """
    seen = np.isfinite(field)
    inward = _inward(seen)
    inner, band = inward > _INNER, seen & (inward < _BAND)
    if not _is_enough(inner, band):
        return field
    inside = (inward > _INSIDE) & (inward <= _INNER)
    low, high = np.percentile(field[inner], [5, 95])
    up = field > (low + high) / 2
    rim = up[band].mean() > _FOLLOWS and up[inside].mean() < 1 - _FOLLOWS
    groove = up[band].mean() < 1 - _FOLLOWS and up[inside].mean() > (
        _HIGH_INSIDE if up[band].mean() < _HARDLY else _FOLLOWS
    )
    return np.where(inner, field, np.float32(-np.inf)) if rim or groove else field


def is_boxed(field: np.ndarray) -> bool:
    """Whether a band of strokes, or of grooves, runs all along the outline, with ground on both sides of it.

    Such a character is a box, cut tightly; that its middle is low says nothing of the side that is carved.
    """
    seen = np.isfinite(field)
    inward = _inward(seen)
    inner = inward > _INNER
    if not inner.any():
        return False
    low, high = np.percentile(field[seen], [5, 95])
    up = field > (low + high) / 2
    bands = (seen & (inward > start) & (inward <= start + _STEP) for start in _STARTS)
    shares = np.array([up[band].mean() for band in bands if band.any()])
    middle = float(up[inner].mean())
    return _is_band(shares, middle) or _is_band(1 - shares, 1 - middle)


def _is_band(shares: np.ndarray, middle: float) -> bool:
    """Whether what is up lies all along the outline, but not at it, and much less in the middle.

    shares: (N,) of what is up, by how far inside the outline. middle: the same of all farther in.
    """
    top = int(shares.argmax())
    return bool(
        shares[top] > _BOX and shares[:top].min(initial=1.0) < 1 - _FOLLOWS and middle < shares[top] - _LESS
    )


def _inward(seen: np.ndarray) -> np.ndarray:
    """(S, S) how far inside the outline each pixel lies, as a share of the side."""
    return cv2.distanceTransform(np.pad(seen, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1] / len(seen)


def _is_enough(inner: np.ndarray, band: np.ndarray) -> bool:
    return bool(inner.sum() > len(inner) and band.any())
