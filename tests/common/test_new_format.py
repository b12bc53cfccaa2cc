"""A new mesh format is a row of the table and a reader: everything else follows."""

import io
import re
import sys
from types import ModuleType

import numpy as np
import pytest

from common import file_types
from common.file_types import FileType, Kind, read_types
from retrieval.errors import BadMesh
from retrieval.io.mesh_formats.soup import Soup
from retrieval.io.meshes import read_mesh
from tests import meshes
from webapp.batches.intake import refusal_of
from webapp.config.env import ROOT
from webapp.gallery.models import Item
from webapp.gallery.services import import_add_file, import_create

TOY = FileType("toy", "TOY", "a TOY mesh", "toy", (b"toy!",), kind=Kind.MESH, read=True)


@pytest.fixture
def toy(monkeypatch):
    """A table with one row more, and a reader of its name."""
    reader = ModuleType("toy")
    reader.read = lambda data, *, name, max_faces: Soup(*meshes.relief(3, 6))
    monkeypatch.setitem(sys.modules, "retrieval.io.mesh_formats.toy", reader)
    monkeypatch.setattr(file_types, "FILE_TYPES", (*file_types.FILE_TYPES, TOY))


@pytest.mark.usefixtures("toy")
class TestOneRowMore:
    def test_the_library_reads_it(self):
        loaded = read_mesh(b"toy!...", name="block.toy")
        assert loaded.format == "toy"
        assert np.ptp(loaded.mesh.vertices, axis=0).all()

    def test_its_name_is_in_every_refusal(self):
        with pytest.raises(BadMesh, match="3MF or TOY") as caught:
            read_mesh(b"no mesh", name="a.txt")
        assert "3MF or TOY" in caught.value.hint

    def test_the_gallery_takes_it(self, curator, data):
        upload = import_create(owner=curator, name="toys")
        assert isinstance(import_add_file(upload=upload, name="a.toy", stream=io.BytesIO(b"toy!...")), Item)
        left = import_add_file(upload=upload, name="a.txt", stream=io.BytesIO(b"hello"))
        assert "GLB, 3MF or TOY files" in left.reason

    def test_the_page_offers_it(self, curator, client):
        client.force_login(curator)
        page = client.get("/gallery/import/").content.decode()
        assert "GLB, 3MF or TOY, one carved character" in page
        assert re.search(r'accept="[^"]*\.toy,\.zip"', page)

    def test_a_batch_says_what_it_is(self):
        assert "is a TOY mesh" in str(refusal_of("a.toy", TOY))


def test_every_mesh_format_that_is_read_has_its_reader():
    files = {path.stem for path in (ROOT / "retrieval" / "io" / "mesh_formats").glob("*.py")}
    assert {one.module for one in read_types(Kind.MESH)} == files - {"__init__", "soup"}


def test_the_lists_are_written_nowhere():
    """Pages, messages and help texts take the formats from the table."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("common", "retrieval", "webapp", "workers", "templates", "static/js")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".js"}
        for line in path.read_text().splitlines()
        if re.search(
            r"(STL|OBJ|PLY|OFF|PNG|JPEG|WebP|BMP|GIF), (STL|OBJ|PLY|OFF|GLB|PNG|JPEG|WebP|BMP|GIF|TIFF)\b",
            line,
        )
    ]
    assert found == []


def test_the_readme_names_every_format_that_is_read():
    text = (ROOT / "README.md").read_text()
    assert [
        one.label for kind in (Kind.MESH, Kind.PICTURE) for one in read_types(kind) if one.label not in text
    ] == []
