"""Models by program: brought in, measured, promoted and gone back from, with the pages' own rules."""

import hashlib
import io

import pytest

from tests import factories
from webapp.jobs.models import Job
from webapp.registry.selectors import live_release, model_path
from webapp.registry.services import release_make_live
from webapp.training.models import Evaluation, Finished, ModelFile, Promotion
from webapp.training.services import model_file_refuse, promotion_finish

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def client(api, curator):
    return api(curator)


@pytest.fixture
def live():
    release = factories.release()
    release.model.sha256 = hashlib.sha256(b"weights").hexdigest()
    release.model.save()
    path = model_path(release.model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    return release


@pytest.fixture
def measured(live, curator, owner):
    batch = factories.batch(owner)
    queries = [factories.query(batch) for _ in range(2)]
    items = [factories.item() for _ in range(2)]
    return factories.evaluation(curator, won=queries[0], lost=queries[1], items=items)


def test_a_weights_file_is_brought_in(client, live):
    file = io.BytesIO(b"weights")
    file.name = "new.safetensors"
    sent = client.post(f"{API}/models/", {"file": file}, format="multipart")
    assert sent.status_code == 202
    assert Job.objects.get().kind == "model.read"
    address = f"{API}/models/files/{sent.json()['id']}/"
    body = client.get(address).json()
    assert (body["name"], body["status"], body["model"]) == ("new.safetensors", "waiting", None)
    model_file_refuse(pk=body["id"], code="bad_model", error="it is no model", hint="train one")
    error = client.get(address).json()["error"]
    assert error == {"code": "bad_model", "message": "it is no model", "hint": "train one"}
    assert client.post(f"{API}/models/", {}, format="multipart").status_code == 400
    assert ModelFile.objects.count() == 1


def test_models_are_listed_and_taken_away(client, live):
    candidate = factories.candidate()
    found = client.get(f"{API}/models/").json()["results"]
    assert [(one["id"], one["live"]) for one in found] == [(candidate.pk, False), (live.model_id, True)]
    body = client.get(f"{API}/models/{live.model_id}/").json()
    assert (body["name"], body["live"], body["width"]) == ("test", True, 4)
    answer = client.get(body["file"])
    assert b"".join(answer.streaming_content) == b"weights"
    assert f'filename="test-{body["sha256"][:8]}.safetensors"' in answer["Content-Disposition"]
    assert client.get(f"{API}/models/{candidate.pk}/file/").status_code == 404
    assert client.get(f"{API}/models/0/").status_code == 404


def test_a_model_is_measured(client, live, curator):
    snapshot, candidate = factories.snapshot(curator), factories.candidate()
    wanted = {"model": candidate.pk, "snapshot": snapshot.number, "split": "character"}
    sent = client.post(f"{API}/evaluations/", wanted, format="json")
    assert sent.status_code == 201
    body = client.get(f"{API}/evaluations/{sent.json()['id']}/").json()
    assert (body["model"], body["live"], body["snapshot"]) == (candidate.pk, live.model_id, snapshot.number)
    assert (body["split"], body["status"], body["results"], body["gates"]) == (
        "character",
        "waiting",
        None,
        None,
    )
    assert (body["error"], body["created_by"]) == (None, "curator")
    why = {"error_code": "nothing_to_ask", "error": "nothing to ask", "hint": "label more"}
    Evaluation.objects.update(state=Finished.FAILED, **why)
    body = client.get(f"{API}/evaluations/{body['id']}/").json()
    expected = {"code": "nothing_to_ask", "message": "nothing to ask", "hint": "label more"}
    assert body["error"] == expected


@pytest.mark.parametrize(
    "wanted", [{}, {"model": 0}, {"snapshot": 99}, {"split": "x"}, {"model": "live"}], ids=str
)
def test_what_cannot_be_measured_is_refused(client, live, curator, wanted):
    right = {"model": factories.candidate().pk, "snapshot": factories.snapshot(curator).number}
    if wanted.get("model") == "live":
        wanted = {"model": live.model_id}
    sent = client.post(f"{API}/evaluations/", (right | wanted) if wanted else {}, format="json")
    assert sent.status_code == 400
    assert not Evaluation.objects.exists()


def test_what_was_measured_is_told_with_its_gates(client, measured):
    body = client.get(f"{API}/evaluations/{measured.pk}/").json()
    assert body["results"]["queries"] == 100
    assert {gate["name"]: gate["open"] for gate in body["gates"]} == dict.fromkeys(
        ("queries", "better", "slices", "calibration"), True
    )
    assert [one["id"] for one in client.get(f"{API}/evaluations/").json()["results"]] == [measured.pk]


def test_a_model_is_promoted(client, measured):
    wanted = {"model": measured.candidate_id, "evaluation": measured.pk}
    sent = client.post(f"{API}/promotions/", wanted, format="json")
    assert sent.status_code == 201
    again = client.post(f"{API}/promotions/", wanted, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "promotion_under_way")
    release = release_make_live(model=measured.candidate, index=None)
    promotion_finish(promotion=Promotion.objects.get(), release=release)
    body = client.get(f"{API}/promotions/{sent.json()['id']}/").json()
    assert (body["status"], body["release"], body["evaluation"]) == ("ready", release.pk, measured.pk)
    assert client.get(f"{API}/releases/live/").json()["id"] == release.pk


def test_behind_a_closed_gate_a_promotion_wants_a_reason(client, live):
    candidate = factories.candidate()
    sent = client.post(f"{API}/promotions/", {"model": candidate.pk}, format="json")
    assert (sent.status_code, sent.json()["code"]) == (400, "gate_closed")
    sent = client.post(f"{API}/promotions/", {"model": candidate.pk, "reason": "to see"}, format="json")
    assert (sent.status_code, sent.json()["reason"]) == (201, "to see")


def test_an_earlier_release_answers_again(client, live):
    new = release_make_live(model=factories.candidate(), index=None)
    found = client.get(f"{API}/releases/").json()["results"]
    assert [(one["id"], one["live"]) for one in found] == [(new.pk, True), (live.pk, False)]
    back = client.post(f"{API}/releases/{live.pk}/back/", {"reason": "it was better"}, format="json")
    assert back.status_code == 201
    assert (back.json()["model"], back.json()["live"]) == (live.model_id, True)
    assert live_release().pk == back.json()["id"]
    assert client.get(f"{API}/promotions/").json()["results"][0]["reason"] == "it was better"
    again = client.post(f"{API}/releases/{back.json()['id']}/back/", format="json")
    assert (again.status_code, again.json()["code"]) == (409, "already_live")


def test_before_the_first_set_up_nothing_is_live(client):
    answer = client.get(f"{API}/releases/live/")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_release")
