"""GLB: a whole scene, its parts put where the scene has them."""

import json
import struct
from collections.abc import Iterator

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup
from retrieval.io.mesh_parts.fields import Fields
from retrieval.io.mesh_parts.gltf_data import GltfData, compressed
from retrieval.io.mesh_parts.polygons import strip_triangles, whole_indices
from retrieval.io.mesh_parts.text import AGAIN, COPY_AGAIN

_HEAD = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")
_TRIANGLES, _STRIP, _FAN = 4, 5, 6
# What says nothing of where the triangles are, or is read.
_HARMLESS = (
    "KHR_materials_", "KHR_texture_", "EXT_texture_", "MSFT_texture_", "KHR_lights_", "EXT_lights_",
    "KHR_xmp", "KHR_mesh_quantization", "KHR_animation_pointer", "MSFT_lod",
)  # fmt: skip
_DEEPEST = 1_000
# Of one file: parts may share their points, and must not be read without end for it.
_NUMBERS_A_FACE = 40

Part = tuple[np.ndarray, np.ndarray]


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of a GLB scene in the scene's coordinates. Nothing outside the file is opened.

    Raises BadMesh (mesh_truncated, mesh_unreadable, mesh_outside_file, mesh_compressed, mesh_extension,
    mesh_bad_index, mesh_too_large).
    """
    document, binary = _document(data, name)
    _check_extensions(document, name)
    store = GltfData(document, binary, name, most=_NUMBERS_A_FACE * max_faces)
    parts: list[Part] = []
    total = 0
    for mesh, matrix in _placed_meshes(document):
        for vertices, faces in _mesh_parts(mesh, store):
            total += len(faces)
            if total > max_faces:
                raise _too_large(name, max_faces)
            parts.append(_moved(vertices, faces, matrix))
    if not parts:
        return Soup(np.empty((0, 3)), np.empty((0, 3), np.int64))
    notes = (f"The {len(parts)} parts of the scene were joined.",) if len(parts) > 1 else ()
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in parts)])
    joined = np.concatenate([faces + start for (_, faces), start in zip(parts, starts, strict=False)])
    return Soup(np.concatenate([vertices for vertices, _ in parts]), joined, notes)


def _document(data: bytes, name: str) -> tuple[Fields, bytes | None]:
    """The JSON, and the bytes that it is about."""
    if len(data) < _HEAD.size + _CHUNK.size:
        raise _cut_short(name, len(data), _HEAD.size + _CHUNK.size)
    _, version, length = _HEAD.unpack_from(data)
    if version != 2:
        hint = "Export it again as glTF 2.0 (GLB)."
        raise BadMesh(f"{name}: GLB of version {version} is not read", hint=hint, code="mesh_unreadable")
    if length > len(data):
        raise _cut_short(name, len(data), length)
    chunks: dict[bytes, bytes] = {}
    place = _HEAD.size
    while place + _CHUNK.size <= len(data):
        size, kind = _CHUNK.unpack_from(data, place)
        place += _CHUNK.size
        if kind not in (b"JSON", b"BIN\0") and b"JSON" in chunks:
            break
        if place + size > len(data):
            raise _cut_short(name, len(data), place + size)
        chunks.setdefault(kind, data[place : place + size])
        place += size
    return _fields(chunks.get(b"JSON", b""), name), chunks.get(b"BIN\0")


def _fields(text: bytes, name: str) -> Fields:
    def refused(what: str) -> BadMesh:
        return BadMesh(f"{name}: the GLB is damaged: {what}", hint=AGAIN, code="mesh_unreadable")

    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        at = _HEAD.size + _CHUNK.size + len(error.doc[: error.pos].encode())
        raise refused(f"its JSON cannot be read at byte {at:,}") from error
    except (ValueError, RecursionError) as error:
        raise refused("its JSON cannot be read") from error
    if not isinstance(values, dict):
        raise refused("its JSON is no object")
    return Fields(values, "", refused)


def _check_extensions(document: Fields, name: str) -> None:
    for extension in document.list_of("extensionsRequired", str):
        if "compression" in extension:
            raise compressed(name, extension)
        if not extension.startswith(_HARMLESS):
            raise BadMesh(
                f"{name}: the GLB needs the extension {extension}, which is not read",
                hint=f"Export it again without {extension}, best as binary STL.",
                code="mesh_extension",
            )


def _placed_meshes(document: Fields) -> Iterator[tuple[Fields, np.ndarray]]:
    """Each mesh of the scene with the matrix (4, 4) that puts it there."""
    nodes, meshes = document.items("nodes"), document.items("meshes")
    seen: set[int] = set()
    waiting = [(node, np.eye(4), 0) for node in reversed(_roots(document, nodes))]
    while waiting:
        number, above, depth = waiting.pop()
        if not 0 <= number < len(nodes):
            raise document.refused(f"its scene names node {number}, but there are {len(nodes)}")
        if number in seen or depth > _DEEPEST:
            raise document.refused(f"nodes[{number}] stands in its scene twice")
        seen.add(number)
        node = nodes[number]
        matrix = above @ _matrix(node)
        if node.has("mesh"):
            yield node.chosen("mesh", meshes, "meshes"), matrix
        waiting += [(child, matrix, depth + 1) for child in reversed(node.list_of("children", int))]


def _roots(document: Fields, nodes: list[Fields]) -> list[int]:
    """The nodes of the scene to be shown; without scenes, those that are below no other."""
    scenes = document.items("scenes")
    if scenes:
        return scenes[document.whole("scene", 0, most=len(scenes) - 1)].list_of("nodes", int)
    below = {child for node in nodes for child in node.list_of("children", int)}
    return [number for number in range(len(nodes)) if number not in below]


def _matrix(node: Fields) -> np.ndarray:
    """(4, 4) of a node in its parent's coordinates."""
    columns = node.numbers("matrix", 16)
    if columns is not None:
        return columns.reshape(4, 4).T
    matrix = np.eye(4)
    rotation, scale = node.numbers("rotation", 4), node.numbers("scale", 3)
    translation = node.numbers("translation", 3)
    if rotation is not None and np.linalg.norm(rotation) > 0:
        x, y, z, w = rotation / np.linalg.norm(rotation)
        matrix[:3, :3] = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    if scale is not None:
        matrix[:3, :3] *= scale
    if translation is not None:
        matrix[:3, 3] = translation
    return matrix


