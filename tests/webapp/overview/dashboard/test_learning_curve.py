"""The chart of how high the right block stood as the answers came in."""

import pytest

from tests import factories
from webapp.overview.dashboard.learning_curve import by_answers
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.registry.models import Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def items():
    return [factories.item() for _ in range(4)]


@pytest.fixture
def choose(batch, items, owner):
    """``choose(rank)``: a match answered while its item stood there; 0 for one that was not suggested."""

    def answered(rank, **values):
        query = factories.query(batch)
        factories.suggestions(query, items[:3])
        item = items[rank - 1] if rank else items[3]
        return factories.decision(query, owner, item=item, release=Release.objects.get(), **values)

    return answered


def test_columns_rise_with_what_was_learned(choose, owner):
    for rank in [0] * 5 + [2] * 5 + [1] * 10:
        choose(rank)
    chart = by_answers(owner, own=False)
    assert chart.rows == [("10", [25]), ("20", [100])]


def test_what_is_left_over_joins_the_column_before(choose, owner):
    for _ in range(13):
        choose(1)
    assert by_answers(owner, own=False).rows == [("13", [100])]


def test_without_answers_there_is_nothing_to_show(owner):
    assert by_answers(owner, own=False).empty


def test_gold_cards_rulings_withdrawn_and_accepted_ones_do_not_count(choose, batch, owner):
    choose(1)
    choose(0, gold=True)
    choose(0, settles=True)
    factories.decision(choose(0).query, owner, verdict="withdrawn")
    accepted = choose(0)
    bulk = BulkAnswer.objects.create(annotator=owner, batch=batch, kind=BulkAnswer.Kind.THRESHOLD)
    BulkRow.objects.create(bulk=bulk, query=accepted.query, decision=accepted)
    assert by_answers(owner, own=False).rows == [("1", [100])]


def test_others_see_only_what_is_theirs_to_see(choose, batch, owner, teammate):
    choose(1)
    assert by_answers(teammate, own=True).empty
    assert not by_answers(teammate, own=False).empty
    batch.shared = False
    batch.save()
    assert by_answers(teammate, own=False).empty
