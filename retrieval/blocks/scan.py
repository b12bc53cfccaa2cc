"""A whole block's scan, gone through in pieces: neither welded nor ever in memory as one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.blocks.large import open_large
from retrieval.errors import BadMesh
from retrieval.io.meshes import read_soup

MAX_FACES = 30_000_000
_PIECE = 250_000
# Larger numbers come from damage, and their squares overflow.
_FARTHEST = 1e15
# A binary file of this many bytes is read from the disk in pieces; smaller ones fit.
_LARGE = 1 << 26


@dataclass(frozen=True)
class Scan:
    """The triangles of a scan.

    name: what messages call it.
    count: how many triangles it has.
    raw: gives them in pieces, (K, 3, 3) floats, as often as it is called.
    """

    name: str
    count: int
    raw: Callable[[], Iterator[np.ndarray]]

    def pieces(self) -> Iterator[np.ndarray]:
        """The corners of triangles, (K, 3, 3) floats; those with numbers that are none are left out."""
        for corners in self.raw():
            good = (np.abs(corners) < _FARTHEST).all(axis=(1, 2))
            yield corners if good.all() else corners[good]


def open_scan(path: Path, *, name: str = "", max_faces: int = MAX_FACES) -> Scan:
    """The scan of a mesh file, in any format that `retrieval.io` reads.

    name: what messages call it; by default the file's.
    max_faces: triangles at most.

    Raises:
        BadMesh: the file cannot be read, or has no triangles (a point cloud).
    """
    name = name or path.name
    large = open_large(path, name=name) if path.stat().st_size >= _LARGE else None
    if large is not None and large.count <= max_faces:
        return Scan(name, large.count, lambda: large.pieces(_PIECE))
    try:
        _, soup = read_soup(path.read_bytes(), name=name, max_faces=max_faces)
    except BadMesh as error:
        raise _point_cloud(name) if error.code == "mesh_no_triangles" else error from error
    return scan_of(soup.vertices, soup.faces, name=name)


def scan_of(vertices: np.ndarray, faces: np.ndarray, *, name: str = "the mesh") -> Scan:
    """The scan of a mesh in memory.

    vertices: (V, 3) floats. faces: (F, 3) indices into them.

    Raises:
        BadMesh: mesh_bad_index.
    """
    if len(faces) and not 0 <= faces.min() <= faces.max() < len(vertices):
        raise BadMesh(
            f"{name}: a triangle names a vertex that the file does not have",
            hint="The file is damaged. Export it again.",
            code="mesh_bad_index",
        )

    def pieces() -> Iterator[np.ndarray]:
        for start in range(0, len(faces), _PIECE):
            yield vertices[faces[start : start + _PIECE]]

    return Scan(name, len(faces), pieces)


def _point_cloud(name: str) -> BadMesh:
    return BadMesh(
        f"{name}: the file holds points, and no triangles between them",
        hint="Let the scanner's own program mesh it (Poisson reconstruction, for one), and export that.",
        code="mesh_no_triangles",
    )
