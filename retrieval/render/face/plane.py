"""The reading plane: which way a carved character faces, and which way is up."""

from dataclasses import dataclass, replace

import numpy as np

from common.carving_doubts import TWO_SIDES
from retrieval.compiled import compiled
from retrieval.errors import BadMesh
from retrieval.io.mesh_checks import extents
from retrieval.render.face.moments import surface_moments
from retrieval.render.face.raised_face import fit_face
from retrieval.render.face.rim import without_rim
from retrieval.render.face.sides import axes, detail, without_walls
from retrieval.render.frames import plane_matrix, reading_rotation, tilt_degrees
from retrieval.render.zbuffer import height_field
from retrieval.types import Mesh

_COARSE = 96
_ROUNDS = 4
# Cosine of the turn, about a tenth of a degree, after which another round changes nothing.
_SETTLED = 1 - 1.5e-6
# Below this share of the width, what sticks out is the scanner's noise.
_LEAST_DEPTH = 2e-3
# How much of the surface has to look one way before its winding says where the front is.
_OPEN_SHEET = 0.2
# Strokes that stand out this much, on a scan whose edge is ground, are seen from the front.
_STANDS, _EDGED = 0.2, 0.3
# Log odds for a side, for each unit by which it is ahead of the other: by how strokes stand out, by the share
# of them that end in one plane, as grooves seen from behind do not, and by how much of the edge is ground;
# and for the side that the winding calls the front. Of 250 drawn carvings and 373 real ones, one is read
# from behind by the first three alone.
_BY_STANDING, _BY_PLANE, _BY_EDGE = 1.5, 14.0, 24.0
_BY_WINDING = 0.75
# A side that shows this share of the detail of the most carved one may be carved as well.
_ALSO_CARVED = 0.5
# A fit stays on the side that it began with while the cosine between their normals is more than this.
_APART = 0.7
# Where the surface is no thicker than this share of half its width, in most places, it is one sheet.
_THIN = 0.02
_ONE_SHEET = 0.6


@dataclass(frozen=True)
class ReadingPlane:
    """The plane that the raised face lies in.

    rotation: (3, 3) rows right, up, normal in mesh coordinates. centre: (3,) a point on the
    plane, in the middle of the mesh. half_side: half the side of the square around all of the
    mesh, in mesh units. depth: face to floor, in mesh units. standing, edged: see ``RaisedFace``.
    rimmed: whether a rim stands higher than the strokes.
    """

    rotation: np.ndarray
    centre: np.ndarray
    half_side: float
    depth: float
    tilt_degrees: float
    inlier_share: float
    standing: float
    edged: float
    rimmed: bool = False
    notes: tuple[str, ...] = ()

    def matrix(self) -> np.ndarray:
        """(4, 4) mesh to plane coordinates, the whole mesh within [-1, 1]^2, the face at z = 0."""
        return plane_matrix(self.rotation, self.centre, self.half_side)

    def turned(self, mesh: Mesh, degrees: float) -> "ReadingPlane":
        """The same plane, read with the mesh turned clockwise by so much."""
        cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        rotation = np.array([[cosine, sine, 0], [-sine, cosine, 0], [0, 0, 1]]) @ self.rotation
        middle, half_side = surroundings(mesh, rotation)
        normal = rotation[2]
        centre = middle + normal * (normal @ (self.centre - middle))
        note = f"Turned by {abs(degrees):.0f} degrees, so that the scan's edges stand upright."
        return replace(self, rotation=rotation, centre=centre, half_side=half_side, notes=(*self.notes, note))


def reading_plane(mesh: Mesh, *, name: str = "the mesh") -> ReadingPlane:
    """Find the carved side and the plane of its raised face: PCA, then RANSAC.

    name: what messages call the mesh. Raises BadMesh (mesh_no_relief) when neither side stands
    out from its ground.
    """
    moments = surface_moments(mesh)
    normal = np.linalg.eigh(moments.spread)[1][:, 0]
    facing = float(moments.facing @ normal)
    if abs(facing) > _OPEN_SHEET:
        plane = _side_of_sheet(mesh, normal * np.sign(facing))
    else:
        plane = _side_of_body(mesh)
    if plane.depth < _LEAST_DEPTH * plane.half_side:
        raise BadMesh(
            f"{name}: it is flat, no side of it stands out from its ground: its square and the relief on it "
            f"measure {extents((2 * plane.half_side, 2 * plane.half_side, plane.depth))}",
            hint="Check that the file holds the carved face of a block.",
            code="mesh_no_relief",
        )
    return plane


