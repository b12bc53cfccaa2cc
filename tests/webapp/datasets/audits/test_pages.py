"""Pages and API of audits: for curators alone, in every state."""

import csv
import io

import pytest
from django.urls import reverse

from tests import factories, people
from tests.markup import markup
from webapp.datasets.audits.labels import AuditLabel, DoubtfulLabel
from webapp.datasets.audits.services import audit_finish, newest_answers
from webapp.datasets.models import Audit, AuditRow, LabelImport

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
    began, rows = newest_answers(), []
    for n, (kind, suggested, character) in enumerate(
        [("character", items[1].pk, ""), ("none", items[0].pk, ""), ("character", None, "龘")]
    ):
        query = factories.query(batch, seed=n, name=f"=1+{n}.png")
        match = {"verdict": "match", "item": items[0]} if kind != "none" else {"verdict": "none"}
        decision = factories.answer(query=query, annotator=owner, **match)
        began = newest_answers()
        label = AuditLabel(query.pk, query.sha256, decision.pk, (), "")
        rows.append(DoubtfulLabel(label, kind, 0.95 - 0.2 * n, suggested, character))
    audit_finish(
        audit=made, model=factories.release().model, rows=rows, labels=50, left_out=1, wrong=2, began=began
    )
    made.refresh_from_db()
    return made


ADDRESSES = [
    ("get", "audits", False),
    ("post", "audit_ask", False),
    ("get", "audit", True),
    ("get", "audit_table", True),
]


@pytest.mark.parametrize("who", ["owner", "reviewer"])
@pytest.mark.parametrize(("method", "name", "of_one"), ADDRESSES, ids=[name for _, name, _ in ADDRESSES])
def test_only_curators_come_in(audit, method, name, of_one, who):
    args = [audit.pk] if of_one else []
    client = people.browser_of(getattr(people, who)())
    assert getattr(client, method)(reverse(f"datasets:{name}", args=args)).status_code == 403
    assert Audit.objects.count() == 1


def page(curator, name, *args, **asked) -> str:
    answer = people.browser_of(curator).get(reverse(f"datasets:{name}", args=args), asked)
    assert answer.status_code == 200
    return markup(answer)


def test_the_way_is_shown_where_one_would_look(audit, curator, owner, batch):
    result = page(curator, "snapshots")
    assert reverse("datasets:audits") in result
    assert reverse("datasets:imports") in result
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
    result = page(curator, "audit", audit.pk)
    assert result.count('data-testid="doubted"') == 3
    first = audit.rows.first()
    assert f"/batches/{batch.pk}/review/?query={first.query_id}" in result
    for words in (
        "very doubtful",
        "0.95",
        "1.stl",
        "U+2010E",
        "no block in the gallery has this character",
        "owner",
    ):
        assert words in result
    assert 'data-seen="0"' in result
    factories.answer(query=first.query, annotator=curator, verdict="match", item=items[1])
    result = page(curator, "audit", audit.pk)
    assert 'data-seen="1" data-changed="1"' in result
    assert "1 of the first 100 is reviewed so far; 1 of them was changed." in result
    assert page(curator, "audit", audit.pk, state="changed").count('data-testid="doubted"') == 1
    assert page(curator, "audit", audit.pk, kind="none").count('data-testid="doubted"') == 1
    assert page(curator, "audit", audit.pk, kind="?", state="?").count('data-testid="doubted"') == 3


def test_it_does_not_contradict_itself(audit, curator, items):
    """A character without a block is no block; and a block may be deleted since."""
    result = page(curator, "audit", audit.pk)
    assert "no block in the gallery has this character" in result
    assert "a block of another character fits better" not in result
    assert result.count("another character fits better") >= 2
    AuditRow.objects.filter(kind="none").update(suggested=None)
    result = page(curator, "audit", audit.pk, kind="none")
    assert "a block that is no longer in the gallery" in result
    assert result.count("none of these") == 1  # the label itself


def test_a_label_that_was_brought_in_says_from_where(audit, curator):
    upload = LabelImport.objects.create(name="may.csv", sha256="0" * 64, created_by=curator)
    upload.rows.create(line=2, standing="new", decision=audit.rows.first().decision, said_by="An")
    assert "imported from may.csv, labelled there by An" in page(curator, "audit", audit.pk)


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


def test_the_api_of_audits(audit, batch, curator, items):
    client = people.api_of(curator)
    made = client.post("/api/v1/audits/", {"batch": batch.pk}, format="json")
    assert (made.status_code, made.json()["status"]) == (201, "waiting")
    assert client.post("/api/v1/audits/", {}, format="json").status_code == 400
    factories.answer(query=audit.rows.first().query, annotator=curator, verdict="none")
    result = client.get(f"/api/v1/audits/{audit.pk}/").json()
    assert (result["labels"], result["wrong"], result["left_out"]) == (50, 2, 1)
    assert result["progress"] == {"total": 3, "kept": 0, "changed": 1, "first_seen": 1, "first_changed": 1}
    rows = client.get(f"/api/v1/audits/{audit.pk}/rows/?kind=character").json()["results"]
    assert [(row["rank"], row["suggested"], row["character"], row["annotator"]) for row in rows] == [
        (1, items[1].pk, "", "owner"),
        (3, None, "龘", "owner"),
    ]
    assert client.get(f"/api/v1/audits/{audit.pk}/rows/?kind=x").status_code == 400
