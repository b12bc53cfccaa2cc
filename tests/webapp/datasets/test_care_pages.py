"""Pages and API of audits and of files of labels: for curators alone, in every state."""

import csv
import io

import pytest
from django.urls import reverse

from tests import factories, people
from tests.webapp.datasets.importing import Told
from webapp.datasets.audits import Doubted, audit_finish, newest_words
from webapp.datasets.audits import Told as Label
from webapp.datasets.imports import import_add
from webapp.datasets.models import Audit, LabelImport
from webapp.review.services import decision_record
from workers.tasks.label_import import labels_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(owner):
    return factories.batch(owner, name="Kiều")


@pytest.fixture
def items():
    return [factories.item(seed=n, name=f"{n}.stl", character=c) for n, c in enumerate("字𠄎")]


@pytest.fixture
def audit(batch, items, owner, curator):
    """Of three labels: a wrong match, a "none" that fits, and one whose character has no block."""
    made = Audit.objects.create(batch=batch, created_by=curator)
    began, rows = newest_words(), []
    for n, (kind, suggested, character) in enumerate(
        [("character", items[1].pk, ""), ("none", items[0].pk, ""), ("character", None, "龘")]
    ):
        query = factories.query(batch, seed=n, name=f"=1+{n}.png")
        match = {"verdict": "match", "item": items[0]} if kind != "none" else {"verdict": "none"}
        decision = decision_record(query=query, annotator=owner, **match)
        began = newest_words()
        told = Label(query.pk, query.sha256, decision.pk, (), "")
        rows.append(Doubted(told, kind, 0.95 - 0.2 * n, suggested, character))
    audit_finish(
        audit=made, model=factories.release().model, rows=rows, labels=50, left_out=1, wrong=2, began=began
    )
    made.refresh_from_db()
    return made


@pytest.fixture
def upload(batch, items, curator):
    query = factories.query(batch, seed=50, name="a.png")
    text = f"sha256,item,codepoint\n{query.sha256},1.stl,\n{query.sha256},0.stl,\n{'0' * 64},1.stl,\n"
    made = import_add(user=curator, stream=io.BytesIO(text.encode()), name="may.csv")
    labels_import({"import": made.pk}, Told())
    made.refresh_from_db()
    return made


ADDRESSES = [
    ("get", "audits", ""),
    ("post", "audit_ask", ""),
    ("get", "audit", "audit"),
    ("get", "audit_table", "audit"),
    ("get", "imports", ""),
    ("post", "import_send", ""),
    ("get", "import", "upload"),
    ("post", "import_apply", "upload"),
    ("post", "import_undo", "upload"),
]


@pytest.mark.parametrize("who", ["owner", "reviewer"])
@pytest.mark.parametrize(("method", "name", "of"), ADDRESSES, ids=[name for _, name, _ in ADDRESSES])
def test_only_curators_come_in(audit, upload, method, name, of, who):
    args = [{"audit": audit, "upload": upload}[of].pk] if of else []
    client = people.browser_of(getattr(people, who)())
    assert getattr(client, method)(reverse(f"datasets:{name}", args=args)).status_code == 403
    assert (Audit.objects.count(), LabelImport.objects.get().state) == (1, "read")