def _mesh_parts(mesh: Fields, store: GltfData) -> Iterator[Part]:
    """Vertices and triangles of each primitive; points and lines are none."""
    for primitive in mesh.items("primitives"):
        attributes = primitive.inner("attributes")
        mode = primitive.whole("mode", _TRIANGLES, most=_FAN)
        if mode < _TRIANGLES or not attributes.has("POSITION"):
            continue
        vertices = store.array(attributes, "POSITION", "VEC3")
        corners = np.arange(len(vertices))
        if primitive.has("indices"):
            corners = _corners(primitive, store, len(vertices))
        yield _used(vertices, _triangles(corners, mode))


def _triangles(corners: np.ndarray, mode: int) -> np.ndarray:
    if mode == _STRIP:
        return strip_triangles(corners)
    if mode == _FAN:
        first = np.broadcast_to(corners[:1], max(0, len(corners) - 2))
        return np.stack([corners[1:-1], corners[2:], first], 1) if len(first) else corners[:0].reshape(0, 3)
    return corners[: len(corners) // 3 * 3].reshape(-1, 3)


def _moved(vertices: np.ndarray, faces: np.ndarray, matrix: np.ndarray) -> Part:
    # A mirrored part would otherwise show its back.
    turned = np.linalg.det(matrix[:3, :3]) < 0
    return vertices @ matrix[:3, :3].T + matrix[:3, 3], faces[:, ::-1] if turned else faces


def _corners(primitive: Fields, store: GltfData, vertices: int) -> np.ndarray:
    def refused(_: tuple[int, ...], what: str) -> BadMesh:
        error = primitive.refused(f"{primitive.path}: {what}")
        return BadMesh(str(error), hint=error.hint, code="mesh_bad_index")

    return whole_indices(store.array(primitive, "indices", "SCALAR"), vertices, refused)


def _used(vertices: np.ndarray, faces: np.ndarray) -> Part:
    """The part without most of its vertices, where these are shared by many parts."""
    if len(vertices) <= 3 * len(faces):
        return vertices, faces
    kept, where = np.unique(faces, return_inverse=True)
    return vertices[kept], where.reshape(-1, 3)


def _too_large(name: str, max_faces: int) -> BadMesh:
    return BadMesh(
        f"{name}: the scene has more than the {max_faces:,} triangles allowed",
        hint="Reduce the mesh, or cut out the one character, before uploading it.",
        code="mesh_too_large",
    )


def _cut_short(name: str, there: int, wanted: int) -> BadMesh:
    return BadMesh(
        f"{name}: the GLB header announces {wanted:,} bytes, but the file holds {there:,}",
        hint=COPY_AGAIN,
        code="mesh_truncated",
    )
