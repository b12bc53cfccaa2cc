"""Mesh files in, checked triangles out."""

from retrieval.io.mesh_checks import checked
from retrieval.io.stl import is_ascii_stl, read_ascii_stl, read_binary_stl
from retrieval.io.weld import weld
from retrieval.types import LoadedMesh


def read_mesh(data: bytes, *, name: str, max_faces: int = 20_000_000) -> LoadedMesh:
    """Read and check one mesh file."""
    read = read_ascii_stl if is_ascii_stl(data) else read_binary_stl
    corners, repairs = read(data, name=name)
    vertices, where = weld(corners.reshape(-1, 3))
    return checked(vertices, where.reshape(-1, 3), "stl", repairs, name=name, max_faces=max_faces)
