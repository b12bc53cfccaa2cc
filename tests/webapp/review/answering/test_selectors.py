"""How far along a batch is, and what was answered."""

import pytest

from tests import factories
from webapp.review.answering.progress import review_progress
from webapp.review.answering.selectors import decision_for, review_queries
from webapp.review.answering.services import decision_withdraw
from webapp.review.cards.history import history
from webapp.review.consensus.batch_parts import batches_parts


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


def test_progress_counts_everybodys_and_ones_own(batch, queries, owner, teammate):
    say(queries[0], owner)
    say(queries[1], teammate)
    say(queries[1], owner, "skip")
    say(queries[2], owner, "skip")
    say(queries[3], owner)
    decision_withdraw(query=queries[3], annotator=owner)
    progress = review_progress(batch, owner)
    assert (progress.ready, progress.answered, progress.mine, progress.skipped) == (5, 2, 1, 1)
    assert progress.left == 3


def test_history_is_ones_own_last_words_the_newest_first(batch, queries, owner, teammate):
    say(queries[0], owner)
    say(queries[1], owner)
    say(queries[0], owner, "unsure")
    say(queries[2], teammate)
    say(queries[3], owner)
    decision_withdraw(query=queries[3], annotator=owner)
    rows = [(row.query, row.verdict) for row in history(batch, owner)]
    assert rows == [(queries[0], "unsure"), (queries[1], "none")]


def test_a_page_of_queries_takes_few_questions(batch, queries, owner, django_assert_num_queries):
    items = [factories.item() for _ in range(5)]
    for query in queries:
        factories.suggestions(query, items)
        say(query, owner)
    with django_assert_num_queries(4):
        for query in review_queries(owner):
            assert decision_for(query, owner) or query.state != "ready"
            assert all(row.item.name for row in query.suggestions.all())


def test_ones_own_decision_is_the_same_with_and_without_prefetching(batch, queries, owner):
    say(queries[0], owner)
    say(queries[0], owner, "unsure")
    say(queries[1], owner)
    decision_withdraw(query=queries[1], annotator=owner)
    for query in review_queries(owner):
        assert decision_for(query, owner) == decision_for(type(query).objects.get(pk=query.pk), owner)
    assert decision_for(queries[0], owner).verdict == "unsure"
    assert decision_for(queries[1], owner) is None


def test_the_parts_of_a_batch_in_one_question(batch, queries, owner, teammate, django_assert_num_queries):
    type(batch).objects.update(wanted=2)
    say(queries[0], owner)
    say(queries[1], owner)
    say(queries[1], teammate)
    say(queries[2], owner)
    say(queries[2], teammate, "unsure")
    other = factories.batch(owner)
    with django_assert_num_queries(1):
        parts = batches_parts([batch, other])
    result = parts[batch.pk]
    assert (result.waiting, result.suggested, result.answered, result.disputed, result.settled) == (
        1,
        3,
        1,
        1,
        0,
    )
    assert result.total == 6
    assert parts[other.pk].total == 0
