"""What is still open to a person, in the batch's own order."""

import pytest

from tests import factories
from webapp.review.answering.services import decision_withdraw
from webapp.review.assignment.order import Order, open_for


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True)


@pytest.fixture
def queries(batch):
    """Five that are ready, among one that waits and one that was refused."""
    first = [factories.query(batch) for _ in range(2)]
    factories.query(batch, state="waiting")
    factories.query(batch, state="rejected")
    return first + [factories.query(batch) for _ in range(3)]


def say(query, who, verdict="none"):
    return factories.answer(query=query, annotator=who, verdict=verdict)


def is_open(batch, who, **words):
    return list(open_for(batch, who, Order.BATCH, **words))


def test_what_anybody_answered_is_open_no_more(batch, queries, owner, teammate):
    assert is_open(batch, owner) == queries
    say(queries[0], owner)
    say(queries[1], teammate)
    assert is_open(batch, owner) == queries[2:]


def test_what_was_put_off_comes_when_it_is_asked_for_and_to_others_in_its_turn(
    batch, queries, owner, teammate
):
    say(queries[0], owner, "skip")
    assert is_open(batch, owner) == queries[1:]
    assert is_open(batch, teammate) == queries
    for query in queries[1:]:
        say(query, owner)
    assert (is_open(batch, owner), is_open(batch, owner, skipped=True)) == ([], queries[:1])
    say(queries[0], teammate)
    assert is_open(batch, owner, skipped=True) == []


def test_an_answer_taken_back_comes_again(batch, queries, owner):
    for query in queries:
        say(query, owner)
    decision_withdraw(query=queries[3], annotator=owner)
    assert is_open(batch, owner) == [queries[3]]


def test_where_several_answers_are_wanted_ones_own_is_not_asked_twice(batch, queries, owner, teammate):
    type(batch).objects.update(wanted=2)
    say(queries[0], owner)
    assert is_open(batch, owner) == queries[1:]
    assert is_open(batch, teammate) == queries
