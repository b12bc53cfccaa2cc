"""The factories make what the tables and the disk accept."""

import io

import pytest

from tests import factories, meshes
from webapp.core.files.blobs import blob_path

pytestmark = pytest.mark.django_db


def test_a_query_and_its_suggestions_hang_together(owner):
    query = factories.query(factories.batch(owner))
    items = [factories.item() for _ in range(5)]
    factories.suggestions(query, items)
    answer = factories.decision(query, owner, item=items[1])
    assert blob_path(query.sha256).read_bytes().startswith(b"\x89PNG")
    assert [found.item for found in query.suggestions.all()] == items
    assert (answer.verdict, answer.item) == ("match", items[1])


@pytest.mark.parametrize("kind", meshes.WRITERS)
def test_each_mesh_format_is_a_file_that_others_read(kind):
    trimesh = pytest.importorskip("trimesh")

    read = trimesh.load_mesh(io.BytesIO(meshes.block(3, kind, 16)), file_type=kind, process=False)
    assert len(read.faces) == 2 * 16 * 16
    assert read.extents == pytest.approx([10, 10, 0.8], rel=0.01)
