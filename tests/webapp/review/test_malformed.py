"""Whatever JSON comes, by page or by program, is taken or refused in words; never an error of ours."""

import json
import uuid

import pytest
from django.db import connection

from tests import factories
from webapp.review.models import Decision

RAW = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"3",
    b'"x"',
    b"\xff\xfe",
    b'{"verdict": "none"',
    b"[" * 100_000,
    b'{"a": ' * 5_000,
    b"1" * 5_000,
    b'{"verdict": ' + b"1" * 5_000 + b"}",
]
VALUES = [
    *(None, True, False, 0, 1, -1, 1.5, float("nan"), float("inf"), 2**63, 2**70, 10**400),
    *("", "x", " ", "1", "a\0b", "\ud800", "x" * 20_000, "none", "\u202e"),
    *([], [None], [[]], [{}], [True], [0], [-1], ["x"], [2**70], [10**400], list(range(1, 1_000))),
    *({}, {"a": 1}, {"item": 1}, [{"item": None}], [{"item": []}], [{"item": 10**400}], [[1, 2, 3]]),
]
# What a database may take otherwise than another: numbers beyond its own, and text that is none to it.
OF_A_DATABASE = [2**63, 2**70, 10**400, float("nan"), float("inf"), "a\0b", "\ud800", "x" * 20_000]
PAGE = {
    "/queries/{query}/answer/": (
        {"verdict": "match", "item": "{item}", "client_key": "{key}"},
        [
            "verdict",
            "item",
            "relation",
            "reason",
            "comment",
            "also",
            "flag",
            "shown",
            "version",
            "client_key",
        ],
    ),
    "/queries/{query}/remark/": ({"text": "x"}, ["text", "flag"]),
    "/batches/{batch}/review/deal/": ({}, ["order", "count", "have", "skipped", "after"]),
    "/batches/{batch}/review/hold/": ({}, ["ids"]),
    "/batches/{batch}/review/release/": ({}, ["ids"]),
    "/batches/{batch}/sure/confirm/": (
        {"key": "{key}", "item": "{item}", "right": [], "wrong": []},
        ["key", "item", "right", "wrong"],
    ),
    "/batches/{batch}/sure/accept/": (
        {"key": "{key}", "threshold": 0.5, "newest": 1},
        ["key", "threshold", "newest"],
    ),
}
API = {
    "/api/v1/queries/{query}/decisions/": PAGE["/queries/{query}/answer/"],
    "/api/v1/queries/{query}/remarks/": PAGE["/queries/{query}/remark/"],
    "/api/v1/queries/{query}/rulings/": (
        {"kind": "settle", "verdict": "match", "item": "{item}"},
        ["kind", "verdict", "item", "relation", "reason", "also", "comment"],
    ),
    "/api/v1/batches/{batch}/deal/": PAGE["/batches/{batch}/review/deal/"],
    "/api/v1/batches/{batch}/hold/": PAGE["/batches/{batch}/review/hold/"],
    "/api/v1/batches/{batch}/release/": PAGE["/batches/{batch}/review/release/"],
}


@pytest.fixture
def query(curator):
    query = factories.query(factories.batch(curator))
    factories.suggestions(query, [factories.item()])
    return query


def filled(sent, query):
    fills = {"{item}": query.suggestions.get().item_id, "{key}": str(uuid.uuid4())}
    return {
        name: fills.get(value, value) if isinstance(value, str) else value for name, value in sent.items()
    }


def send(client, query, address, body):
    address = address.format(query=query.pk, batch=query.batch_id)
    headers = {"Accept": "application/json"}
    return client.post(address, body, content_type="application/json", headers=headers)


def check(response, *, page, what):
    assert response.status_code < 500, what
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/json", (what, response.content[:500])
        assert response.json(), what
        assert not page or {"code", "error", "hint", "retryable"} <= response.json().keys(), what


@pytest.mark.parametrize("address", [*PAGE, *API])
def test_a_body_of_any_bytes(query, curator, browse, address):
    client = browse(curator)
    for raw in RAW if address in PAGE else RAW[1:]:  # to a program, no body is an empty form
        found = send(client, query, address, raw)
        check(found, page=address in PAGE, what=raw[:20])
        assert found.status_code == 400, raw[:20]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("address", [*PAGE, *API])
def test_a_field_of_any_type(query, curator, browse, address):
    client, (right, names) = browse(curator), {**PAGE, **API}[address]
    for name in names:
        for value in VALUES if connection.vendor == "sqlite" else OF_A_DATABASE:
            sent = filled(right, query) | {name: value}
            found = send(client, query, address, json.dumps(sent))
            check(found, page=address in PAGE, what=(name, repr(value)[:40]))


def test_page_and_api_write_the_same_answer(query, curator, browse, api):
    sent = {
        "verdict": "match",
        "item": query.suggestions.get().item_id,
        "relation": "variant",
        "also": [{"item": factories.item().pk, "relation": "same_carving"}],
        "flag": True,
        "comment": " mờ ",
        "shown": [1, 2],
        "client_key": str(uuid.uuid4()),
    }
    send(browse(curator), query, "/queries/{query}/answer/", json.dumps(sent))
    sent["client_key"] = str(uuid.uuid4())
    api(curator).post(f"/api/v1/queries/{query.pk}/decisions/", sent, format="json")
    first, second = (
        {
            "comment": made.comment,
            "also": [(row.item_id, row.relation) for row in made.also.all()],
            "flag": made.remark.flag,
            **{name: getattr(made, name) for name in ("verdict", "item_id", "relation", "reason", "shown")},
        }
        for made in Decision.objects.order_by("pk")
    )
    assert first == second
    assert first["comment"] == "mờ"
