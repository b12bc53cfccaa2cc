"""Mesh files in, checked triangles out."""

import codecs
import re
from pathlib import PurePath

import numpy as np

from retrieval.errors import BadMesh
from retrieval.io.glb import looks_like_glb, read_glb
from retrieval.io.mesh_checks import check_count, checked
from retrieval.io.obj import looks_like_obj, read_obj
from retrieval.io.off import looks_like_off, read_off
from retrieval.io.ply import looks_like_ply, read_ply
from retrieval.io.soup import Soup
from retrieval.io.stl import looks_like_ascii_stl, looks_like_binary_stl, read_ascii_stl, read_binary_stl
from retrieval.io.weld import weld
from retrieval.types import LoadedMesh

EXTENSIONS = frozenset({".stl", ".obj", ".ply", ".off", ".glb"})
# Pictures, documents and archives that were given a mesh's name.
_OTHER_MARKS = (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc")
_KNOWN = "STL, OBJ, PLY, OFF or GLB"


def read_mesh(data: bytes, *, name: str, max_faces: int = 20_000_000) -> LoadedMesh:
    """Read and check one mesh file.

    data: the file's bytes. name: what messages call it; its extension is asked only when the
    content does not tell the format. Corners on the same spot become one vertex. Materials,
    textures and other files that the mesh names are never looked for.

    Raises BadMesh with one of the codes mesh_empty, mesh_unknown_format, mesh_unreadable,
    mesh_truncated, mesh_outside_file, mesh_compressed, mesh_too_large, mesh_no_triangles,
    mesh_bad_index, mesh_not_finite, mesh_no_relief, mesh_no_extent.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    kind = _format(data, name)
    soup = _read(kind, data, name, max_faces)
    check_count(len(soup.faces), name=name, max_faces=max_faces)
    notes = [*soup.notes, *_misnamed(kind, name)]
    vertices, where = weld(soup.vertices)
    faces, kept = soup.faces, len(where)
    if not kind.startswith("stl"):
        notes += _merged(kept - len(vertices))
    inside = (faces >= 0) & (faces < kept)
    if not inside.all():
        raise BadMesh(
            f"{name}: a triangle names vertex {faces[~inside][0]:,}, but the file has {kept:,} vertices",
            hint="The file is damaged. Export it again.",
            code="mesh_bad_index",
        )
    return checked(vertices, where[faces], kind.split()[0], notes, name=name)


def _read(kind: str, data: bytes, name: str, max_faces: int) -> Soup:
    if kind == "glb":
        return read_glb(data, name=name, max_faces=max_faces)
    readers = {
        "stl": read_binary_stl,
        "stl ascii": read_ascii_stl,
        "obj": read_obj,
        "ply": read_ply,
        "off": read_off,
    }
    # A number too large for its type becomes infinite, and the checks say so.
    with np.errstate(over="ignore", invalid="ignore"):
        return readers[kind](data, name=name)


def _format(data: bytes, name: str) -> str:
    """The format by content; a name only decides about what could be a damaged file of its kind."""
    if not data.strip(b"\0 \t\r\n"):
        raise BadMesh(f"{name}: the file is empty", hint="Copy or export it again.", code="mesh_empty")
    if data.startswith(_OTHER_MARKS):
        raise _unknown(name)
    for kind, looks in (
        ("glb", looks_like_glb),
        ("ply", looks_like_ply),
        ("off", looks_like_off),
        ("stl ascii", looks_like_ascii_stl),
        ("stl", looks_like_binary_stl),
        ("obj", looks_like_obj),
    ):
        if looks(data):
            return kind
    # Of the five, only STL has no mark of its own that a cut file would still bear.
    is_text = re.fullmatch(rb"[\t\r\n\x20-\x7e]+", data[:4096]) is not None
    if PurePath(name).suffix.lower() == ".stl" and not is_text:
        return "stl"
    raise _unknown(name)


def _unknown(name: str) -> BadMesh:
    return BadMesh(
        f"{name}: the content is no mesh in a format that is read here ({_KNOWN})",
        hint=f"Export the mesh as {_KNOWN}.",
        code="mesh_unknown_format",
    )


def _misnamed(kind: str, name: str) -> list[str]:
    suffix, extension = PurePath(name).suffix.lower(), f".{kind.split()[0]}"
    if suffix in EXTENSIONS and suffix != extension:
        return [f"The file is {extension[1:].upper()}, although its name ends in {suffix}."]
    return []


def _merged(count: int) -> list[str]:
    return [f"{count:,} vertices on the same spot as another were merged."] if count else []