def _side_of_sheet(mesh: Mesh, normal: np.ndarray) -> ReadingPlane:
    """The side that is likelier carved; the winding, which calls ``normal`` the front, decides near ties."""
    front = _fitted(mesh, normal)
    if front.standing > _STANDS and front.edged > _EDGED:
        return front
    back = _fitted(mesh, -normal)
    if _carved_odds(front, back) + _BY_WINDING >= 0:
        return front
    note = "The winding of the triangles shows the back: the raised strokes decided which side is read."
    return replace(back, notes=(*back.notes, note))


def _carved_odds(one: ReadingPlane, other: ReadingPlane) -> float:
    """Log odds that the first of two sides of a sheet is the carved one."""
    return (
        _BY_STANDING * (one.standing - other.standing)
        + _BY_PLANE * (one.inlier_share - other.inlier_share)
        + _BY_EDGE * (one.edged - other.edged)
    )


def _side_of_body(mesh: Mesh) -> ReadingPlane:
    """The most carved side of a closed body; of a sheet of mixed winding the one whose strokes stand out."""
    starts = [way * axis for axis in axes(mesh) for way in (1, -1)]
    planes = [_fitted(mesh, start) for start in starts]
    fields = [_levelled(mesh, plane) for plane in planes]
    # A fit from a narrow side may settle on another one, which has a start of its own.
    own = [plane.rotation[2] @ start > _APART for plane, start in zip(planes, starts, strict=True)]
    details = np.where(own, [detail(field) for field in fields], 0.0)
    best = int(details.argmax())
    rivals = [int(side) for side in np.nonzero(details >= _ALSO_CARVED * details[best])[0] if side != best]
    if best ^ 1 in rivals and _is_one_sheet(mesh, planes[best]):
        one, other = planes[best], planes[best ^ 1]
        return one if _carved_odds(one, other) >= 0 else other
    if not rivals:
        return planes[best]
    chosen = max((planes[side] for side in (best, *rivals)), key=lambda side: side.standing)
    return replace(chosen, notes=(*chosen.notes, TWO_SIDES))


def _levelled(mesh: Mesh, plane: ReadingPlane) -> np.ndarray:
    return without_walls(height_field(mesh, plane.matrix(), _COARSE))


def _is_one_sheet(mesh: Mesh, plane: ReadingPlane) -> bool:
    """Whether what is seen from behind is the same surface: no body lies between."""
    behind = np.diag([-1.0, 1.0, -1.0, 1.0]) @ plane.matrix()
    thickness = height_field(mesh, plane.matrix(), _COARSE) + height_field(mesh, behind, _COARSE)[:, ::-1]
    seen = thickness[np.isfinite(thickness)]
    return bool((seen < _THIN).mean() > _ONE_SHEET)


def _fitted(mesh: Mesh, normal: np.ndarray) -> ReadingPlane:
    for _ in range(_ROUNDS):
        rotation = reading_rotation(normal)
        centre, half_side = surroundings(mesh, rotation)
        field = height_field(mesh, plane_matrix(rotation, centre, half_side), _COARSE)
        bare = without_walls(field)
        inside = without_rim(bare)
        fit = fit_face(inside)
        local = np.array([-fit.plane[0], -fit.plane[1], 1.0])
        turned = rotation.T @ (local / np.linalg.norm(local))
        settled, normal = turned @ normal > _SETTLED, turned
        if settled:
            break
    face = fit.measured()
    on_face = centre + rotation[2] * face.level * half_side
    rotation = reading_rotation(normal)
    middle, half_side = surroundings(mesh, rotation)
    return ReadingPlane(
        rotation=rotation,
        centre=middle + normal * (normal @ (on_face - middle)),
        half_side=half_side,
        depth=face.depth * half_side,
        tilt_degrees=tilt_degrees(normal),
        inlier_share=face.share,
        standing=face.standing,
        edged=face.edged,
        rimmed=inside is not bare,
    )


def surroundings(mesh: Mesh, rotation: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre of the mesh's bounding box in this frame, and half of its longer in-plane side."""
    low, high = _extents(mesh.vertices, rotation)
    return (low + high) / 2 @ rotation, float((high - low)[:2].max() / 2) * 1.0001


@compiled
def _extents(vertices, rotation):
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for i in range(vertices.shape[0]):
        for row in range(3):
            value = (
                vertices[i, 0] * rotation[row, 0]
                + vertices[i, 1] * rotation[row, 1]
                + vertices[i, 2] * rotation[row, 2]
            )
            low[row], high[row] = min(low[row], value), max(high[row], value)
    return low, high
