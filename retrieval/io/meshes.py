"""Mesh files in, checked triangles out."""

import re
from importlib import import_module

import numpy as np

from common.file_heads import HEAD, Head, shows_triangles
from common.file_types import (
    UNKNOWN,
    FileType,
    Kind,
    ending,
    endings_of,
    listed,
    read_types,
    sniff,
    unread_type,
)
from retrieval.errors import BadMesh
from retrieval.io.mesh_checks import check_count, checked
from retrieval.io.mesh_formats.soup import Soup
from retrieval.io.weld import weld
from retrieval.types import LoadedMesh

# A binary STL may begin with 80 zeros, but not with no triangles behind them.
_ZEROS = 256
# Some programs put their whole history before the first vertex of an OBJ.
_COMMENTS = re.compile(rb"(?:[ \t]*(?:#[^\r\n]*)?[\r\n]+)+")


def read_mesh(data: bytes, *, name: str, max_faces: int = 20_000_000) -> LoadedMesh:
    r"""Read and check one mesh file.

    Corners on the same spot become one vertex. Materials, textures and other files that the mesh names are
    never looked for.

    data: the file's bytes.
    name: what messages call it; its extension counts only when the content does not tell the format.
    max_faces: triangles at most.

    Raises:
        BadMesh: with one of the codes mesh_empty, mesh_unknown_format, other_archive, mesh_unreadable,
            mesh_truncated, mesh_decimal_comma, mesh_outside_file, mesh_compressed, mesh_extension,
            mesh_too_large, mesh_no_triangles, mesh_bad_index, mesh_not_finite, mesh_too_far,
            mesh_no_relief, mesh_no_extent.

    Example:
        >>> from retrieval.io.meshes import read_mesh
        >>> corners = "-1 -1 0  1 -1 0  1 1 0  -1 1 0  0 0 1"
        >>> sides = "3 0 1 4  3 1 2 4  3 2 3 4  3 3 0 4  3 2 1 0  3 3 2 0"
        >>> pyramid = "\n".join(["OFF", "5 6 0", *corners.split("  "), *sides.split("  ")])
        >>> found = read_mesh(pyramid.encode(), name="pyramid.off")
        >>> found.format, found.mesh.vertices.shape, found.mesh.faces.shape
        ('off', (5, 3), (6, 3))
    """
    found, soup = read_soup(data, name=name, max_faces=max_faces)
    notes = [*soup.notes, *_misnamed(found, name)]
    vertices, where = weld(soup.vertices)
    faces, kept = soup.faces, len(where)
    if soup.shares:
        notes += _merged(kept - len(vertices))
    inside = (faces >= 0) & (faces < kept)
    if not inside.all():
        raise BadMesh(
            f"{name}: a triangle names vertex {faces[~inside][0]:,}, but the file has {kept:,} vertices",
            hint="The file is damaged. Export it again.",
            code="mesh_bad_index",
        )
    return checked(vertices, where[faces], found.name, notes, name=name)


def read_soup(data: bytes, *, name: str, max_faces: int) -> tuple[FileType, Soup]:
    """The format of a mesh file, and its triangles as they stand there: neither welded nor checked.

    data, name, max_faces: as for `read_mesh`.

    Raises:
        BadMesh: as for `read_mesh`, without the codes of what only a look at the triangles can tell.
    """
    found = _type(data, name)
    soup = _read(found, data, name, max_faces)
    check_count(len(soup.faces), name=name, max_faces=max_faces)
    return found, soup


def _read(found: FileType, data: bytes, name: str, max_faces: int) -> Soup:
    reader = import_module(f"retrieval.io.mesh_formats.{found.module}")
    # A number too large for its type becomes infinite, and the checks say so.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return reader.read(data, name=name, max_faces=max_faces)


def _type(data: bytes, name: str) -> FileType:
    """The format by content; a name only decides about what could be a damaged file of its kind."""
    if not data.strip(b"\0 \t\r\n"):
        raise BadMesh(f"{name}: the file is empty", hint="Copy or export it again.", code="mesh_empty")
    if not data[:_ZEROS].strip(b"\0"):
        zeros = len(data) - len(data.lstrip(b"\0"))
        raise BadMesh(
            f"{name}: the file begins with {zeros:,} bytes of zeros: it was not copied whole",
            hint="Copy or export it again.",
            code="mesh_truncated",
        )
    head = data[:HEAD]
    found = sniff(head, size=len(data))
    if found is UNKNOWN and (comments := _COMMENTS.match(data)):
        found = sniff(data[comments.end() :][:HEAD])
    if found.can_be(Kind.MESH):
        return found
    if found is UNKNOWN and _may_be_stl(Head(head, len(data)), name):
        return next(one for one in read_types(Kind.MESH) if one.name == "stl")
    raise _unknown(name, found)


def _may_be_stl(head: Head, name: str) -> bool:
    """Of all formats, only STL has no mark of its own that a cut file would still bear."""
    is_text = re.fullmatch(rb"[\t\r\n\x20-\x7e]+", head.data[:4096]) is not None
    return not is_text and (ending(name) == "stl" or shows_triangles(head))


def _unknown(name: str, found: FileType) -> BadMesh:
    wanted = listed(Kind.MESH)
    if found is UNKNOWN:
        found = unread_type(name)
    what = f"the content is no mesh in a format that is read here ({wanted})"
    if found.remedy:
        remedy = found.remedy[0].upper() + found.remedy[1:] + "."
        return BadMesh(f"{name}: it is {found.phrase}, which is not read here", hint=remedy, code=found.code)
    if found.kind is Kind.ARCHIVE and not found.read:
        what = f"it is {found.phrase}, which is not unpacked here"
        return BadMesh(f"{name}: {what}", hint="Unpack it, and take the meshes in it.", code="other_archive")
    if found is not UNKNOWN:
        what = f"the content is {found.phrase}, and no mesh in a format that is read here ({wanted})"
    return BadMesh(f"{name}: {what}", hint=f"Export the mesh as {wanted}.", code="mesh_unknown_format")


def _misnamed(found: FileType, name: str) -> list[str]:
    claimed = ending(name)
    if claimed in endings_of(Kind.MESH) and claimed not in found.endings:
        return [f"The file is {found.label}, although its name ends in .{claimed}."]
    return []


def _merged(count: int) -> list[str]:
    if count == 1:
        return ["1 vertex on the same spot as another was merged."]
    return [f"{count:,} vertices on the same spot as another were merged."] if count else []
