"""What is shown when something cannot be shown."""

import errno

import pytest
from django.db import OperationalError
from django.test import Client

from tests import factories
from webapp.core import health


def test_a_missing_page_says_what_to_do(browse, owner):
    answer = browse(owner).get("/batches/999/")
    assert answer.status_code == 404
    assert 'data-testid="error-page" data-status="404"' in answer.content.decode()


def test_a_closed_door_says_why(browse, owner):
    answer = browse(owner).get("/gallery/import/")
    assert answer.status_code == 403
    assert "Only a curator can do this." in answer.content.decode()


def test_programs_are_told_in_json(browse, owner):
    answer = browse(owner).get("/batches/999/", headers={"Accept": "application/json"})
    assert answer.json()["code"] == "not_found"


def test_a_refusal_is_a_page_for_people_and_json_for_scripts(browse, owner):
    batch = factories.batch(owner)
    address = f"/batches/{batch.pk}/exports/new/"
    page = browse(owner).post(address, {"format": "pdf"}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "is not a format" in page.content.decode()
    for headers in [{"Accept": "*/*"}, {"Accept": "text/html", "HX-Request": "true"}]:
        assert browse(owner).post(address, {"format": "pdf"}, headers=headers).json()["code"] == "bad_format"


def test_a_form_from_elsewhere_is_refused(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/accounts/logout/")
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()
    assert client.post("/accounts/logout/", headers={"Accept": "application/json"}).json()["code"] == "csrf"


def test_a_fault_of_ours_shows_a_page(browse, owner, monkeypatch):
    def broken(request):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("webapp.batches.views.batches_for", broken)
    client = browse(owner)
    client.raise_request_exception = False
    answer = client.get("/batches/")
    assert answer.status_code == 500
    assert "broken on purpose" not in answer.content.decode()
    assert 'data-status="500"' in answer.content.decode()


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), OperationalError("database or disk is full")]
)
def test_a_full_disk_is_named_whatever_was_to_be_written(browse, owner, monkeypatch, error):
    owner.set_password("a block of pear wood")
    owner.save()

    def full(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", full)
    client = browse(None)
    client.raise_request_exception = False
    body = {"username": owner.username, "password": "a block of pear wood"}
    answer = client.post("/accounts/login/", body)
    assert answer.status_code == 507
    assert "disk is full" in answer.content.decode()
    answer = client.post("/accounts/login/", body, headers={"Accept": "application/json"})
    assert answer.status_code == 507
    assert answer.json()["code"] == "disk_full"
    assert answer.json()["retryable"]


def test_the_api_has_one_shape_for_whatever_goes_wrong(api, owner, monkeypatch):
    def shape(answer, status, code):
        assert answer.status_code == status
        assert answer.json().keys() >= {"code", "error", "hint", "retryable"}
        assert answer.json()["code"] == code
        assert answer.json()["error"]

    shape(api(None).get("/api/v1/batches/"), 401, "not_authenticated")
    shape(api(owner).get("/api/v1/audits/"), 403, "forbidden")
    shape(api(owner).get("/api/v1/batches/999/"), 404, "not_found")
    shape(api(owner).get("/api/v1/nothing/"), 404, "not_found")
    shape(api(owner).put("/api/v1/batches/"), 405, "method_not_allowed")
    shape(api(owner).post("/api/v1/batches/", "x", content_type="text/csv"), 415, "unsupported_media_type")
    monkeypatch.setattr("webapp.batches.api.batches_for", None)
    client = api(owner)
    client.raise_request_exception = False
    shape(client.get("/api/v1/batches/"), 500, "error")


@pytest.mark.parametrize("part", ["database", "data", "broker"])
def test_readiness_names_what_is_amiss(browse, monkeypatch, db, part):
    for name in ["database", "data", "broker"]:
        monkeypatch.setattr(health, f"_{name}", lambda said="gone" if name == part else "": said)
    answer = browse(None).get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "waiting", "troubles": {part: "gone"}}


def test_readiness_when_all_is_well(browse, monkeypatch, db):
    monkeypatch.setattr(health, "_broker", lambda: "")
    assert browse(None).get("/health/ready").json() == {"status": "ready", "troubles": {}}


def test_a_broker_that_is_away_is_named(browse, db):
    answer = browse(None).get("/health/ready")
    assert list(answer.json()["troubles"]) == ["broker"]
