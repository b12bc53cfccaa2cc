"""Documents by the API: pages in, boxes out, edits."""

import io

import pytest
from PIL import Image

from tests import factories
from webapp.jobs.models import Job
from webapp.pages.models import Document

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
