"""What the upload form of batches and of the gallery says to the server."""

import io
import json
import re

import pytest

from tests import meshes, people, pictures
from webapp.batches.models import Batch
from webapp.gallery.models import Import, ImportArchive


def begin(client, address, **words):
    answer = client.post(address, json.dumps(words), content_type="application/json")
    assert answer.status_code == 201
    return answer.json()


def send(client, address, *files):
    body = {
        "files": [named(data, name.split("/")[-1]) for name, data in files],
        "names": [name for name, _ in files],
    }
    return client.post(address, body)


def named(data, name):
    stream = io.BytesIO(data)
    stream.name = name
    return stream


@pytest.fixture
def client(browse, owner):
    return browse(owner)


def test_a_batch_is_begun_filled_and_closed(client, owner, notifications, django_capture_on_commit_callbacks):
    urls = begin(client, "/batches/new/", name="Kiều", shared=True)
    batch = Batch.objects.get()
    assert (batch.name, batch.shared, batch.owner, batch.open) == ("Kiều", True, owner, True)
    files = [("trang 1/漢.png", pictures.png(1, 32)), ("trang 1/notes.txt", b"hello")]
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(client, urls["files"], *files)
    kinds = [(one["name"], one["kind"], one["code"]) for one in answer.json()["results"]]
    assert kinds == [("trang 1/漢.png", "query", ""), ("trang 1/notes.txt", "left_out", "not_a_picture")]
    assert batch.queries.get().name == "trang 1/漢.png"
    assert notifications  # the first pictures are matched while the next ones travel
    assert client.post(urls["close"]).json() == {"closed": True}
    batch.refresh_from_db()
    assert batch.open is False
    assert client.get(urls["page"]).status_code == 200


def test_a_file_sent_again_because_the_answer_was_lost_is_no_duplicate(client):
    urls = begin(client, "/batches/new/")
    file = ("a.png", pictures.png(2, 32))
    for _ in range(2):
        [result] = send(client, urls["files"], file).json()["results"]
        assert result["kind"] == "query"
    [result] = send(client, urls["files"], ("b.png", file[1])).json()["results"]
    assert (result["kind"], result["code"]) == ("left_out", "duplicate")


def test_a_refused_picture_says_why(client):
    urls = begin(client, "/batches/new/")
    [result] = send(client, urls["files"], ("empty.png", b"")).json()["results"]
    assert result["kind"] == "left_out"
    assert "empty" in result["reason"]


@pytest.mark.parametrize("names", [[], ["a.png", "b.png"]])
def test_files_and_names_must_go_together(client, names):
    urls = begin(client, "/batches/new/")
    body = {"names": names}
    if names:
        body["files"] = named(pictures.png(3, 32), "a.png")
    assert client.post(urls["files"], body).status_code == 400


def test_a_batch_needs_words_that_can_be_read(client):
    assert client.post("/batches/new/", b"{", content_type="application/json").status_code == 400
    answer = client.post("/batches/new/", json.dumps({"name": "x" * 201}), content_type="application/json")
    assert answer.status_code == 400


def test_meshes_are_imported_by_curators(browse, curator):
    client = browse(curator)
    urls = begin(client, "/gallery/import/", name="first shelf")
    upload = Import.objects.get()
    assert upload.name == "first shelf"
    answer = send(client, urls["files"], ("shelf/1.stl", meshes.block(1, cells=8)), ("shelf/.DS_Store", b"x"))
    assert [one["kind"] for one in answer.json()["results"]] == ["item", "left_out"]
    assert client.post(urls["close"]).status_code == 200
    page = client.get(urls["page"]).content.decode()
    assert "shelf/1.stl" in page
    assert 'data-name="shelf/.DS_Store"' in page


def test_an_import_says_of_which_zip_something_was_left_out(browse, curator):
    client = browse(curator)
    urls = begin(client, "/gallery/import/", name="two zips")
    upload = Import.objects.get()
    for name in ("north.zip", "south.zip"):
        archive = ImportArchive.objects.create(upload=upload, name=name)
        upload.left_out.create(archive=archive, entry=0, name="a.txt", code="not_a_mesh", reason="no")
        upload.items.create(archive=archive, name="1.stl", sha256=name, state="rejected", error="no")
    page = client.get(urls["page"]).content.decode()
    assert re.findall(r'data-testid="of-zip">([^<]*)<', page) == ["in north.zip", "in south.zip"] * 2


def test_an_import_is_not_begun_by_others(browse, owner):
    answer = browse(owner).post("/gallery/import/", json.dumps({}), content_type="application/json")
    assert answer.status_code == 403
    assert not Import.objects.exists()


def test_an_import_without_a_name_is_named_by_its_time(browse):
    begin(browse(people.curator()), "/gallery/import/", name=" ")
    assert Import.objects.get().name.startswith("Import of 20")
