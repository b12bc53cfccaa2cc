"""3MF: a zip with the objects of a print, put where its build has them, in millimetres."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.archives.archive import Archive, Member, open_archive
from common.archives.errors import BadArchive, BadEntry
from common.archives.refusals import MB, Limits
from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup
from retrieval.io.mesh_parts.model_3mf import Model3mf, ModelReader, Object3mf, Placed

_LIMITS = Limits(entries=10_000, member_bytes=512 * MB, total_bytes=1024 * MB)
_START = re.compile(rb"<Relationship\b[^>]*>")
_TARGET, _TYPE = (
    re.compile(rb"\bTarget\s*=\s*[\"']([^\"']+)"),
    re.compile(rb"\bType\s*=\s*[\"'][^\"']*/3dmodel[\"']"),
)
_USUAL_START = "3D/3dmodel.model"
_CHUNK = 1 << 16
_MOST_RELATIONSHIPS = 1 << 20
_DEEPEST = 64
_MOST_PLACED = 10_000
_CODES = {"truncated_zip": "mesh_truncated", "zip_too_large": "mesh_too_large", "zip_bomb": "mesh_too_large"}

Part = tuple[np.ndarray, np.ndarray]


def read(data: bytes, *, name: str, max_faces: int) -> Soup:
    """Triangles of everything that a 3MF builds; supports are left out.

    Raises BadMesh (mesh_unreadable, mesh_truncated, mesh_extension, mesh_bad_index, mesh_too_large).
    """
    with tempfile.NamedTemporaryFile(suffix=".3mf") as file:
        file.write(data)
        file.flush()
        try:
            with open_archive(Path(file.name), name=name, limits=_LIMITS) as archive:
                parts = list(_Package(archive, name, max_faces).built())
        except (BadArchive, BadEntry) as error:
            code = _CODES.get(error.code, "mesh_unreadable")
            what = f"{name}: the zip inside the 3MF cannot be read: {error}"
            raise BadMesh(what, hint="Copy or export it again.", code=code) from error
    if not parts:
        return Soup(np.empty((0, 3)), np.empty((0, 3), np.int64))
    notes = (f"The {len(parts)} parts of the scene were joined.",) if len(parts) > 1 else ()
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in parts)])
    faces = [faces + start for (_, faces), start in zip(parts, starts, strict=False)]
    return Soup(np.concatenate([vertices for vertices, _ in parts]), np.concatenate(faces), notes)


@dataclass
class _Package:
    """An open package; its parts are read when an object of theirs is wanted, each once."""

    archive: Archive
    name: str
    max_faces: int

    def __post_init__(self) -> None:
        self._members = {member.name.lower(): member for member in self.archive.members}
        self._models: dict[str, Model3mf] = {}
        self._left = self.max_faces
        self._placed = 0

    def built(self) -> Iterator[Part]:
        """Vertices in millimetres and triangles of each object with triangles, as often as it is built."""
        in_place = np.vstack([np.eye(3), np.zeros(3)])
        for item in self._model(self._start()).build:
            yield from self._parts(item, in_place, 0)

    def _parts(self, placed: Placed, above: np.ndarray, depth: int) -> Iterator[Part]:
        self._placed += 1
        if depth > _DEEPEST or self._placed > _MOST_PLACED:
            raise self._refused("an object is built of itself, or of far too many")
        model = self._model(placed.part)
        found = model.objects.get(placed.number)
        if found is None:
            raise self._refused(f"{placed.part} has no object {placed.number[:20]!r} to build")
        if found.support:
            return
        matrix = np.vstack([placed.matrix[:3] @ above[:3], placed.matrix[3] @ above[:3] + above[3]])
        if found.faces:
            yield self._moved(found, matrix, model.scale)
        for component in found.components:
            yield from self._parts(component, matrix, depth + 1)

    def _moved(self, found: Object3mf, matrix: np.ndarray, scale: float) -> Part:
        vertices = np.frombuffer(found.vertices, np.float64).reshape(-1, 3)
        faces = np.frombuffer(found.faces, np.int64).reshape(-1, 3)
        self._left -= len(faces)
        if self._left < 0:
            raise BadMesh(
                f"{self.name}: the package builds more than the {self.max_faces:,} triangles allowed",
                hint="Reduce the mesh, or cut out the one character, before uploading it.",
                code="mesh_too_large",
            )
        turned = np.linalg.det(matrix[:3]) < 0
        return (vertices @ matrix[:3] + matrix[3]) * scale, faces[:, ::-1] if turned else faces

    def _start(self) -> str:
        """The part that the package begins with."""
        relationships = self._members.get("_rels/.rels")
        text = relationships.open().read(_MOST_RELATIONSHIPS) if relationships else b""
        for relationship in _START.findall(text):
            target = _TARGET.search(relationship)
            if target and _TYPE.search(relationship):
                return target.group(1).decode("utf-8", "replace").lstrip("/")
        return _USUAL_START

    def _model(self, part: str) -> Model3mf:
        if part not in self._models:
            member = self._members.get(part.lower())
            if member is None:
                raise self._refused(f"it has no part {part[:80]}")
            reader = ModelReader(part, name=self.name, max_faces=self.max_faces)
            self._models[part] = reader.read(_chunks(member))
        return self._models[part]

    def _refused(self, what: str) -> BadMesh:
        hint = "Export it again, best as binary STL."
        return BadMesh(f"{self.name}: the 3MF is damaged: {what}", hint=hint, code="mesh_unreadable")


def _chunks(member: Member) -> Iterator[bytes]:
    stream = member.open()
    while chunk := stream.read(_CHUNK):
        yield chunk
