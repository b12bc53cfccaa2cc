"""``query,label`` and the benchmark set: no two blocks, and no two pictures, by one name."""

import pytest

from retrieval.io.sets import read_set
from tests import factories
from tests.webapp.datasets.exports.writing import csv_rows, unpacked, written
from webapp.core.files.blobs import blob_path
from webapp.datasets.exports.services import export_request, snapshot_export_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def items():
    """Blocks of like names: in two folders, of one path, and alike but for a comma and a large letter."""
    names = ["a/0.stl", "b/0.stl", "7.stl", "7.stl", "c,1.stl", "C_1.stl"]
    return [factories.item(seed=n, name=name, character="字") for n, name in enumerate(names)]


def labelled(batch, owner, item, *, seed: int, name: str):
    query = factories.query(batch, seed=seed, name=name)
    factories.answer(query=query, annotator=owner, verdict="match", item=item)
    return query


def test_blocks_of_like_names_are_reported_apart_in_every_row(owner, items):
    """Also where each row by itself names one of them only."""
    batch = factories.batch(owner)
    for n, item in enumerate(items):
        labelled(batch, owner, item, seed=n, name=f"{n}.png")
    content = written(export_request(batch=batch, owner=owner, format="course"))
    marks = [item.sha256[:8] for item in items]
    assert [row["label"] for row in csv_rows(content)] == [
        "a/0.stl",
        "b/0.stl",
        f"7~{marks[2]}.stl",
        f"7~{marks[3]}.stl",
        f"c_1~{marks[4]}.stl",
        f"C_1~{marks[5]}.stl",
    ]


def test_a_block_of_another_batch_counts_too(owner, items):
    """What a name means must not hang on which batch it is read in."""
    batch = factories.batch(owner)
    labelled(batch, owner, items[0], seed=0, name="0.png")
    (row,) = csv_rows(written(export_request(batch=batch, owner=owner, format="course")))
    assert row["label"] == "a/0.stl"


def test_pictures_of_one_name_in_two_batches_are_reported_apart(owner, curator, items):
    batches = [factories.batch(owner, name=name) for name in "xy"]
    one, other = (
        labelled(batch, owner, items[n], seed=n, name="trang/0.png") for n, batch in enumerate(batches)
    )
    labelled(batches[0], owner, items[2], seed=2, name="trang/1.png")
    snapshot = factories.snapshot(curator)
    content = written(snapshot_export_request(snapshot=snapshot, owner=curator, format="course"))
    marked = {f"0~{query.sha256[:8]}.png" for query in (one, other)}
    assert {row["query"] for row in csv_rows(content)} == marked | {"1.png"}
    files = unpacked(
        written(snapshot_export_request(snapshot=snapshot, owner=curator, format="course", with_images=True))
    )
    names = [row["query"] for row in csv_rows(files["labels.csv"])]
    assert len(set(names)) == 3
    assert {f"images/{name}" for name in names} | {"labels.csv"} == set(files)


def test_the_benchmark_set_has_every_mesh_under_a_name_of_its_own(owner, curator, items, tmp_path):
    batch = factories.batch(owner)
    queries = [labelled(batch, owner, item, seed=n, name=f"{n}.png") for n, item in enumerate(items)]
    snapshot = factories.snapshot(curator)
    path = tmp_path / "set.zip"
    path.write_bytes(written(snapshot_export_request(snapshot=snapshot, owner=curator, format="benchmark")))
    bench = read_set(path)
    assert len(bench.items) == len({name.casefold() for name in bench.items}) == len(items)
    assert len(bench.queries) == len(queries)
    for n, item in enumerate(items):
        (name,) = bench.labels[f"{n}.png"]
        assert bench.read_item(name) == blob_path(item.sha256).read_bytes()
        assert bench.characters[name] == "U+5B57"
