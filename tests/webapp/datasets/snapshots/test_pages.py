"""The snapshots' pages and API: curators freeze, compare and take away; nobody else comes in."""

import pytest
from django.urls import reverse

from tests import factories, people
from webapp.datasets.models import Export, Snapshot
from webapp.datasets.snapshots.files import snapshot_folder

pytestmark = pytest.mark.django_db
API = "/api/v1/snapshots/"


@pytest.fixture
def labelled(owner):
    batch = factories.batch(owner, name="Kiều")
    items = [factories.item(seed=n, name=f"{n}.stl", character=c) for n, c in enumerate("字𠄎")]
    query = factories.query(batch, seed=1, name="13/a.png")
    factories.suggestions(query, items)
    factories.answer(query=query, annotator=owner, verdict="match", item=items[0])
    return query, items


@pytest.mark.parametrize("who", ["owner", "teammate", "reviewer"])
@pytest.mark.parametrize("name", ["snapshots", "snapshot", "freeze", "snapshot_exports", "snapshot_export"])
def test_only_curators_come_in(labelled, curator, name, who):
    snapshot = factories.snapshot(curator)
    client = people.browser_of(getattr(people, who)())
    args = [snapshot.number] if name.startswith("snapshot") and name != "snapshots" else []
    send = client.post if name in {"freeze", "snapshot_export"} else client.get
    assert send(reverse(f"datasets:{name}", args=args)).status_code == 403
    assert Snapshot.objects.count() == 1


def test_only_curators_are_shown_the_way(owner, curator):
    for user, found in [(owner, 0), (curator, 1)]:
        page = people.browser_of(user).get("/batches/").content.decode()
        assert page.count(f'href="{reverse("datasets:snapshots")}"') == found


def test_it_is_asked_for_from_the_page(labelled, curator):
    answer = people.browser_of(curator).post(reverse("datasets:freeze"), {"note": "May"}, follow=True)
    assert 'data-state="waiting"' in answer.content.decode()
    assert Snapshot.objects.get().note == "May"


def test_its_page_shows_the_card_and_what_changed(labelled, curator, owner):
    query, items = labelled
    first = factories.snapshot(curator)
    factories.answer(query=query, annotator=owner, verdict="match", item=items[1])
    second = factories.snapshot(curator)
    client = people.browser_of(curator)
    page = client.get(reverse("datasets:snapshot", args=[second.number])).content.decode()
    assert second.digest in page
    assert 'data-changed="1"' in page
    assert "字 0.stl" in page
    assert "𠄎 1.stl" in page
    assert "13/a.png" in page
    same = client.get(reverse("datasets:snapshot", args=[second.number]), {"before": second.number})
    assert 'data-changed="0"' in same.content.decode()
    assert (
        "This is the first snapshot"
        in client.get(reverse("datasets:snapshot", args=[first.number])).content.decode()
    )


def test_a_damaged_one_is_reported_on_its_page(labelled, curator):
    first = factories.snapshot(curator)
    second = factories.snapshot(curator)
    (snapshot_folder(first.number) / "manifest.jsonl").write_text("x")
    page = people.browser_of(curator).get(reverse("datasets:snapshot", args=[second.number])).content.decode()
    assert "was changed or damaged since the snapshot was created" in page
    assert second.digest in page


@pytest.mark.parametrize("before", ["99", "x", "", "-1", "9" * 30, "١"])
def test_an_odd_number_before_is_no_error_of_ours(labelled, curator, before):
    snapshot = factories.snapshot(curator)
    client = people.browser_of(curator)
    answer = client.get(reverse("datasets:snapshot", args=[snapshot.number]), {"before": before})
    assert answer.status_code in {200, 404}
    assert people.api_of(curator).get(f"{API}{snapshot.number}/difference/?before={before}").status_code in {
        200,
        404,
    }


def test_an_export_is_asked_for_from_the_page(labelled, curator):
    snapshot = factories.snapshot(curator)
    client = people.browser_of(curator)
    address = reverse("datasets:snapshot_export", args=[snapshot.number])
    answer = client.post(address, {"format": "parquet", "split": "character"})
    assert 'data-testid="export-row"' in answer.content.decode()
    export = Export.objects.get()
    assert (export.snapshot, export.format, export.split) == (snapshot, "parquet", "character")
    assert client.post(address, {"format": "x"}).status_code == 400


def test_the_api_freezes_and_tells(labelled, curator):
    client = people.api_of(curator)
    made = client.post(API, {"note": "May"}, format="json").json()
    assert (made["number"], made["status"], made["card"]) == (1, "waiting", None)
    snapshot = factories.snapshot(curator)
    result = client.get(f"{API}{snapshot.number}/").json()
    assert result["digest"] == snapshot.digest
    assert result["card"]["labels"] == 1
    assert client.get(API).json()["count"] == 2
    difference = client.get(f"{API}{snapshot.number}/difference/").json()
    assert (difference["added"], difference["first"][0]["kind"]) == (1, "added")
    assert client.get(f"{API}{snapshot.number}/difference/?before=1").status_code == 409


def test_the_api_exports_a_snapshot(labelled, curator, owner):
    snapshot = factories.snapshot(curator)
    wanted = {"snapshot": snapshot.number, "format": "triplets", "split": "character"}
    assert people.api_of(owner).post("/api/v1/exports/", wanted, format="json").status_code == 404
    made = people.api_of(curator).post("/api/v1/exports/", wanted, format="json")
    assert made.status_code == 201
    assert (made.json()["snapshot"], made.json()["batch"], made.json()["split"]) == (1, None, "character")
    assert people.api_of(owner).get(f"/api/v1/exports/{made.json()['id']}/").status_code == 404


@pytest.mark.parametrize("wanted", [{}, {"batch": 1, "snapshot": 1}])
def test_an_export_is_of_one_thing(curator, wanted):
    answer = people.api_of(curator).post("/api/v1/exports/", {**wanted, "format": "csv"}, format="json")
    assert answer.status_code == 400


def test_a_batch_leaves_in_its_own_formats_only(labelled, owner):
    wanted = {"batch": labelled[0].batch_id, "format": "parquet"}
    answer = people.api_of(owner).post("/api/v1/exports/", wanted, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_format")
