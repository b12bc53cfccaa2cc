"""How much is answered, how fast, and what the charts count."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import factories
from tests.webapp.overview.conftest import suggested
from webapp.overview.dashboard import pace
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.review.models import Decision

pytestmark = pytest.mark.django_db


def said(query, annotator, *, ago=0.0, now=None, **values):
    """An answer given so many seconds before ``now``."""
    decision = factories.decision(query, annotator, **values)
    when = (now or timezone.now()) - timedelta(seconds=ago)
    Decision.objects.filter(pk=decision.pk).update(created=when)
    return decision


def together(decision, kind):
    bulk = BulkAnswer.objects.create(annotator=decision.annotator, batch=decision.query.batch, kind=kind)
    BulkRow.objects.create(bulk=bulk, query=decision.query, decision=decision)


def sums(chart):
    return {one.key: sum(one.values) for one in chart.series}


def test_today_counts_one_s_own_and_everybody_s(batch, item, owner, teammate):
    first, second = suggested(batch, item), suggested(batch, item)
    said(first, owner, item=item)
    said(second, teammate, verdict="none")
    said(suggested(batch, item), owner, ago=86400 * 2, item=item)
    assert pace.answered_today(owner) == pace.Today(mine=1, all=2)


def test_an_answer_changed_counts_once_and_one_taken_back_not_at_all(batch, item, owner):
    changed, gone = suggested(batch, item), suggested(batch, item)
    said(changed, owner, item=item)
    said(changed, owner, verdict="none")
    said(gone, owner, item=item)
    said(gone, owner, verdict="withdrawn")
    assert pace.answered_today(owner).mine == 1
    assert sums(pace.by_hour(owner, own=True)) == {"match": 0, "together": 0, "none": 1, "unsure": 0}


def test_gold_cards_rulings_and_what_is_put_off_are_no_answers(batch, item, owner):
    for values in [{"item": item, "gold": True}, {"item": item, "settles": True}, {"verdict": "skip"}]:
        said(suggested(batch, item), owner, **values)
    assert pace.answered_today(owner).all == 0


def test_nothing_is_told_of_batches_that_one_does_not_see(item, owner, teammate):
    private = factories.batch(owner)
    said(suggested(private, item), owner, item=item)
    assert pace.answered_today(teammate).all == 0
    assert pace.by_day(teammate, own=False).empty


class TestPace:
    def test_is_answers_an_hour_without_the_breaks(self, batch, item, owner):
        now = timezone.now()
        for place in range(11):
            said(suggested(batch, item), owner, ago=1000 - 6 * place, now=now, item=item)
        said(suggested(batch, item), owner, ago=100, now=now, item=item)  # after a break
        assert pace.pace_of(owner, own=True) == pytest.approx(600)

    def test_of_two_who_work_at_once_is_each_one_s(self, batch, item, owner, teammate, curator):
        now = timezone.now()
        for place in range(11):
            said(suggested(batch, item), owner, ago=1000 - 6 * place, now=now, item=item)
            said(suggested(batch, item), teammate, ago=1003 - 6 * place, now=now, item=item)
        assert pace.pace_of(curator, own=False) == pytest.approx(600)
        assert pace.pace_of(curator, own=True) is None

    def test_is_not_known_of_few_or_of_what_was_answered_together(self, batch, item, owner):
        for place in range(20):
            decision = said(suggested(batch, item), owner, ago=200 - place, item=item)
            if place > 8:
                together(decision, "threshold")
        assert pace.pace_of(owner, own=True) is None


class TestCharts:
    def test_by_day_and_hour_by_what_was_said(self, batch, item, owner, teammate):
        said(suggested(batch, item), owner, item=item)
        said(suggested(batch, item), owner, verdict="none", ago=86400 * 3)
        said(suggested(batch, item), owner, verdict="unsure", ago=86400 * 40)
        together(said(suggested(batch, item), owner, item=item), "group")
        said(suggested(batch, item), teammate, item=item)
        assert sums(pace.by_day(owner, own=True)) == {"match": 1, "together": 1, "none": 1, "unsure": 0}
        assert sums(pace.by_day(owner, own=False))["match"] == 2
        assert sums(pace.by_hour(owner, own=True)) == {"match": 1, "together": 1, "none": 0, "unsure": 0}
        assert pace.by_day(owner, own=True).series[0].values[-1] == 1

    def test_by_confidence_of_the_first_suggestion(self, batch, item, owner):
        said(suggested(batch, item, 0.97), owner, item=item)
        said(suggested(batch, item, 1.0), owner, item=factories.item())
        said(suggested(batch, item, 0.05), owner, verdict="none")
        together(said(suggested(batch, item, 0.5), owner, item=item), "threshold")
        first, other = pace.by_confidence(owner, own=True).series
        assert (sum(first.values), first.values[19]) == (1, 1)
        assert (sum(other.values), other.values[19], other.values[1]) == (2, 1, 1)

    def test_by_the_place_of_what_was_chosen(self, batch, owner):
        items = [factories.item() for _ in range(3)]
        for chosen in (items[0], items[2], factories.item()):
            query = factories.query(batch)
            factories.suggestions(query, items)
            said(query, owner, item=chosen)
        said(factories.query(batch), owner, verdict="unsure")
        rows = {label: sum(values) for label, values in pace.by_rank(owner, own=True).rows}
        assert rows == {"1": 1, "2": 0, "3": 1, "4": 0, "5": 0, "another": 1, "none": 0, "unsure": 1}


def test_today_begins_at_the_reader_s_midnight(batch, item, owner):
    """At 20:30 UTC it is half past three of the next day in Hanoi."""
    evening = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
    said(suggested(batch, item), owner, item=item, now=evening, ago=2 * 3600)  # 01:30 in Hanoi
    said(suggested(batch, item), owner, item=item, now=evening, ago=4 * 3600)  # 23:30 of the day before
    with patch("django.utils.timezone.now", return_value=evening):
        assert pace.answered_today(owner).mine == 2
        with timezone.override(ZoneInfo("Asia/Ho_Chi_Minh")):
            assert pace.answered_today(owner).mine == 1
            matches = pace.by_day(owner, own=True).series[0]
            assert list(matches.values[-2:]) == [1, 1]


def test_no_answer_is_lost_in_the_hour_that_comes_twice(batch, item, owner):
    """Berlin's clocks went from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC."""
    now = datetime(2026, 10, 25, 6, 10, tzinfo=UTC)
    for ago in range(8):
        said(suggested(batch, item), owner, item=item, now=now, ago=3600 * ago)
    with patch("django.utils.timezone.now", return_value=now), timezone.override(ZoneInfo("Europe/Berlin")):
        assert sums(pace.by_hour(owner, own=True))["match"] == 8
