"""What a mesh must have before it is rendered, and what is repaired on the way."""

from collections.abc import Iterable

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.counted import left_out
from retrieval.types import LoadedMesh, Mesh

# A scan that lost a few vertices is worth keeping; one that lost more shows holes, not strokes.
_LOST_FACES_ALLOWED = 0.05
# A triangle is far away when it reaches out of the middle 98 % by more than their own width.
_ROOM = 1.0
_STRAYS_ALLOWED = 0.01
_SAMPLE = 10_000
_SMALL_SAMPLE = 1_000
# Larger numbers come from damage, and their squares overflow.
_FARTHEST = 1e30
_LEAST_EXTENT = 1e-30
# Fewer steps than this from one side of the mesh to the other show no strokes.
_LEAST_STEPS = 200
# A mesh shrunk to a point is told from one that was none by how far away it lies.
_FAR = 1e4
# Numbers of 32 bits have 24 binary digits, and many programs write six decimal ones.
_BINARY_DIGITS, _DECIMAL_DIGITS = 24, 6


def checked(vertices: np.ndarray, faces: np.ndarray, kind: str, notes: list[str], *, name: str) -> LoadedMesh:
    """The mesh without broken triangles, or BadMesh saying why nothing can be rendered.

    vertices: (V, 3) float64, without duplicates. faces: (F, 3) indices into them.
    Codes: mesh_not_finite, mesh_too_far, mesh_no_relief, mesh_no_extent.
    """
    notes = list(notes)
    faces = _without_lost(vertices, faces, notes, name)
    _check_digits(vertices, faces, name)
    faces = _without_degenerate(vertices, faces, notes, name)
    faces = _without_strays(vertices, faces, notes)
    mesh = _only_used(vertices, faces)
    _check_extent(mesh.vertices, name)
    return LoadedMesh(mesh, kind, tuple(notes))


def _only_used(vertices: np.ndarray, faces: np.ndarray) -> Mesh:
    """Stray points, broken ones among them, would widen every box drawn around the mesh."""
    used = np.zeros(len(vertices), bool)
    used[faces.ravel()] = True
    if not used.all():
        faces = (np.cumsum(used) - 1)[faces]
        vertices = vertices[used]
    return Mesh(np.ascontiguousarray(vertices, np.float64), np.ascontiguousarray(faces, np.int32))


def check_count(faces: int, *, name: str, max_faces: int) -> None:
    """Refuse none (mesh_no_triangles) and too many (mesh_too_large), before any work is done."""
    if faces == 0:
        raise BadMesh(
            f"{name}: the mesh has no triangles",
            hint="Export it again as binary STL, with its surface and not only its points.",
            code="mesh_no_triangles",
        )
    if faces > max_faces:
        raise BadMesh(
            f"{name}: the mesh has {faces:,} triangles, more than the {max_faces:,} allowed",
            hint="Reduce the mesh, or cut out the one character, before uploading it.",
            code="mesh_too_large",
        )


def _without_lost(vertices: np.ndarray, faces: np.ndarray, notes: list[str], name: str) -> np.ndarray:
    # Not `> _FARTHEST`: a NaN must fail here too.
    finite = (np.abs(vertices) < _FARTHEST).all(axis=1)
    if finite.all():
        return faces
    kept = finite[faces].all(axis=1)
    lost = len(faces) - int(kept.sum())
    if lost > _LOST_FACES_ALLOWED * len(faces):
        raise BadMesh(
            f"{name}: {lost:,} of {len(faces):,} triangles have corners that are not finite numbers, "
            f"first at triangle {int(np.argmin(kept)) + 1:,}",
            hint="Repair the mesh in the scanner's own program and export it again.",
            code="mesh_not_finite",
        )
    if lost:
        notes.append(left_out(lost, "triangle", "triangles", " with corners that are not finite numbers"))
    return faces[kept]


