"""Documents by the API: pages in, boxes out, edits."""

import io

import pytest
from PIL import Image

from tests import factories, people
from tests.progress import FakeProgress
from webapp.jobs.models import Job
from webapp.pages.models import Box, Document, Page
from workers.tasks.pages.boxes_import import boxes_import

pytestmark = pytest.mark.django_db
API = "/api/v1"


def scan(width, name="001.png"):
    data = io.BytesIO()
    Image.new("L", (width, 60), 200).save(data, "PNG")
    data.seek(0)
    data.name = name
    return data


def test_a_document_is_uploaded_described_and_read(api, owner):
    client = api(owner)
    made = client.post(
        f"{API}/documents/", {"files": [scan(40)], "title": "Kiều", "shared": True}, format="multipart"
    )
    assert made.status_code == 201
    body = made.json()
    assert (body["title"], body["pages"], body["pages_waiting"], body["status"]) == ("Kiều", 1, 1, "working")
    address = f"{API}/documents/{body['id']}/"
    more = client.post(f"{address}files/", {"files": [scan(50, "002.png")]}, format="multipart").json()
    assert more["pages"] == 2
    changed = client.patch(
        address, {"title": "Truyện Kiều", "date": "1866", "fields": {"hand": "?"}}, format="json"
    )
    assert changed.json()["title"] == "Truyện Kiều"
    document = Document.objects.get()
    assert (document.date, document.fields) == ("1866", {"hand": "?"})
    pages = client.get(f"{address}pages/").json()["results"]
    assert [(page["name"], page["position"], page["status"]) for page in pages] == [
        ("001.png", 1, "waiting"),
        ("002.png", 2, "waiting"),
    ]
    assert Job.objects.filter(kind="page.read").count() == 2
    assert client.get(f"{API}/documents/").json()["count"] == 1


def test_boxes_are_read_and_edited_and_a_second_sending_is_the_first(api, owner):
    page = factories.page(factories.document(owner))
    box = factories.box(page)
    client = api(owner)
    assert [one["id"] for one in client.get(f"{API}/pages/{page.pk}/boxes/").json()["boxes"]] == [box.pk]
    sent = {"version": 1, "key": "00000000-0000-4000-8000-000000000001"}
    sent["operations"] = [{"op": "add", "x": 10, "y": 10, "w": 30, "h": 30}]
    first = client.post(f"{API}/pages/{page.pk}/edits/", sent, format="json").json()
    again = client.post(f"{API}/pages/{page.pk}/edits/", sent, format="json").json()
    assert [one["id"] for one in again["boxes"]] == [one["id"] for one in first["boxes"]]
    assert again["edit"] == first["edit"]
    assert page.boxes.count() == 2
    sent = {"version": 1, "operations": [{"op": "add", "x": 10}]}
    assert client.post(f"{API}/pages/{page.pk}/edits/", sent, format="json").status_code == 400


