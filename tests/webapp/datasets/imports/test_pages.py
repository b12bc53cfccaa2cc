"""Pages and API of label imports: for curators alone, in every state."""

import io

import pytest
from django.urls import reverse

from tests import factories, people
from tests.progress import FakeProgress
from webapp.datasets.imports.services import import_add
from webapp.datasets.models import LabelImport
from workers.tasks.datasets.labels_import import labels_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(owner):
    return factories.batch(owner, name="Kiều")


@pytest.fixture
def items():
    return [factories.item(seed=n, name=f"{n}.stl", character=c) for n, c in enumerate("字𠄎")]


@pytest.fixture
def upload(batch, items, curator):
    query = factories.query(batch, seed=50, name="a.png")
    text = f"sha256,item,codepoint\n{query.sha256},1.stl,\n{query.sha256},0.stl,\n{'0' * 64},1.stl,\n"
    made = import_add(user=curator, stream=io.BytesIO(text.encode()), name="may.csv")
    labels_import({"import": made.pk}, FakeProgress())
    made.refresh_from_db()
    return made


ADDRESSES = [
    ("get", "imports", False),
    ("post", "import_send", False),
    ("get", "import", True),
    ("post", "import_apply", True),
    ("post", "import_undo", True),
]


@pytest.mark.parametrize("who", ["owner", "reviewer"])
@pytest.mark.parametrize(("method", "name", "of_one"), ADDRESSES, ids=[name for _, name, _ in ADDRESSES])
def test_only_curators_come_in(upload, method, name, of_one, who):
    args = [upload.pk] if of_one else []
    client = people.browser_of(getattr(people, who)())
    assert getattr(client, method)(reverse(f"datasets:{name}", args=args)).status_code == 403
    assert LabelImport.objects.get().state == "read"


def page(curator, name, *args, **asked) -> str:
    answer = people.browser_of(curator).get(reverse(f"datasets:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_file_is_sent_looked_through_applied_and_taken_back(upload, curator, batch):
    client = people.browser_of(curator)
    result = page(curator, "import", upload.pk)
    assert result.count('data-testid="import-line"') == 3
    assert "contradicts line 2" in result
    assert page(curator, "import", upload.pk, standing="no_picture").count('data-testid="import-line"') == 1
    client.post(reverse("datasets:import_apply", args=[upload.pk]))
    assert 'data-state="applying"' in page(curator, "import", upload.pk)
    labels_import({"import": upload.pk}, FakeProgress())
    result = page(curator, "import", upload.pk)
    assert 'data-state="applied"' in result
    assert 'data-written="1"' in result
    assert client.post(reverse("datasets:import_apply", args=[upload.pk])).status_code == 409
    client.post(reverse("datasets:import_undo", args=[upload.pk]))
    labels_import({"import": upload.pk}, FakeProgress())
    assert 'data-state="undone"' in page(curator, "import", upload.pk)
    assert client.post(reverse("datasets:import_undo", args=[upload.pk])).status_code == 409


def test_a_file_comes_by_the_form(batch, curator):
    client = people.browser_of(curator)
    sent = {"file": io.BytesIO("sha256,item\n".encode("utf-16")), "by_name_in": batch.pk}
    answer = client.post(reverse("datasets:import_send"), sent, follow=True)
    assert 'data-state="reading"' in answer.content.decode()
    made = LabelImport.objects.get()
    assert made.by_name_in == batch
    labels_import({"import": made.pk}, FakeProgress())
    assert "The file is UTF-16, not UTF-8" in page(curator, "import", made.pk)
    assert 'data-state="failed"' in page(curator, "imports")
    assert client.post(reverse("datasets:import_send")).status_code == 400
    wrong = {"file": io.BytesIO(b"x"), "by_name_in": "999"}
    assert client.post(reverse("datasets:import_send"), wrong).status_code == 404


def test_the_api_of_files(upload, curator, batch):
    client = people.api_of(curator)
    made = client.post("/api/v1/label-imports/", {"file": io.BytesIO(b"sha256,item\n")}, format="multipart")
    assert (made.status_code, made.json()["status"]) == (201, "reading")
    assert client.post("/api/v1/label-imports/", {}, format="multipart").json()["code"] == "bad_upload"
    result = client.get(f"/api/v1/label-imports/{upload.pk}/").json()
    assert {name: count for name, count in result["rows"].items() if count} == {
        "new": 1,
        "bad": 1,
        "no_picture": 1,
    }
    rows = client.get(f"/api/v1/label-imports/{upload.pk}/rows/?standing=bad").json()["results"]
    assert rows[0]["word"] == "contradicts line 2"
    address = f"/api/v1/label-imports/{upload.pk}"
    assert client.post(f"{address}/apply/", {"replace": True}, format="json").status_code == 202
    labels_import({"import": upload.pk}, FakeProgress())
    assert client.get(f"{address}/").json()["written"] == 1
    assert client.post(f"{address}/undo/").status_code == 202
    assert client.post(f"{address}/apply/").status_code == 409
