"""GLB: a whole scene, its parts put where the scene has them."""

import io
import json
import struct
from typing import TYPE_CHECKING

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup

if TYPE_CHECKING:
    import trimesh

_HEAD = struct.Struct("<4sIIII")
# What a damaged file makes the reader raise.
_DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NameError,
    RecursionError,
    NotImplementedError,
)


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of a GLB scene in the scene's coordinates. Nothing outside the file is opened.

    Raises BadMesh (mesh_truncated, mesh_unreadable, mesh_outside_file, mesh_compressed,
    mesh_too_large).
    """
    # Takes over a second, which every process that reads meshes of other kinds is spared.
    import trimesh

    _check(_description(data, name), data, name)
    try:
        scene = trimesh.load_scene(
            io.BytesIO(data), file_type="glb", resolver=None, skip_materials=True, process=False
        )
        parts = _placed_parts(scene, name, max_faces)
    except _DAMAGE as error:
        raise _damaged(name) from error
    if not parts:
        return Soup(np.empty((0, 3)), np.empty((0, 3), np.int64))
    notes = (f"The {len(parts)} parts of the scene were joined.",) if len(parts) > 1 else ()
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in parts)])
    faces = [faces + start for (_, faces), start in zip(parts, starts, strict=False)]
    return Soup(np.concatenate([vertices for vertices, _ in parts]), np.concatenate(faces), notes)


def _description(data: bytes, name: str) -> dict:
    if len(data) < _HEAD.size:
        raise _cut_short(name, len(data), _HEAD.size)
    _, version, length, json_length, _ = _HEAD.unpack_from(data)
    if length > len(data) or _HEAD.size + json_length > len(data):
        raise _cut_short(name, len(data), max(length, _HEAD.size + json_length))
    try:
        description = json.loads(data[_HEAD.size : _HEAD.size + json_length])
    except (ValueError, RecursionError) as error:
        raise _damaged(name) from error
    if version != 2 or not isinstance(description, dict):
        raise _damaged(name)
    return description


def _check(description: dict, data: bytes, name: str) -> None:
    for buffer in description.get("buffers", []):
        if not str(buffer.get("uri", "data:")).startswith("data:"):
            raise BadMesh(
                f"{name}: the GLB keeps its geometry in another file, which is never fetched",
                hint="Export it again as one GLB file with everything inside.",
                code="mesh_outside_file",
            )
    for extension in description.get("extensionsRequired", []):
        if "compression" in str(extension):
            raise BadMesh(
                f"{name}: the GLB is compressed ({extension}), which is not read",
                hint="Export it again without mesh compression.",
                code="mesh_compressed",
            )
    # An accessor without data stands for zeros, any number of them.
    for accessor in description.get("accessors", []):
        count = accessor.get("count", 0)
        if not isinstance(count, int) or not 0 <= count <= len(data):
            raise _damaged(name)


def _placed_parts(scene: "trimesh.Scene", name: str, max_faces: int) -> list[tuple[np.ndarray, np.ndarray]]:
    import trimesh

    parts, total = [], 0
    for node in scene.graph.nodes_geometry:
        matrix, key = scene.graph[node]
        geometry = scene.geometry[key]
        if not isinstance(geometry, trimesh.Trimesh):
            continue
        total += len(geometry.faces)
        if total > max_faces:
            raise BadMesh(
                f"{name}: the scene has more than the {max_faces:,} triangles allowed",
                hint="Reduce the mesh, or cut out the one character, before uploading it.",
                code="mesh_too_large",
            )
        vertices = np.asarray(geometry.vertices, np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        # A mirrored part would otherwise show its back.
        turned = np.linalg.det(matrix[:3, :3]) < 0
        faces = np.asarray(geometry.faces, np.int64)
        parts.append((vertices, faces[:, ::-1] if turned else faces))
    return parts


def _cut_short(name: str, there: int, wanted: int) -> BadMesh:
    return BadMesh(
        f"{name}: the GLB header announces {wanted:,} bytes, but the file holds {there:,}",
        hint="The file was cut short. Copy or export it again.",
        code="mesh_truncated",
    )


def _damaged(name: str) -> BadMesh:
    return BadMesh(
        f"{name}: the GLB file is damaged, or is no glTF 2 scene",
        hint="Export it again, best as binary STL.",
        code="mesh_unreadable",
    )