def test_pages_are_renamed_ordered_and_deleted(api, owner):
    document = factories.document(owner)
    first, second = factories.page(document), factories.page(document)
    client = api(owner)
    address = f"{API}/documents/{document.pk}/"
    ordered = client.post(f"{address}order/", {"pages": [second.pk]}, format="json").json()["results"]
    assert [page["id"] for page in ordered] == [second.pk, first.pk]
    stranger = factories.page(factories.document(owner))
    refused = client.post(f"{address}order/", {"pages": [stranger.pk]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_order")
    renamed = client.patch(f"{API}/pages/{first.pk}/", {"name": "lá 1"}, format="json")
    assert renamed.json()["name"] == "lá 1"
    assert client.patch(f"{API}/pages/{first.pk}/", {"name": ""}, format="json").status_code == 400
    assert client.delete(f"{API}/pages/{second.pk}/").status_code == 204
    assert list(Page.objects.filter(document=document)) == [first]


def test_a_page_with_answers_stays(api, owner):
    page = factories.page(factories.document(owner))
    box = factories.box(page, matched=True)
    factories.decision(box.query, owner, verdict="none")
    answer = api(owner).delete(f"{API}/pages/{page.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "has_answers")


def test_a_page_is_located_again_and_turned(api, owner):
    page = factories.page(factories.document(owner))
    client = api(owner)
    sent = {"x": 0, "y": 0, "w": 50, "h": 50}
    answer = client.post(f"{API}/pages/{page.pk}/locate/", sent, format="json")
    assert answer.status_code == 202
    assert Job.objects.get(pk=answer.json()["job"]).payload["region"] == [0, 0, 50, 50]
    assert client.post(f"{API}/pages/{page.pk}/turn/", {"turn": 45}, format="json").status_code == 400
    assert client.post(f"{API}/pages/{page.pk}/turn/", {"turn": 90}, format="json").status_code == 202
    page.refresh_from_db()
    assert (page.turn, page.state) == (90, "waiting")
    again = client.post(f"{API}/pages/{page.pk}/turn/", {"turn": 90}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "page_not_ready")


def _file(name, data):
    file = io.BytesIO(data)
    file.name = name
    return file


def test_boxes_come_in_from_a_file_and_what_is_wrong_is_said(api, owner):
    page = factories.page(factories.document(owner), name="001.png")
    rows = "page,x,y,w,h,character\n001,300,20,40,40,天\n001,9000,20,40,40,地\n"
    address = f"{API}/documents/{page.document_id}/boxes/"
    client = api(owner)
    sent = client.post(address, {"files": [_file("b.csv", rows.encode())]}, format="multipart")
    assert (sent.status_code, sent.json()["status"], sent.json()["error"]) == (202, "waiting", None)
    boxes_import({"import": sent.json()["id"]}, FakeProgress())
    body = client.get(f"{address}{sent.json()['id']}/").json()
    assert (body["status"], body["total"], body["taken"]) == ("ready", 1, 1)
    assert (body["pages"], body["added"], body["proposed"], body["problem_count"]) == (1, 1, 1, 1)
    assert body["problems"][0]["code"] == "box_outside"
    assert Box.objects.get().proposal == "天"
    bad = client.post(address, {"files": [_file("b.txt", b"what is this")]}, format="multipart")
    boxes_import({"import": bad.json()["id"]}, FakeProgress())
    refused = client.get(address).json()["results"][0]
    assert (refused["status"], refused["error"]["code"]) == ("failed", "not_boxes")
    wrong = {"files": [_file("b.csv", rows.encode())], "characters": "wishes"}
    assert client.post(address, wrong, format="multipart").status_code == 400
    other = {"files": [_file("b.csv", rows.encode())], "page": page.pk + 99}
    assert client.post(address, other, format="multipart").status_code == 404


def test_a_text_is_laid_along(api, owner):
    page = factories.page(factories.document(owner))
    client, address = api(owner), f"{API}/documents/{page.document_id}/texts/"
    made = client.post(address, {"text": "天地", "page": page.pk}, format="json")
    assert (made.status_code, made.json()["status"]) == (201, "waiting")
    one = client.get(f"{address}{made.json()['id']}/").json()
    assert one == client.get(address).json()["results"][0]
    assert Job.objects.filter(kind="text.align").count() == 1
    sent = {"file": _file("a.txt", "天\n地".encode())}
    assert client.post(address, sent, format="multipart").json()["name"] == "a.txt"
    assert client.post(address, {}, format="json").status_code == 400
    refused = client.post(address, {"text": "abc"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "empty_text")


def test_others_do_not_edit_a_document_that_is_assigned(api, owner):
    document = factories.document(owner, batch=factories.batch(owner, shared=True))
    document.batch.assigned.add(owner)
    page = factories.page(document)
    client = api(people.teammate())
    for path, body in [
        (f"documents/{document.pk}/texts/", {"text": "天"}),
        (f"pages/{page.pk}/turn/", {"turn": 90}),
        (f"pages/{page.pk}/locate/", {}),
    ]:
        assert client.post(f"{API}/{path}", body, format="json").status_code == 403


def test_edits_are_undone_done_again_and_told(api, owner):
    page = factories.page(factories.document(owner))
    box = factories.box(page)
    client, address = api(owner), f"{API}/pages/{page.pk}/"
    sent = {"version": 1, "operations": [{"op": "delete", "boxes": [box.pk]}]}
    assert client.post(f"{address}edits/", sent, format="json").json()["removed"] == [box.pk]
    assert [one["id"] for one in client.post(f"{address}undo/").json()["boxes"]] == [box.pk]
    changes = client.get(f"{address}changes/?since=2").json()
    assert ([one["id"] for one in changes["boxes"]], changes["version"], changes["removed"]) == (
        [box.pk],
        3,
        [],
    )
    assert client.get(f"{address}changes/?since=3&seen={changes['seen']}").json()["boxes"] == []
    assert client.get(f"{address}changes/?since=x").status_code == 400
    assert client.post(f"{address}redo/").json()["removed"] == [box.pk]
    assert client.post(f"{address}redo/").json()["edit"] is None


def test_boxes_are_fitted_to_their_ink_by_a_worker(api, owner):
    page = factories.page(factories.document(owner))
    box = factories.box(page)
    answer = api(owner).post(f"{API}/pages/{page.pk}/snap/", {"boxes": [box.pk]}, format="json")
    assert answer.status_code == 202
    payload = Job.objects.get(pk=answer.json()["job"]).payload
    assert (payload["boxes"], payload["edit"]) == ([box.pk], answer.json()["edit"])


def test_a_manifest_of_a_host_that_is_not_allowed_begins_nothing(api, owner):
    sent = {"address": "https://library.example/manifest.json"}
    answer = api(owner).post(f"{API}/documents/manifests/", sent, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "host_not_allowed")
    assert not Document.objects.exists()