def _check_digits(vertices: np.ndarray, faces: np.ndarray, name: str) -> None:
    """Refuse a mesh so far from the origin that no digits are left for its shape (mesh_too_far)."""
    used = vertices[faces[:: max(1, len(faces) // _SMALL_SAMPLE)].ravel()]
    low, high = used.min(axis=0), used.max(axis=0)
    size = float((high - low).max())
    far = np.where(low * high > 0, np.minimum(np.abs(low), np.abs(high)), 0.0)
    for axis in np.flatnonzero(far * 10.0 ** (1 - _DECIMAL_DIGITS) * _LEAST_STEPS > size):
        for step in (
            2.0 ** (np.floor(np.log2(far[axis])) + 1 - _BINARY_DIGITS),
            10.0 ** (np.floor(np.log10(far[axis])) + 1 - _DECIMAL_DIGITS),
        ):
            steps = used[:, axis] / step
            is_coarse = step * _LEAST_STEPS > size and (size > 0 or far[axis] > _FAR)
            if is_coarse and (np.abs(steps - np.round(steps)) < 1e-3).all():
                raise _too_far(name, f"{'xyz'[axis]} = {used[0, axis]:,.0f}", step, high - low)


def _too_far(name: str, near: str, step: float, sides: np.ndarray) -> BadMesh:
    return BadMesh(
        f"{name}: it lies too far from the origin: near {near} its numbers have steps of {step:.3g}, "
        f"and the whole mesh measures {extents(sides)}",
        hint="Move the mesh to the origin in the scanner's own program, and export it again.",
        code="mesh_too_far",
    )


def _without_degenerate(vertices: np.ndarray, faces: np.ndarray, notes: list[str], name: str) -> np.ndarray:
    a, b, c = faces[:, 0], faces[:, 1], faces[:, 2]
    kept = (a != b) & (b != c) & (c != a)
    dropped = len(faces) - int(kept.sum())
    if dropped == 0 and len(faces) > 1:
        return faces
    if dropped:
        notes.append(left_out(dropped, "triangle", "triangles", " without area"))
    faces = faces[kept]
    if len(faces) < 2:
        raise BadMesh(
            f"{name}: the mesh has fewer than two usable triangles, so it shows no relief: {len(kept):,} in "
            f"the file, {dropped:,} of them without area",
            hint="Export the whole scanned surface of the character.",
            code="mesh_no_relief",
        )
    return faces


def _without_strays(vertices: np.ndarray, faces: np.ndarray, notes: list[str]) -> np.ndarray:
    """Scanners throw a few points far off; the box around them would make the character a dot."""
    used = vertices[faces[:: max(1, len(faces) // _SAMPLE)].ravel()]
    low, high = np.percentile(np.ascontiguousarray(used.T), [1.0, 99.0], axis=1)
    room = _ROOM * (high - low).max()
    if room <= 0:
        return faces
    near = ((vertices >= low - room) & (vertices <= high + room)).all(axis=1)
    if near.all():
        return faces
    kept = near[faces].all(axis=1)
    strays = len(faces) - int(kept.sum())
    if not 0 < strays <= _STRAYS_ALLOWED * len(faces):
        return faces
    notes.append(left_out(strays, "triangle", "triangles", " far away from all others"))
    return faces[kept]


def _check_extent(vertices: np.ndarray, name: str) -> None:
    sides = vertices.max(axis=0) - vertices.min(axis=0)
    size = float(sides.max())
    spread = np.zeros(3)
    if size >= _LEAST_EXTENT:
        spread = np.linalg.eigvalsh(np.cov((vertices - vertices.mean(axis=0)) / size, rowvar=False))
    # Squares of lengths: a line's second spread is what rounding left of nothing.
    if spread[1] <= 1e-12:
        where = "on one line" if size >= _LEAST_EXTENT else "in one point"
        raise BadMesh(
            f"{name}: the mesh has no extent: all its triangles lie {where}, it measures {extents(sides)}",
            hint="Check the units of the export, and export it again.",
            code="mesh_no_extent",
        )


def extents(sides: Iterable[float]) -> str:
    """How large a mesh is, for messages. sides: three, along its axes, in its own units."""
    return " x ".join(f"{side:.4g}" for side in sides)