def page(curator, name, *args, **asked) -> str:
    answer = people.browser_of(curator).get(reverse(f"datasets:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_way_is_shown_where_one_would_look(audit, upload, curator, owner, batch):
    told = page(curator, "snapshots")
    assert reverse("datasets:audits") in told
    assert reverse("datasets:imports") in told
    assert reverse("datasets:audit_ask") in page(curator, "snapshot", factories.snapshot(curator).number)
    address = reverse("batches:detail", args=[batch.pk])
    assert 'data-testid="audit-create"' in people.browser_of(curator).get(address).content.decode()
    assert 'data-testid="audit-create"' not in people.browser_of(owner).get(address).content.decode()


def test_an_audit_is_asked_for(batch, curator):
    client = people.browser_of(curator)
    answer = client.post(reverse("datasets:audit_ask"), {"batch": batch.pk}, follow=True)
    assert 'data-state="waiting"' in answer.content.decode()
    snapshot = factories.snapshot(curator)
    client.post(reverse("datasets:audit_ask"), {"snapshot": snapshot.number})
    assert [(one.batch, one.snapshot) for one in Audit.objects.order_by("pk")] == [
        (batch, None),
        (None, snapshot),
    ]
    for wrong in ({}, {"batch": "x"}, {"batch": "9" * 40}, {"snapshot": "99"}):
        assert client.post(reverse("datasets:audit_ask"), wrong).status_code == 404


def test_its_list_shows_why_and_leads_to_the_card(audit, batch, curator, owner, items):
    told = page(curator, "audit", audit.pk)
    assert told.count('data-testid="doubted"') == 3
    first = audit.rows.first()
    assert f"/batches/{batch.pk}/review/?query={first.query_id}" in told
    for words in ("very doubtful", "0.95", "1.stl", "U+2010E", "no block of the gallery shows it", "owner"):
        assert words in told
    assert 'data-seen="0"' in told
    decision_record(query=first.query, annotator=curator, verdict="match", item=items[1])
    told = page(curator, "audit", audit.pk)
    assert 'data-seen="1" data-changed="1"' in told
    assert "Of the first 100, 1 was looked at so far; 1 of them was changed." in told
    assert page(curator, "audit", audit.pk, state="changed").count('data-testid="doubted"') == 1
    assert page(curator, "audit", audit.pk, kind="none").count('data-testid="doubted"') == 1
    assert page(curator, "audit", audit.pk, kind="?", state="?").count('data-testid="doubted"') == 3


def test_a_label_that_was_brought_in_says_from_where(audit, upload, curator):
    row = audit.rows.first()
    upload.rows.filter(standing="new").update(decision=row.decision, said_by="An")
    assert "brought in from may.csv, said there by An" in page(curator, "audit", audit.pk)


def test_a_failed_one_says_why(audit, curator):
    Audit.objects.update(state="failed", error="nothing is live", hint="wait")
    assert "nothing is live wait" in page(curator, "audit", audit.pk)
    assert 'data-state="failed"' in page(curator, "audits")


def test_its_table_runs_no_formula(audit, curator):
    answer = people.browser_of(curator).get(reverse("datasets:audit_table", args=[audit.pk]))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["name"] for row in rows] == ["'=1+0.png", "'=1+1.png", "'=1+2.png"]
    assert [row["suggested_character"] for row in rows] == ["𠄎", "字", "龘"]


def test_a_file_is_sent_looked_through_applied_and_taken_back(upload, curator, batch):
    client = people.browser_of(curator)
    told = page(curator, "import", upload.pk)
    assert told.count('data-testid="import-line"') == 3
    assert "line 2 says otherwise of this picture" in told
    assert page(curator, "import", upload.pk, standing="no_picture").count('data-testid="import-line"') == 1
    client.post(reverse("datasets:import_apply", args=[upload.pk]))
    assert 'data-state="applying"' in page(curator, "import", upload.pk)
    labels_import({"import": upload.pk}, Told())
    told = page(curator, "import", upload.pk)
    assert 'data-state="applied"' in told
    assert 'data-written="1"' in told
    assert client.post(reverse("datasets:import_apply", args=[upload.pk])).status_code == 409
    client.post(reverse("datasets:import_undo", args=[upload.pk]))
    labels_import({"import": upload.pk}, Told())
    assert 'data-state="undone"' in page(curator, "import", upload.pk)
    assert client.post(reverse("datasets:import_undo", args=[upload.pk])).status_code == 409


def test_a_file_comes_by_the_form(batch, curator):
    client = people.browser_of(curator)
    sent = {"file": io.BytesIO("sha256,item\n".encode("utf-16")), "by_name_in": batch.pk}
    answer = client.post(reverse("datasets:import_send"), sent, follow=True)
    assert 'data-state="reading"' in answer.content.decode()
    made = LabelImport.objects.get()
    assert made.by_name_in == batch
    labels_import({"import": made.pk}, Told())
    assert "the file is UTF-16, not UTF-8" in page(curator, "import", made.pk)
    assert 'data-state="failed"' in page(curator, "imports")
    assert client.post(reverse("datasets:import_send")).status_code == 400
    wrong = {"file": io.BytesIO(b"x"), "by_name_in": "999"}
    assert client.post(reverse("datasets:import_send"), wrong).status_code == 404


def test_the_api_of_audits(audit, batch, curator, items):
    client = people.api_of(curator)
    made = client.post("/api/v1/audits/", {"batch": batch.pk}, format="json")
    assert (made.status_code, made.json()["status"]) == (201, "waiting")
    assert client.post("/api/v1/audits/", {}, format="json").status_code == 400
    decision_record(query=audit.rows.first().query, annotator=curator, verdict="none")
    told = client.get(f"/api/v1/audits/{audit.pk}/").json()
    assert (told["labels"], told["wrong"], told["left_out"]) == (50, 2, 1)
    assert told["progress"] == {"total": 3, "kept": 0, "changed": 1, "first_seen": 1, "first_changed": 1}
    rows = client.get(f"/api/v1/audits/{audit.pk}/rows/?kind=character").json()["results"]
    assert [(row["rank"], row["suggested"], row["character"], row["annotator"]) for row in rows] == [
        (1, items[1].pk, "", "owner"),
        (3, None, "龘", "owner"),
    ]
    assert client.get(f"/api/v1/audits/{audit.pk}/rows/?kind=x").status_code == 400


def test_the_api_of_files(upload, curator, batch):
    client = people.api_of(curator)
    made = client.post("/api/v1/label-imports/", {"file": io.BytesIO(b"sha256,item\n")}, format="multipart")
    assert (made.status_code, made.json()["status"]) == (201, "reading")
    assert client.post("/api/v1/label-imports/", {}, format="multipart").json()["code"] == "bad_upload"
    told = client.get(f"/api/v1/label-imports/{upload.pk}/").json()
    assert {name: count for name, count in told["rows"].items() if count} == {
        "new": 1,
        "bad": 1,
        "no_picture": 1,
    }
    rows = client.get(f"/api/v1/label-imports/{upload.pk}/rows/?standing=bad").json()["results"]
    assert rows[0]["word"] == "line 2 says otherwise of this picture"
    address = f"/api/v1/label-imports/{upload.pk}"
    assert client.post(f"{address}/apply/", {"replace": True}, format="json").status_code == 202
    labels_import({"import": upload.pk}, Told())
    assert client.get(f"{address}/").json()["written"] == 1
    assert client.post(f"{address}/undo/").status_code == 202
    assert client.post(f"{address}/apply/").status_code == 409
