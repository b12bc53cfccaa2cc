"""Batches as programs see them."""

import errno

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories, pictures
from tests.common.archives.zips import Line, make_zip
from webapp.batches.models import Batch, Query
from webapp.jobs.models import Job
from workers.tasks.batches.batch_unpack import batch_unpack

API = "/api/v1/batches/"


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


@pytest.fixture
def upload(owner, api):
    """``upload(files, words)``: the answer to a new batch of these files."""

    def upload(files: list, **words):
        return api(owner).post(API, {"files": files, **words}, format="multipart")

    return upload


def test_pictures_become_a_batch(upload, owner, notifications, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload([file("字.png", pictures.png(1)), file("b.jpg", pictures.jpeg(2))], name="Kiều")
    assert answer.status_code == 201
    body = answer.json()
    assert body | {"id": 0, "created": ""} == {
        "id": 0,
        "name": "Kiều",
        "owner": "owner",
        "shared": False,
        "open": False,
        "status": "working",
        "jobs_before": 0,
        "maybe_pages": 0,
        "total": 2,
        "waiting": 2,
        "done": 0,
        "failed": 0,
        "answered": 0,
        "left_out_count": 0,
        "left_out": [],
        "created": "",
    }
    assert [query.name for query in Query.objects.order_by("pk")] == ["字.png", "b.jpg"]
    assert notifications == [(str(Job.objects.get().pk), "interactive")]
    assert not Batch.objects.get().open


@pytest.mark.parametrize(
    "name", ["字𡨸.png", "Truyện Kiều.png", "ả́ñ が.png", "a b;c'd.png", 'x"y.png', "ñ" * 60 + ".png"]
)
def test_a_name_in_any_script_survives(upload, name):
    assert upload([file(name, pictures.png(1))]).status_code == 201
    assert Query.objects.get().name == name


def test_paths_can_be_sent_beside_the_files(upload):
    names = ["trang 1/字.png", "trang 2/字.png"]
    upload([file("字.png", pictures.png(1)), file("字.png", pictures.png(2))], names=names)
    assert list(Query.objects.order_by("pk").values_list("name", flat=True)) == names
    answer = upload([file("a.png", pictures.png(1))], names=["a", "b"])
    assert (answer.status_code, "names" in answer.json()["fields"]) == (400, True)


def test_nothing_bad_stops_the_rest(upload):
    sent = [
        file("good.png", pictures.png(1)),
        file("empty.png", b""),
        file("cut.png", pictures.png(2)[:60]),
        file("page.png", b"<html>not found"),
        file("Thumbs.db", b"x"),
        file("again.png", pictures.png(1)),
        file("notes.txt", b"hello"),
        file("block.stl", b"solid x\nfacet normal 0 0 1"),
    ]
    body = upload(sent).json()
    assert (body["total"], body["waiting"], body["failed"], body["left_out_count"]) == (4, 2, 2, 4)
    values = {one["name"]: one["code"] for one in body["left_out"]}
    assert values == {
        "Thumbs.db": "junk",
        "again.png": "duplicate",
        "notes.txt": "not_a_picture",
        "block.stl": "not_a_picture",
    }
    assert all(one["reason"] for one in body["left_out"])


def test_one_file_twice_in_a_request_is_a_duplicate_and_in_another_the_same(upload, owner, api):
    body = upload([file("a.png", pictures.png(1)), file("a.png", pictures.png(1))]).json()
    assert (body["total"], [one["code"] for one in body["left_out"]]) == (1, ["duplicate"])
    again = {"files": [file("a.png", pictures.png(1))]}
    body = api(owner).post(f"{API}{body['id']}/files/", again, format="multipart").json()
    assert (body["total"], body["left_out_count"]) == (1, 1)


def test_a_zip_is_unpacked_into_the_batch(upload, owner, api):
    zipped = make_zip([Line("字/1.png".encode("gb18030"), pictures.png(1)), Line(b"../x.png", b"x")])
    body = upload([file("all.zip", zipped), file("2.png", pictures.png(2))]).json()
    assert (body["status"], body["total"]) == ("unpacking", 1)
    batch_unpack(Job.objects.get(kind="batch.unpack").payload, _Told())
    body = api(owner).get(f"{API}{body['id']}/").json()
    assert (body["status"], body["total"]) == ("working", 2)
    assert body["left_out"][0]["code"] == "path_traversal"
    assert Query.objects.filter(name="字/1.png").exists()


class _Told:
    def report(self, done, total):
        """Nobody listens."""


@pytest.mark.parametrize("sent", [{}, {"files": "text"}, {"files": []}])
def test_an_upload_without_files_is_refused(owner, api, sent):
    assert api(owner).post(API, sent, format="multipart").status_code == 400
    assert api(owner).post(API, sent, format="json").status_code == 415
    assert not Batch.objects.exists()


def test_a_name_too_long_is_refused_before_anything_is_stored(upload):
    assert upload([file("a.png", pictures.png(1))], name="x" * 201).status_code == 400
    assert not Batch.objects.exists()


def test_a_file_over_the_limit_is_left_out_and_the_rest_goes_on(upload, settings, monkeypatch):
    monkeypatch.setattr("webapp.batches.intake.MOST_PICTURE_BYTES", 6000)
    body = upload(
        [file("big.bmp", pictures.encoded(pictures.print_of(1), "BMP")), file("a.png", pictures.png(2, 16))]
    )
    assert (body.json()["total"], body.json()["left_out"][0]["code"]) == (1, "too_large")


def test_files_can_be_added_later(upload, owner, api):
    batch = upload([file("a.png", pictures.png(1))]).json()["id"]
    answer = api(owner).post(
        f"{API}{batch}/files/", {"files": [file("b.png", pictures.png(2))]}, format="multipart"
    )
    assert (answer.status_code, answer.json()["total"]) == (200, 2)
    assert Job.objects.count() == 2


def test_a_batch_is_renamed_and_shared(owner, api):
    batch = factories.batch(owner)
    body = api(owner).patch(f"{API}{batch.pk}/", {"name": "翹", "shared": True}, format="json").json()
    assert (body["name"], body["shared"]) == ("翹", True)
    for name in ("", "  ", "x" * 201):
        assert api(owner).patch(f"{API}{batch.pk}/", {"name": name}, format="json").status_code == 400


def test_a_batch_with_answers_is_deleted_only_when_that_is_said(owner, api, data):
    batch = factories.batch(owner)
    query = factories.query(batch)
    left = data / "derived" / "queries" / str(query.pk)
    left.mkdir(parents=True)
    factories.decision(query, owner, verdict="none")
    refused = api(owner).delete(f"{API}{batch.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "has_answers")
    assert api(owner).delete(f"{API}{batch.pk}/?with_answers=true").status_code == 204
    assert api(owner).get(f"{API}{batch.pk}/").status_code == 404


def test_a_list_takes_few_questions_however_long(owner, api, django_assert_max_num_queries):
    for _ in range(8):
        batch = factories.batch(owner)
        factories.query(batch)
        batch.left_out.create(name="x", code="junk", reason="y")
    client = api(owner)
    with django_assert_max_num_queries(7):
        body = client.get(API).json()
    assert body["count"] == 8
    assert [one["left_out_count"] for one in body["results"]] == [1] * 8
    assert [one["id"] for one in body["results"]] == sorted(
        (one["id"] for one in body["results"]), reverse=True
    )


def test_only_so_many_left_out_entries_are_named(owner, api):
    batch = factories.batch(owner)
    for number in range(205):
        batch.left_out.create(name=str(number), code="junk", reason="y")
    body = api(owner).get(f"{API}{batch.pk}/").json()
    assert (body["left_out_count"], len(body["left_out"])) == (205, 200)


def test_an_upload_that_breaks_off_is_refused(owner, api):
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nabc'
    answer = api(owner).generic("POST", API, body, content_type="multipart/form-data; boundary=y")
    assert answer.status_code == 400
    assert not Query.objects.exists()


def test_a_full_disk_is_told(upload, monkeypatch):
    def full(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("common.publish.os.replace", full)
    answer = upload([file("a.png", pictures.png(1))])
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")


def test_files_may_follow_in_several_requests(api, owner):
    client = api(owner)
    made = client.post("/api/v1/batches/", {"name": "long", "open": True}, format="multipart")
    assert (made.status_code, made.json()["open"], made.json()["total"]) == (201, True, 0)
    address = f"/api/v1/batches/{made.json()['id']}/"
    for seed in (1, 2):
        sent = {"files": [file("x.png", pictures.png(seed, 16))], "names": [f"page/{seed}.png"]}
        assert client.post(f"{address}files/", sent, format="multipart").json()["open"]
    body = client.patch(address, {"open": False}, format="json").json()
    assert (body["open"], body["total"]) == (False, 2)
    assert client.patch(address, {"open": True}, format="json").status_code == 400
    assert client.post("/api/v1/batches/", {"name": "none"}, format="multipart").status_code == 400
