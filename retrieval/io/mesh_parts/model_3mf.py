"""One part of a 3MF package: an XML document of objects, and of what is built of them.

The format is described at https://github.com/3MFConsortium/spec_core.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

import numpy as np

from retrieval.errors import BadMesh

Attributes = dict[str, str]
_MILLIMETRES = {
    "micron": 0.001, "millimeter": 1.0, "centimeter": 10.0, "meter": 1000.0,
    "inch": 25.4, "foot": 304.8,
}  # fmt: skip
_MOST_OBJECTS = 100_000
# Extensions, by a word of their address, that say nothing of where triangles are, or are read.
_HARMLESS = ("/core/", "/material/", "/production/", "/trianglesets/")


@dataclass(frozen=True)
class Placed:
    """An object put somewhere. matrix: (4, 3), for rows of points with a 1 behind. part: its file."""

    number: str
    matrix: np.ndarray
    part: str


@dataclass
class Object3mf:
    """Triangles of its own, or other objects. support: whether it only holds the others up while printing."""

    support: bool
    vertices: array = field(default_factory=lambda: array("d"))
    faces: array = field(default_factory=lambda: array("q"))
    components: list[Placed] = field(default_factory=list)


@dataclass
class Model3mf:
    """A part that was read. scale: millimetres of its unit."""

    scale: float = 1.0
    objects: dict[str, Object3mf] = field(default_factory=dict)
    build: list[Placed] = field(default_factory=list)


class ModelReader:
    """Reads one part as it is unpacked; no document type, and so no entity, is let in."""

    def __init__(self, part: str, *, name: str, max_faces: int) -> None:
        self.model = Model3mf()
        self._part, self._name, self._most = part, name, max_faces
        self._object: Object3mf | None = None
        self._left = _MOST_OBJECTS
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._starts: dict[str, Callable[[Attributes], None]] = {
            "model": self._model, "object": self._begin_object, "vertex": self._vertex,
            "triangle": self._triangle, "component": self._component, "item": self._item,
        }  # fmt: skip

    def read(self, chunks: Iterator[bytes]) -> Model3mf:
        """The model of the part's bytes.

        Raises:
            BadMesh: mesh_unreadable with the line, mesh_extension, mesh_too_large.
        """
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._refused(f"its XML is damaged ({expat.ErrorString(error.code)})") from error
        except (LookupError, ValueError) as error:
            raise self._refused("its XML has an encoding that is not read") from error
        return self.model

    def _refused(self, what: str, hint: str = "", code: str = "mesh_unreadable") -> BadMesh:
        where = f"{self._part}, line {self._parser.CurrentLineNumber:,}"
        hint = hint or "Export it again, best as binary STL."
        return BadMesh(f"{self._name}: {where}: {what}", hint=hint, code=code)

    def _doctype(self, *_: object) -> None:
        raise self._refused("it declares a document type, which 3MF forbids")

    def _start(self, tag: str, attributes: Attributes) -> None:
        act = self._starts.get(tag.rpartition(":")[2])
        if act:
            act(attributes)

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "object":
            self._object = None

    def _model(self, attributes: Attributes) -> None:
        unit = attributes.get("unit", "millimeter")
        if unit not in _MILLIMETRES:
            raise self._refused(f"{unit[:20]!r} is no unit of 3MF")
        self.model.scale = _MILLIMETRES[unit]
        for prefix in attributes.get("requiredextensions", "").split():
            address = attributes.get(f"xmlns:{prefix}", prefix)
            if not any(word in address for word in _HARMLESS):
                hint = "Export it again without extensions, best as binary STL."
                raise self._refused(
                    f"it needs the extension {address}, which is not read", hint, "mesh_extension"
                )

    def _begin_object(self, attributes: Attributes) -> None:
        self._count()
        self._object = Object3mf(attributes.get("type", "model") in ("support", "solidsupport"))
        self.model.objects[attributes.get("id", "")] = self._object

    def _vertex(self, attributes: Attributes) -> None:
        if self._object is None:
            return
        try:
            self._object.vertices.extend(
                [float(attributes["x"]), float(attributes["y"]), float(attributes["z"])]
            )
        except (KeyError, ValueError) as error:
            raise self._refused("a vertex is not three numbers") from error
        if len(self._object.vertices) > 9 * self._most:
            raise self._too_large()

    def _triangle(self, attributes: Attributes) -> None:
        if self._object is None:
            return
        try:
            corners = [int(attributes["v1"]), int(attributes["v2"]), int(attributes["v3"])]
        except (KeyError, ValueError) as error:
            raise self._refused("a triangle is not three numbers of vertices") from error
        there = len(self._object.vertices) // 3
        if not 0 <= min(corners) <= max(corners) < there:
            worst = max(corners) if max(corners) >= there else min(corners)
            what = f"a triangle names vertex {worst:,}, but its object has {there:,} vertices"
            raise self._refused(what, code="mesh_bad_index")
        self._object.faces.extend(corners)
        if len(self._object.faces) > 3 * self._most:
            raise self._too_large()

    def _component(self, attributes: Attributes) -> None:
        if self._object is not None:
            self._object.components.append(self._placed(attributes))

    def _item(self, attributes: Attributes) -> None:
        self.model.build.append(self._placed(attributes))

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._refused(f"more than {_MOST_OBJECTS:,} objects", code="mesh_too_large")

    def _placed(self, attributes: Attributes) -> Placed:
        self._count()
        words = attributes.get("transform", "1 0 0 0 1 0 0 0 1 0 0 0").split()
        try:
            matrix = np.array([float(word) for word in words]).reshape(4, 3)
        except ValueError as error:
            raise self._refused("a transform is not twelve numbers") from error
        path = next((value for key, value in attributes.items() if key.endswith(":path")), self._part)
        return Placed(attributes.get("objectid", ""), matrix, path.lstrip("/"))

    def _too_large(self) -> BadMesh:
        hint = "Reduce the mesh, or cut out the one character, before uploading it."
        return self._refused(f"more than the {self._most:,} triangles allowed", hint, "mesh_too_large")
