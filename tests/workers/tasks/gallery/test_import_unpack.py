"""A zip of meshes: each entry goes the way of a single file, once however often the job runs."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import meshes
from tests.retrieval.io.dialects import _3mf
from webapp.core.files.blobs import blob_path
from webapp.gallery.imports.unpacking import GalleryEntries
from webapp.gallery.models import ImportArchive, Item
from webapp.gallery.selectors import import_progress
from webapp.gallery.services import import_add_file, import_create
from webapp.jobs.models import Job
from workers.runtime.runner import run_job
from workers.tasks.gallery.import_unpack import import_unpack

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(curator):
    return import_create(owner=curator, name="blocks")


def zipped(entries) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def archive_of(upload, data) -> ImportArchive:
    return import_add_file(upload=upload, name="blocks.zip", stream=io.BytesIO(data))


MESHES = [(f"阮攸/{i}.stl", meshes.block(i, cells=8)) for i in range(20)]
OTHERS = [
    ("__MACOSX/._1.stl", b"\0"),
    ("../../etc/1.stl", meshes.block(90, cells=8)),
    ("notes.txt", b"notes"),
    ("empty.stl", b""),
    ("inner.zip", zipped([("1.stl", b"x")])),
    ("阮攸/copy.stl", MESHES[3][1]),
]


def test_meshes_become_items_and_the_rest_is_left_out_with_its_reason(upload, do):
    archive = archive_of(upload, zipped([*MESHES, *OTHERS]))
    do(import_unpack, {"archive": archive.pk})
    archive.refresh_from_db()
    assert archive.state == "ready"
    assert set(Item.objects.values_list("name", flat=True)) == {name for name, _ in MESHES}
    assert dict(upload.left_out.values_list("name", "code")) == {
        "__MACOSX/._1.stl": "junk",
        "../../etc/1.stl": "path_traversal",
        "notes.txt": "not_a_mesh",
        "empty.stl": "empty",
        "inner.zip": "nested_archive",
        "阮攸/copy.stl": "duplicate",
    }
    assert all(upload.left_out.values_list("reason", flat=True))
    asked = [pk for job in Job.objects.filter(kind="items.prepare") for pk in job.payload["items"]]
    assert sorted(asked) == sorted(Item.objects.values_list("pk", flat=True))
    assert import_progress(upload).state == "working"


def test_a_3mf_in_a_zip_is_a_mesh_and_no_zip_in_a_zip(upload, do):
    archive = archive_of(upload, zipped([("1.3mf", _3mf.PLAIN), ("2.3mf", _3mf.READ["a picture first"])]))
    do(import_unpack, {"archive": archive.pk})
    assert set(Item.objects.values_list("name", flat=True)) == {"1.3mf", "2.3mf"}


def test_cut_short_and_run_again_nothing_is_done_twice(upload, do, monkeypatch):
    archive = archive_of(upload, zipped([*MESHES, *OTHERS]))
    real, taken = GalleryEntries.add, []

    def killed_in_the_middle(entries, member):
        if len(taken) == 9:
            raise SystemExit
        taken.append(member)
        return real(entries, member)

    monkeypatch.setattr(GalleryEntries, "add", killed_in_the_middle)
    with pytest.raises(SystemExit):
        do(import_unpack, {"archive": archive.pk})
    monkeypatch.setattr(GalleryEntries, "add", real)
    for _ in range(2):
        do(import_unpack, {"archive": archive.pk})
    assert Item.objects.count() == len(MESHES)
    assert upload.left_out.count() == len(OTHERS)
    asked = [pk for job in Job.objects.filter(kind="items.prepare") for pk in job.payload["items"]]
    assert sorted(asked) == sorted(Item.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("data", [b"PK\x03\x04 cut short", zipped(MESHES)[:-30]], ids=["a head", "no end"])
def test_a_zip_that_cannot_be_read_is_refused_by_name(upload, do, data):
    archive = archive_of(upload, data)
    do(import_unpack, {"archive": archive.pk})
    archive.refresh_from_db()
    assert archive.state == "rejected"
    assert "blocks.zip" in archive.error
    assert archive.hint
    assert import_progress(upload).state == "ready"


def test_a_zip_whose_file_is_missing_waits_for_it(upload):
    archive = archive_of(upload, zipped(MESHES))
    content = blob_path(archive.sha256).read_bytes()
    blob_path(archive.sha256).unlink()
    job = Job.objects.get(kind="import.unpack")
    for _ in range(6):
        run_job(str(job.pk))
        Job.objects.update(not_before=None)
    archive.refresh_from_db()
    job.refresh_from_db()
    assert (archive.state, job.state, job.error_code) == ("waiting", "queued", "blob_missing")
    blob_path(archive.sha256).write_bytes(content)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done"


def test_what_is_left_out_says_of_which_zip(upload, do):
    """The same names in two zips are two entries, each of its own zip; so are refused meshes."""
    for name in ("north.zip", "south.zip"):
        entries = [("notes.txt", b"notes"), ("1.stl", b"solid nothing " + name.encode())]
        archive = import_add_file(upload=upload, name=name, stream=io.BytesIO(zipped(entries)))
        do(import_unpack, {"archive": archive.pk})
    assert sorted(upload.left_out.values_list("name", "archive__name", "entry")) == [
        ("notes.txt", "north.zip", 0),
        ("notes.txt", "south.zip", 0),
    ]
    assert sorted(upload.items.values_list("name", "archive__name")) == [
        ("1.stl", "north.zip"),
        ("1.stl", "south.zip"),
    ]


def test_a_thousand_files_that_are_no_meshes_take_few_statements(upload, do):
    archive = archive_of(upload, zipped([(f"{number}.txt", b"x") for number in range(1000)]))
    with CaptureQueriesContext(connection) as asked:
        do(import_unpack, {"archive": archive.pk})
    assert upload.left_out.count() == 1000
    assert len(asked) < 200


@pytest.mark.parametrize("before", [b"MZ a program", b"#!/bin/sh\n"])
def test_a_zip_that_unpacks_itself_is_a_zip(upload, do, before):
    out = io.BytesIO(before)
    out.seek(len(before))
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("1.stl", meshes.block(1, cells=8))
    archive = import_add_file(upload=upload, name="setup.exe", stream=io.BytesIO(out.getvalue()))
    do(import_unpack, {"archive": archive.pk})
    assert Item.objects.get().name == "1.stl"


def test_a_part_of_a_split_zip_is_called_one(upload):
    row = import_add_file(upload=upload, name="x.z02", stream=io.BytesIO(b"\x91\x7f noise"))
    assert (row.code, "split" in row.reason) == ("split_zip", True)
