"""The one light and the one wood that every shaded picture shares."""

import numpy as np

# From the upper left, as a reader's lamp stands, and low enough that walls cast their side dark.
TO_LIGHT = np.array([-0.55, 0.60, 0.58]) / np.linalg.norm([-0.55, 0.60, 0.58])
_AMBIENT, _DIFFUSE = 0.38, 0.80
BACKGROUND = (244, 243, 240)
_FLOOR = np.array([0.40, 0.27, 0.17])
_FACE = np.array([0.98, 0.88, 0.72])
# Relief as deep as this share of the square's half side shows its walls well. Flatter carving is
# exaggerated up to that, within reason: noise grows with it.
_GOOD_DEPTH, _MOST_EXAGGERATION = 0.16, 4.0


def wood(level: np.ndarray) -> np.ndarray:
    """(..., 3) float32 colours in [0, 1] of wood at ``level`` (...), 0 = floor, 1 = raised face.

    Height is shown by colour too: raking light alone draws outlines, and leaves it open which
    side of one is the stroke.
    """
    share = np.clip(level, 0.0, 1.0)
    share = (share * share * (3 - 2 * share))[..., None]
    return (_FLOOR + share * (_FACE - _FLOOR)).astype(np.float32)


def lit_wood(level: np.ndarray, towards_light: np.ndarray) -> np.ndarray:
    """(..., 3) float32 colours in [0, 1] of lit wood.

    level: as for ``wood``. towards_light: (...) cosine between the surface's normal and the light.
    """
    shade = _AMBIENT + _DIFFUSE * np.clip(towards_light, 0.0, None)
    return np.clip(wood(level) * shade[..., None], 0.0, 1.0).astype(np.float32)


def exaggeration(depth: float) -> float:
    """By how much heights are stretched before shading. depth: face to floor, in plane units."""
    return float(np.clip(_GOOD_DEPTH / max(depth, 1e-9), 0.25, _MOST_EXAGGERATION))
