"""Stored files are checked as they are read into an export; what is gone or damaged is named and left out."""

import hashlib

import pytest
from django.urls import reverse

from tests import factories, people
from tests.webapp.datasets.exports.writing import csv_rows, unpacked, written
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_path
from webapp.datasets.exports import file, services
from webapp.datasets.exports.services import export_request, snapshot_export_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def items():
    return [factories.item(seed=n, name=f"{n}.stl", character="字") for n in range(2)]


@pytest.fixture
def batch(owner, items):
    """Three labelled pictures and one that is not."""
    batch = factories.batch(owner, name="Kiều")
    for n in range(4):
        query = factories.query(batch, seed=n, name=f"trang/{n}.png")
        factories.suggestions(query, items)
        if n < 3:
            factories.answer(query=query, annotator=owner, verdict="match", item=items[0])
    return batch


@pytest.fixture
def snapshot(batch, curator):
    return factories.snapshot(curator)


@pytest.fixture
def damage(batch):
    """The first picture's file is gone, the second one's cut in half, the third one's a byte longer."""
    paths = [blob_path(query.sha256) for query in batch.queries.order_by("pk")]
    paths[0].unlink()
    paths[1].write_bytes(paths[1].read_bytes()[: paths[1].stat().st_size // 2])
    paths[2].write_bytes(paths[2].read_bytes() + b"x")


def problems(export) -> dict[str, str]:
    export.refresh_from_db()
    assert export.missing_count == len(export.missing)
    return {one["name"]: one["problem"] for one in export.missing}


@pytest.mark.parametrize("format", ["csv", "excel", "jsonl", "course"])
def test_a_batch_names_what_is_missing(batch, owner, damage, format):
    export = export_request(batch=batch, owner=owner, format=format, with_images=True)
    files = unpacked(written(export))
    assert problems(export) == {"trang/0.png": "gone", "trang/1.png": "damaged", "trang/2.png": "damaged"}
    pictures = [name for name in files if name.startswith("images/")]
    assert pictures == (["images/3.png"] if format == "course" else [])
    assert len(files["missing.txt"].splitlines()) == 3
    assert b"the file of the picture trang/1.png" in files["missing.txt"]


ZIPS = ["csv", "excel", "jsonl", "course", "parquet", "oml", "huggingface", "webdataset", "folders", "coco"]
ZIPS += ["label_studio", "triplets", "pairs", "benchmark"]


@pytest.mark.parametrize("format", ZIPS)
def test_every_format_names_it_and_ships_nothing_damaged(snapshot, batch, curator, damage, format):
    export = snapshot_export_request(snapshot=snapshot, owner=curator, format=format, with_images=True)
    content = written(export)
    found = {name: problem for name, problem in problems(export).items() if problem != "not_made"}
    assert found == {"trang/0.png": "gone", "trang/1.png": "damaged", "trang/2.png": "damaged"}
    shipped = {hashlib.sha256(data).hexdigest() for data in unpacked(content).values()}
    halves = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (blob_path(query.sha256) for query in batch.queries.all())
        if path.exists()
    }
    whole = {query.sha256 for query in batch.queries.all()}
    assert not shipped & (halves - whole)


def test_a_mesh_that_is_cut_in_half_is_not_in_the_benchmark_set(snapshot, items, curator):
    path = blob_path(items[1].sha256)
    path.write_bytes(path.read_bytes()[:100])
    export = snapshot_export_request(snapshot=snapshot, owner=curator, format="benchmark")
    files = unpacked(written(export))
    assert problems(export) == {"1.stl": "damaged"}
    assert [name for name in files if name.startswith("database/")] == ["database/0.stl"]
    assert csv_rows(files["labels.csv"])[0]["label"] == "0.stl"


def test_without_pictures_no_file_is_looked_at(batch, owner, damage):
    export = export_request(batch=batch, owner=owner, format="csv")
    assert len(csv_rows(written(export))) == 3
    assert problems(export) == {}


def test_a_whole_export_misses_nothing(batch, owner):
    export = export_request(batch=batch, owner=owner, format="course", with_images=True)
    assert "missing.txt" not in unpacked(written(export))
    assert problems(export) == {}


def test_a_store_that_is_not_there_is_trouble_of_the_installation(batch, owner, data):
    """Not mounted, say: nothing is said of single pictures, and the export is tried again."""
    (data / "blobs").rename(data / "elsewhere")
    export = export_request(batch=batch, owner=owner, format="csv", with_images=True)
    with pytest.raises(StoreTrouble):
        written(export)
    (data / "elsewhere").rename(data / "blobs")
    assert len(unpacked(written(export))) == 4


def test_a_file_that_changes_while_it_is_read_ends_the_export(batch, owner, monkeypatch):
    honest = file._parts
    monkeypatch.setattr(file, "_parts", lambda member: (part[:-1] for part in honest(member)))
    export = export_request(batch=batch, owner=owner, format="csv", with_images=True)
    with pytest.raises(file.FileChanged) as problem:
        written(export)
    assert problem.value.retryable


def test_the_page_and_the_api_say_so(batch, owner, damage, monkeypatch):
    monkeypatch.setattr(services, "MOST_NAMED", 2)
    export = export_request(batch=batch, owner=owner, format="csv", with_images=True)
    written(export)
    page = people.browser_of(owner).get(reverse("batches:detail", args=[batch.pk])).content.decode()
    assert 'data-missing="3"' in page
    assert "3 files are missing" in page
    assert "trang/1.png: the stored file is damaged" in page
    assert "All of them are named in missing.txt." in page
    answer = people.api_of(owner).get(f"/api/v1/exports/{export.pk}/").json()
    assert answer["missing_count"] == 3
    first = batch.queries.order_by("pk").first()
    assert answer["missing"][0] == {
        "kind": "picture",
        "name": "trang/0.png",
        "sha256": first.sha256,
        "problem": "gone",
    }
    assert len(answer["missing"]) == 2
