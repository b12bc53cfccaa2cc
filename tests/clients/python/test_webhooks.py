"""A receiver knows whether a message is from here; server, published library and client agree."""

import json
import time
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from mocban_client.webhooks import BadSignature, verify
from webapp.hooks.sending.signing import made_salt, secret_of, signature

BODY = '{"type":"batch.ready","data":{"名":"喃"}}'.encode()


def headers(salts, *, body=BODY, at=None):
    at = int(time.time()) if at is None else at
    signed = signature(salts, message="evt_1", timestamp=at, body=body)
    return {"Webhook-Id": "evt_1", "Webhook-Timestamp": str(at), "Webhook-Signature": signed}


def test_what_the_server_signs_is_right():
    old, new = made_salt(), made_salt()
    for salt in (old, new):
        assert verify(BODY, headers([new, old]), secret_of(salt)) == json.loads(BODY)
    assert verify(BODY.decode(), headers([new]), secret_of(new))["type"] == "batch.ready"


def test_what_the_published_library_signs_is_right_too():
    secret, now = secret_of(made_salt()), datetime.now(UTC)
    signed = Webhook(secret).sign("evt_1", now, BODY.decode())
    values = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signed,
    }
    assert verify(BODY, values, secret) == json.loads(BODY)


SALT, ANOTHER = "s" * 43, "a" * 43


@pytest.mark.parametrize(
    ("change", "body", "secret", "code"),
    [
        ({}, BODY + b" ", SALT, "bad_signature"),
        ({}, BODY, ANOTHER, "bad_signature"),
        ({"Webhook-Id": "evt_2"}, BODY, SALT, "bad_signature"),
        ({"Webhook-Signature": "v1,"}, BODY, SALT, "bad_signature"),
        ({"Webhook-Signature": "v1,not base64!"}, BODY, SALT, "bad_signature"),
        ({"Webhook-Signature": "v1a,x v2"}, BODY, SALT, "bad_signature"),
        ({"Webhook-Signature": ""}, BODY, SALT, "no_signature"),
        ({"Webhook-Timestamp": "soon"}, BODY, SALT, "too_old"),
        ({"Webhook-Timestamp": str(int(time.time()) - 900)}, BODY, SALT, "too_old"),
        ({"Webhook-Timestamp": str(int(time.time()) + 9000)}, BODY, SALT, "too_old"),
    ],
)
def test_what_is_not_right_is_not_believed(change, body, secret, code):
    with pytest.raises(BadSignature) as caught:
        verify(body, headers([SALT]) | change, secret_of(secret))
    assert caught.value.code == code


def test_an_old_message_with_a_right_signature_is_too_old():
    with pytest.raises(BadSignature) as caught:
        verify(BODY, headers([SALT], at=int(time.time()) - 400), secret_of(SALT))
    assert caught.value.code == "too_old"
    assert verify(BODY, headers([SALT], at=int(time.time()) - 400), secret_of(SALT), tolerance=600)


def test_a_secret_that_is_none():
    with pytest.raises(BadSignature) as caught:
        verify(BODY, headers([SALT]), "whsec_?")
    assert caught.value.code == "bad_secret"
