"""How wood falls off beside a stroke: learned from carvings, for strokes that only a print shows."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.rebuild.inks import edge_distance
from retrieval.render.ink import virtual_print
from retrieval.types import FACE

_REACH = (-0.3, 0.1)  # of a character's side: distances to a stroke's edge that are looked at
_BINS = 41
_FEWEST = 200  # pixels of a bin, below which its neighbours speak for it
_MOST_ITEMS = 64


@dataclass(frozen=True)
class Profile:
    """Relief by the distance to the nearest edge of a printed stroke.

    distances: (K,) float, rising, in shares of a character's side; above 0 in strokes.
    heights: (K,) float in [0, 1], rising: 0 = floor, 1 = a stroke's top.
    """

    distances: np.ndarray
    heights: np.ndarray

    def relief(self, distance: np.ndarray) -> np.ndarray:
        """(H, W) float32 in [0, 1]. distance: (H, W) float32, in shares of a character's side."""
        return np.interp(distance, self.distances, self.heights).astype(np.float32)


# For want of any carving, a guess: walls that fall within a tenth of a character, and tops nearly flat.
USUAL = Profile(np.array([-0.1, 0.0, 0.03]), np.array([0.0, 0.8, 1.0]))


def learn_profile(heights: Iterable[np.ndarray]) -> Profile:
    """The profile of some carvings, the median at each distance; `USUAL` where there are none.

    heights: (256, 256) float32 in [0, 1] each; at most 64 are looked at.
    """
    edges = np.linspace(*_REACH, _BINS + 1)
    found: list[list[np.ndarray]] = [[] for _ in range(_BINS)]
    for _, height in zip(range(_MOST_ITEMS), heights, strict=False):
        _collect(height, edges, found)
    counts = [sum(map(len, part)) for part in found]
    kept = [place for place, count in enumerate(counts) if count >= _FEWEST]
    if len(kept) < 3:
        return USUAL
    middles = (edges[1:] + edges[:-1])[kept] / 2
    levels = np.array([np.median(np.concatenate(found[place])) for place in kept])
    levels = np.maximum.accumulate(np.clip((levels - levels[0]) / max(levels[-1] - levels[0], 1e-6), 0, 1))
    return Profile(middles, levels)


def _collect(height: np.ndarray, edges: np.ndarray, found: list[list[np.ndarray]]) -> None:
    ink = 1 - virtual_print(height).astype(np.float32) / 255
    rows, columns = np.nonzero(ink > 0.5)
    if not len(rows):
        return
    side = max(int(rows.max() - rows.min()), int(columns.max() - columns.min()), 1)
    distance = edge_distance(ink, 1 / side)
    # Beyond the character there is no floor of its own any more.
    reach = cv2.dilate((ink > 0.5).astype(np.uint8), np.ones((round(0.5 * side) | 1,) * 2, np.uint8)) > 0
    bins = np.digitize(distance, edges) - 1
    for place in range(_BINS):
        found[place].append((height / FACE)[(bins == place) & reach][::7])
