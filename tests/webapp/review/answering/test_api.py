"""Queries and answers as programs see them."""

import uuid

import pytest

from tests import factories

API = "/api/v1/queries/"


@pytest.fixture
def query(owner):
    query = factories.query(factories.batch(owner), name="trang/字.png")
    factories.suggestions(query, [factories.item(character="字") for _ in range(5)])
    return query


def test_a_query_has_five_suggestions(query, owner, api):
    body = api(owner).get(f"{API}{query.pk}/").json()
    assert (body["name"], body["status"], body["batch"]) == ("trang/字.png", "ready", query.batch_id)
    assert body["image"] == f"/queries/{query.pk}/{query.sha256[:16]}/page.webp"
    assert body["error"] is None
    assert body["decision"] is None
    assert [one["rank"] for one in body["suggestions"]] == [1, 2, 3, 4, 5]
    first = body["suggestions"][0]
    found = {"rank", "item", "distance", "confidence", "mirrored", "release"}
    assert set(first) == found | {"fit", "proposed", "proposed_probability"}
    assert set(first["item"]) == {"id", "name", "codepoint", "character", "thumbnail"}
    assert first["item"]["codepoint"] == "U+5B57"


def test_a_refused_query_says_why(owner, api):
    query = factories.query(
        factories.batch(owner),
        state="rejected",
        error_code="empty",
        error="a.png is empty",
        hint="copy it again",
    )
    body = api(owner).get(f"{API}{query.pk}/").json()
    assert body["status"] == "rejected"
    assert body["error"] == {"code": "empty", "message": "a.png is empty", "hint": "copy it again"}
    assert body["image"] is None


def test_an_answer_is_written_and_shown(query, owner, api):
    client, item = api(owner), query.suggestions.first().item
    sent = {"verdict": "match", "item": item.pk, "relation": "same_carving", "comment": "rõ"}
    answer = client.post(f"{API}{query.pk}/decisions/", sent, format="json")
    assert answer.status_code == 201
    assert answer.json() | {"id": 0, "created": ""} == {
        "id": 0,
        "query": query.pk,
        "annotator": "owner",
        "verdict": "match",
        "item": item.pk,
        "relation": "same_carving",
        "proposed": "",
        "fit": None,
        "also": [],
        "reason": "",
        "comment": "rõ",
        "shown": None,
        "settles": False,
        "release": factories.release().pk,
        "created": "",
    }
    assert client.get(f"{API}{query.pk}/").json()["decision"] == answer.json()
    assert client.get(f"{API}{query.pk}/decisions/").json()["results"] == [answer.json()]


def test_the_same_key_twice_is_one_answer(query, owner, api):
    sent = {"verdict": "skip", "client_key": str(uuid.uuid4())}
    first, second = (api(owner).post(f"{API}{query.pk}/decisions/", sent, format="json") for _ in range(2))
    assert first.json() == second.json()


def test_an_answer_is_taken_back(query, owner, api):
    client = api(owner)
    client.post(f"{API}{query.pk}/decisions/", {"verdict": "none", "reason": "bad_crop"})
    taken = client.post(f"{API}{query.pk}/decisions/", {"verdict": "withdrawn"}, format="json")
    assert taken.status_code == 201
    assert client.get(f"{API}{query.pk}/").json()["decision"] is None
    verdicts = [row["verdict"] for row in client.get(f"{API}{query.pk}/decisions/").json()["results"]]
    assert verdicts == ["withdrawn", "none"]


def test_a_teammates_answer_is_not_ones_own(query, owner, teammate, api):
    query.batch.shared = True
    query.batch.save()
    api(teammate).post(f"{API}{query.pk}/decisions/", {"verdict": "none"}, format="json")
    body = api(owner).get(f"{API}{query.pk}/").json()
    assert (body["decision"], body["answered"]) == (None, True)


def test_queries_are_filtered_and_paged(query, owner, api):
    factories.query(query.batch, state="rejected")
    other = factories.query(factories.batch(owner))
    factories.decision(other, owner, verdict="none")
    client = api(owner)

    def found(words):
        body = client.get(f"{API}?{words}").json()
        assert set(body) == {"count", "next", "previous", "results"}
        return body["count"]

    assert [found(words) for words in ("", f"batch={query.batch_id}", "status=rejected")] == [3, 2, 1]
    assert [found(words) for words in ("answered=true", "answered=false", "status=waiting")] == [1, 2, 0]
    page = client.get(f"{API}?page_size=2").json()
    assert len(page["results"]) == 2
    assert len(client.get(page["next"]).json()["results"]) == 1


def test_a_list_of_queries_takes_few_questions(query, owner, api, django_assert_max_num_queries):
    items = [factories.item() for _ in range(5)]
    for _ in range(6):
        factories.suggestions(factories.query(query.batch), items)
    client = api(owner)
    with django_assert_max_num_queries(7):
        assert client.get(f"{API}?batch={query.batch_id}").json()["count"] == 7
