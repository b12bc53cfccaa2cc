"""The review page's talk with its script."""

import json
import uuid

import pytest

from tests import factories
from webapp.batches.models import Query
from webapp.review.models import Decision


def page_data(client, address):
    page = client.get(address).content.decode()
    return json.loads(
        page.split('<script id="review-data" type="application/json">')[1].split("</script>")[0]
    )


def say(client, query, **words):
    body = {"client_key": str(uuid.uuid4()), **words}
    return client.post(f"/queries/{query.pk}/answer/", json.dumps(body), content_type="application/json")


@pytest.fixture
def client(browse, owner):
    return browse(owner)


def test_the_page_opens_at_the_first_open_query(rooms, client, owner):
    second = factories.query(rooms.batch)
    factories.decision(rooms.query, owner, item=rooms.item)
    found = page_data(client, f"/batches/{rooms.batch.pk}/review/")
    assert found["current"] == second.pk
    assert found["deck"] == {"ids": [rooms.query.pk, second.pk], "states": "a-"}
    assert [card["id"] for card in found["cards"]] == [second.pk]


def test_the_page_opens_at_the_query_asked_for_with_its_answer(rooms, client, owner):
    factories.query(rooms.batch)
    factories.decision(rooms.query, owner, item=rooms.item)
    [card] = page_data(client, f"/batches/{rooms.batch.pk}/review/?query={rooms.query.pk}")["cards"]
    assert card["decision"] == {
        "verdict": "match",
        "item": rooms.item.pk,
        "relation": "",
        "reason": "",
        "comment": "",
        "also": [],
        "flag": False,
        "fit": None,
    }
    [suggestion] = card["suggestions"]
    assert suggestion["item"]["character"] == "漢"
    assert suggestion["item"]["codepoint"] == "U+6F22"
    assert suggestion["item"]["glyph"] == "/glyphs/U+6F22.svg"
    assert suggestion["rank"] == 1


def test_an_answer_beyond_the_five_is_shown_again(rooms, client, owner):
    other = factories.item(character="\uf900", name="found.stl")
    factories.decision(rooms.query, owner, item=other)
    [card] = page_data(client, f"/batches/{rooms.batch.pk}/review/?query={rooms.query.pk}")["cards"]
    assert (card["found"]["id"], card["found"]["character"]) == (other.pk, "\uf900")
    say(client, rooms.query, verdict="withdrawn")
    [card] = page_data(client, f"/batches/{rooms.batch.pk}/review/?query={rooms.query.pk}")["cards"]
    assert (card["decision"], card["found"]) == (None, None)


def test_an_answer_among_the_five_is_not_shown_twice(rooms, client, owner):
    factories.decision(rooms.query, owner, item=rooms.item)
    [card] = page_data(client, f"/batches/{rooms.batch.pk}/review/?query={rooms.query.pk}")["cards"]
    assert card["found"] is None


def test_the_relation_is_written_and_shown_again(rooms, client):
    say(client, rooms.query, verdict="match", item=rooms.item.pk, relation="same_carving")
    say(client, rooms.query, verdict="match", item=rooms.item.pk, relation="variant")
    [card] = page_data(client, f"/batches/{rooms.batch.pk}/review/?query={rooms.query.pk}")["cards"]
    assert card["decision"]["relation"] == "variant"
    refused = say(client, rooms.query, verdict="none", relation="variant")
    assert refused.json()["code"] == "bad_relation"


@pytest.mark.parametrize("asked", ["999999", "x", "-1", "9" * 40, "²"])
def test_a_query_that_is_not_there_opens_the_first(rooms, client, asked):
    assert page_data(client, f"/batches/{rooms.batch.pk}/review/?query={asked}")["current"] == rooms.query.pk


def test_a_batch_without_ready_queries_says_so(client, owner):
    batch = factories.batch(owner)
    page = client.get(f"/batches/{batch.pk}/review/").content.decode()
    assert 'data-testid="empty-state"' in page
    assert "review-data" not in page


def test_another_s_decision_is_not_shown(rooms, client, teammate):
    factories.decision(rooms.query, teammate, item=rooms.item)
    [card] = page_data(client, f"/batches/{rooms.batch.pk}/review/")["cards"]
    assert card["decision"] is None
    assert card["answered"] is True


def test_cards_of_other_batches_are_not_given(rooms, client, teammate):
    other = factories.query(factories.batch(teammate))
    found = client.get(f"/batches/{rooms.batch.pk}/review/cards/?ids={rooms.query.pk},{other.pk},x,")
    assert [card["id"] for card in found.json()["cards"]] == [rooms.query.pk]
    assert found["Cache-Control"] == "no-store"


def test_an_answer_is_written_and_counted(rooms, client):
    answer = say(client, rooms.query, verdict="match", item=rooms.item.pk)
    assert answer.status_code == 200
    assert answer.json()["decision"]["item"] == rooms.item.pk
    assert answer.json()["progress"] == {"ready": 1, "answered": 1, "skipped": 0}


def test_an_answer_sent_twice_is_one(rooms, client):
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = say(client, rooms.query, verdict="none", reason="damaged", client_key=key)
        assert answer.status_code == 200
    assert Decision.objects.count() == 1


def test_an_answer_is_taken_back(rooms, client):
    say(client, rooms.query, verdict="unsure")
    answer = say(client, rooms.query, verdict="withdrawn")
    assert answer.json() == {"decision": None, "progress": {"ready": 1, "answered": 0, "skipped": 0}}


@pytest.mark.parametrize(
    "words",
    [
        {"verdict": "match"},
        {"verdict": "match", "item": 999999},
        {"verdict": "match", "item": "1"},
        {"verdict": "match", "item": True},
        {"verdict": "match", "item": 2**80},
        {"verdict": "perhaps"},
        {"verdict": 3},
        {"verdict": "none", "reason": "tired"},
        {"verdict": "withdrawn"},
        {"verdict": "none", "client_key": "x"},
        {"verdict": "none", "client_key": None},
    ],
)
def test_words_that_make_no_answer_are_refused(rooms, client, words):
    answer = say(client, rooms.query, **words)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Decision.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 5000])
def test_a_body_that_is_no_object_is_refused(rooms, client, body):
    answer = client.post(f"/queries/{rooms.query.pk}/answer/", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_query_that_waits_is_not_answered_yet(rooms, client):
    waiting = rooms.batch.queries.get(state=Query.State.WAITING)
    answer = say(client, waiting, verdict="none")
    assert answer.status_code == 409
    assert answer.json()["retryable"] is True


def test_the_page_asks_few_questions_however_many_queries(rooms, client, django_assert_max_num_queries):
    for _ in range(30):
        factories.suggestions(factories.query(rooms.batch), [rooms.item])
    client.get(f"/batches/{rooms.batch.pk}/review/")
    with django_assert_max_num_queries(26):
        client.get(f"/batches/{rooms.batch.pk}/review/")
