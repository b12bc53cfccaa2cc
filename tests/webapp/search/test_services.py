"""Suggestions are replaced whole, and never behind an annotator's back."""

import pytest

from tests import factories
from webapp.batches.models import Query
from webapp.jobs.models import Job
from webapp.search.hits import Hit
from webapp.search.models import Suggestion
from webapp.search.services import (
    batch_search_again,
    index_request,
    queries_search_again_when_short,
    suggestions_replace,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def query(owner):
    return factories.query(factories.batch(owner), state="waiting")


@pytest.fixture
def items(curator):
    return [factories.item(seed=seed) for seed in range(6)]


def hits(items):
    return [Hit(item.pk, 0.1 * rank, 1 - 0.1 * rank, item.is_mirrored) for rank, item in enumerate(items, 1)]


def replace(query, items):
    return suggestions_replace(query=query, release=factories.release(), hits=hits(items))


def test_they_come_with_the_query_being_ready(query, items):
    query.width, query.vector = 30, b"\0" * 16
    assert replace(query, items[:5])
    query.refresh_from_db()
    assert (query.state, query.width, bytes(query.vector)) == ("ready", 30, b"\0" * 16)
    assert [one.item for one in query.suggestions.all()] == items[:5]
    assert [one.rank for one in query.suggestions.all()] == [1, 2, 3, 4, 5]


def test_later_ones_take_the_place_of_earlier_ones(query, items):
    replace(query, items[:5])
    replace(query, items[3:])
    assert [one.item for one in query.suggestions.all()] == items[3:]
    replace(query, [])
    assert not Suggestion.objects.exists()


def test_an_answered_query_keeps_what_its_annotator_saw(query, items):
    replace(query, items[:5])
    Query.objects.update(answered=True)
    assert not replace(query, items[3:])
    assert [one.item for one in query.suggestions.all()] == items[:5]


def test_a_refused_or_deleted_query_stays_so(query, items):
    Query.objects.update(state="rejected")
    assert not replace(query, items)
    query.refresh_from_db()
    assert query.state == "rejected"
    Query.objects.all().delete()
    assert not replace(query, items)
    assert not Suggestion.objects.exists()


def test_when_one_cannot_be_written_none_is(query, items):
    replace(query, items[:5])
    with pytest.raises(Exception, match=r"(?i)unique"):
        replace(query, [items[0], items[0]])


def test_searching_again_leaves_waiting_refused_and_answered_queries_alone(owner):
    batch = factories.batch(owner)
    wanted = factories.query(batch, state="ready")
    for values in ({"state": "waiting"}, {"state": "rejected"}, {"state": "ready", "answered": True}):
        factories.query(batch, **values)
    factories.query(factories.batch(owner), state="ready")
    assert batch_search_again(batch=batch) == 1
    assert Job.objects.get().payload == {"queries": [wanted.pk], "again": True}


def test_without_a_release_nothing_is_asked_for(owner):
    factories.query(factories.batch(owner), state="ready")
    assert queries_search_again_when_short() == 0
    assert index_request() is None
