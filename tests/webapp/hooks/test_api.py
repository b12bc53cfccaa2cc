"""Webhooks by program."""

import pytest

from webapp.hooks.deliveries import Outcome, delivery_note
from webapp.hooks.models import Delivery, EventKind, Hook

pytestmark = pytest.mark.django_db
API = "/api/v1/webhooks/"
LAB = {"name": "lab", "url": "https://example.org/hook", "events": ["snapshot.frozen"]}


@pytest.fixture
def client(api, curator):
    return api(curator)


@pytest.fixture
def hook(client):
    return client.post(API, LAB, format="json").json()


def test_the_secret_is_in_the_first_answer_alone(client):
    sent = client.post(API, LAB, format="json")
    assert sent.status_code == 201
    assert sent["Cache-Control"] == "no-store"
    secret = sent.json()["secret"]
    assert secret.startswith("whsec_")
    for address in (API, f"{API}{sent.json()['id']}/"):
        assert "secret" not in client.get(address).content.decode()
    renewed = client.post(f"{API}{sent.json()['id']}/secret/")
    assert renewed.json()["secret"].startswith("whsec_")
    assert renewed.json()["secret"] != secret


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"url": "http://10.0.0.1/"}, "inner_address"),
        ({"url": "mailto:a@example.org"}, "bad_address"),
        ({"events": []}, "invalid"),
        ({"events": ["odd"]}, "invalid"),
        ({"name": ""}, "invalid"),
    ],
)
def test_what_does_not_do_is_refused(client, values, code):
    sent = client.post(API, LAB | values, format="json")
    assert sent.status_code == 400
    assert sent.json().get("code") == code
    assert not Hook.objects.exists()


def test_it_is_changed_switched_and_deleted(client, hook):
    address = f"{API}{hook['id']}/"
    body = client.patch(address, {"events": ["model.promoted", "batch.ready"]}, format="json").json()
    assert body["events"] == ["batch.ready", "model.promoted"]
    assert (body["name"], body["url"]) == (LAB["name"], LAB["url"])
    assert client.patch(address, {"active": False}, format="json").json()["active"] is False
    assert client.patch(address, {"active": True}, format="json").json()["active"] is True
    assert client.patch(address, {"url": "x"}, format="json").status_code == 400
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404


def test_what_became_of_messages_is_told(client, hook):
    sent = client.post(f"{API}{hook['id']}/trial/")
    assert sent.status_code == 202
    delivery = Delivery.objects.get()
    delivery_note(delivery=delivery, outcome=Outcome(500, "oh", "bad_status", "the receiver answered 500"))
    [body] = client.get(f"{API}{hook['id']}/deliveries/").json()["results"]
    assert (body["type"], body["state"], body["status"], body["answer"]) == (
        "hook.trial",
        "failed",
        500,
        "oh",
    )
    assert body["message"] == delivery.event.message_id
    again = client.post(f"{API}{hook['id']}/deliveries/{body['id']}/again/")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    assert client.post(f"{API}{hook['id'] + 1}/deliveries/{body['id']}/again/").status_code == 404


def test_every_kind_is_in_the_schema(client):
    schema = client.get("/api/v1/schema/?format=json").json()["components"]["schemas"]
    text = str(schema["HookRequest"]["properties"]["events"])
    named = text if "$ref" not in text else str(schema[text.split("schemas/")[1].split("'")[0]])
    assert all(kind in named for kind in EventKind.values)
