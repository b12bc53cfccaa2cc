"""The values that pass between the rooms of the library."""

from dataclasses import dataclass

import numpy as np

# Where the raised face lies in a height map. The rest is headroom: wood that stands out of the
# plane because the block is warped keeps its shape.
FACE = 0.9


@dataclass(frozen=True)
class Mesh:
    """Triangles in the file's own units.

    vertices: (V, 3) float64. faces: (F, 3) int32, indices into ``vertices``.
    """

    vertices: np.ndarray
    faces: np.ndarray


@dataclass(frozen=True)
class LoadedMesh:
    """A mesh that passed the checks, and what had to be repaired to get there.

    repairs: one plain sentence each; empty for a clean file.
    """

    mesh: Mesh
    format: str
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relief:
    """One character's raised face, with tilt, units, place and up-axis taken out.

    height: (256, 256) float32 in [0, 1], 0 = floor, as seen from the front: a block
        carved mirrored stays mirrored here.
    to_plane: (4, 4) float64, mesh coordinates to plane coordinates: x right, y up,
        z to the reader, the pictured square being [-1, 1] x [-1, 1].
    tilt_degrees: angle in [0, 90] between the reading plane and the nearest coordinate plane.
    units_per_pixel: mesh units that one pixel of ``height`` covers.
    inlier_share: share in [0, 1] of the raised face that lies on the fitted plane.
    """

    height: np.ndarray
    to_plane: np.ndarray
    tilt_degrees: float
    units_per_pixel: float
    inlier_share: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hits:
    """Nearest neighbours, nearest first.

    ids: (Q, k) int64, -1 where there was none. distances: (Q, k) float32 cosine distances in
    [0, 2], inf where there was none.
    """

    ids: np.ndarray
    distances: np.ndarray


@dataclass(frozen=True)
class HeightVectors:
    """Embeddings of N height maps, read both ways.

    seen, mirrored: (N, D) float32 unit vectors of the height map as seen and flipped left-right.
    mirrored_probability: (N,) float32, probability that the map as seen is mirrored against print.
    """

    seen: np.ndarray
    mirrored: np.ndarray
    mirrored_probability: np.ndarray


@dataclass(frozen=True)
class TurnedVectors:
    """Embeddings of N height maps, read in each of their quarter turns.

    turns: of the maps after 0, 1, 2 and 3 quarter turns counterclockwise; zeros in turns that a map was not
        read in, which have no probability.
    upright_probability: (N, 4) float32, how likely it is that the maps stand upright after so many.
    """

    turns: tuple[HeightVectors, ...]
    upright_probability: np.ndarray
