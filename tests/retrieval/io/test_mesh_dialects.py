"""Every dialect of every format: what is read gives the same triangles, what is not says where and why."""

from collections import Counter
from importlib import import_module

import numpy as np
import pytest

from common.file_types import Kind, read_types
from retrieval.errors import BadMesh
from retrieval.io.meshes import read_mesh
from tests.retrieval.io.dialects import FACES, VERTICES
from tests.retrieval.io.test_meshes import corners

KINDS = {
    one.name: import_module(f"tests.retrieval.io.dialects.{one.module}") for one in read_types(Kind.MESH)
}
READ = [(kind, name) for kind, module in KINDS.items() for name in module.READ]
REFUSED = [(kind, name) for kind, module in KINDS.items() for name in module.REFUSED]
EXPECTED = corners(type("M", (), {"vertices": VERTICES, "faces": FACES}))


@pytest.mark.parametrize(("kind", "dialect"), READ)
def test_each_dialect_gives_the_same_triangles(kind, dialect):
    file = KINDS[kind].READ[dialect]
    data, notes = file if isinstance(file, tuple) else (file, ())
    loaded = read_mesh(data, name=f"block.{kind}")
    assert loaded.format == kind
    assert loaded.repairs == notes
    np.testing.assert_allclose(corners(loaded.mesh), EXPECTED, atol=2e-3)


@pytest.mark.parametrize(("kind", "dialect"), REFUSED)
def test_each_refusal_says_where_and_why_and_what_to_do(kind, dialect):
    data, code, words = KINDS[kind].REFUSED[dialect]
    with pytest.raises(BadMesh) as caught:
        read_mesh(data, name=f"block.{kind}")
    assert (caught.value.code, words in str(caught.value)) == (code, True), str(caught.value)
    assert str(caught.value).startswith(f"block.{kind}: ")
    assert caught.value.hint.endswith(".")


COUNTS = {
    "3mf": {
        "read": 14,
        "read with a note": 1,
        "mesh_bad_index": 1,
        "mesh_extension": 1,
        "mesh_no_triangles": 1,
        "mesh_truncated": 1,
        "mesh_unreadable": 11,
    },
    "glb": {
        "read": 14,
        "read with a note": 2,
        "mesh_bad_index": 1,
        "mesh_compressed": 3,
        "mesh_extension": 2,
        "mesh_no_triangles": 1,
        "mesh_outside_file": 1,
        "mesh_truncated": 2,
        "mesh_unreadable": 16,
    },
    "obj": {
        "read": 28,
        "read with a note": 1,
        "mesh_bad_index": 3,
        "mesh_decimal_comma": 1,
        "mesh_no_triangles": 1,
        "mesh_unreadable": 4,
    },
    "off": {
        "read": 28,
        "read with a note": 1,
        "mesh_bad_index": 2,
        "mesh_decimal_comma": 1,
        "mesh_no_triangles": 1,
        "mesh_truncated": 2,
        "mesh_unreadable": 7,
    },
    "ply": {
        "read": 30,
        "read with a note": 4,
        "mesh_bad_index": 4,
        "mesh_decimal_comma": 1,
        "mesh_no_triangles": 2,
        "mesh_truncated": 6,
        "mesh_unreadable": 13,
    },
    "stl": {
        "read": 13,
        "read with a note": 2,
        "mesh_decimal_comma": 1,
        "mesh_no_triangles": 1,
        "mesh_too_far": 2,
        "mesh_truncated": 3,
        "mesh_unreadable": 4,
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_dialects_are_read_and_refused_as_before(kind):
    """One file of each dialect, by what became of it: whoever changes a reader sees what moved."""
    files = {**KINDS[kind].READ, **KINDS[kind].REFUSED}
    assert len(files) == len(KINDS[kind].READ) + len(KINDS[kind].REFUSED)
    assert dict(Counter(outcome(file, kind) for file in files.values())) == COUNTS[kind]


def outcome(file: bytes | tuple, kind: str) -> str:
    try:
        loaded = read_mesh(file[0] if isinstance(file, tuple) else file, name=f"block.{kind}")
    except BadMesh as error:
        return error.code
    return "read with a note" if loaded.repairs else "read"
