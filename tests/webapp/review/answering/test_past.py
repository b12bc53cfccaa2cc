"""The strip of one's last answers."""

import pytest

from tests import factories


@pytest.fixture
def past(rooms, browse, owner):
    return lambda user=owner: browse(user).get(f"/batches/{rooms.batch.pk}/review/past/")


def test_the_newest_answers_come_first_each_once(rooms, past, owner):
    second = factories.query(rooms.batch)
    factories.decision(rooms.query, owner, verdict="none", reason="damaged")
    factories.decision(second, owner, verdict="unsure")
    factories.decision(rooms.query, owner, item=rooms.item)
    found = past()
    assert found["Cache-Control"] == "no-store"
    first, last = found.json()["past"]
    assert (first["query"], first["verdict"], first["item"]["character"]) == (rooms.query.pk, "match", "漢")
    assert first["image"].endswith("page.webp")
    assert (last["query"], last["verdict"], last["item"]) == (second.pk, "unsure", None)


def test_what_was_taken_back_and_what_others_said_is_not_there(rooms, past, owner, teammate):
    factories.decision(rooms.query, teammate, verdict="unsure")
    factories.decision(rooms.query, owner, item=rooms.item)
    factories.decision(rooms.query, owner, verdict="withdrawn")
    assert past().json() == {"past": []}


def test_it_asks_few_questions_however_many_answers(rooms, browse, owner, django_assert_max_num_queries):
    for _ in range(20):
        factories.decision(factories.query(rooms.batch), owner, item=rooms.item)
    client = browse(owner)
    with django_assert_max_num_queries(5):
        answer = client.get(f"/batches/{rooms.batch.pk}/review/past/")
    assert len(answer.json()["past"]) == 20


def test_another_s_batch_is_not_there(rooms, past, teammate, curator):
    assert past(teammate).status_code == 404
    assert past(curator).status_code == 200
