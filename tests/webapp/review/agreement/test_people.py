"""What is told of the people of a batch, and of how far the ranking leads them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from webapp.review.adjudication.gold import gold_mark
from webapp.review.adjudication.queue import QueueFilter, QueuePlace, adjudication_queue, place_in_queue
from webapp.review.adjudication.rulings import ruling_settle
from webapp.review.agreement.people import batch_people
from webapp.review.agreement.ranking_bias import difference, ranking_bias
from webapp.review.agreement.statistics import share
from webapp.review.answer import Answer
from webapp.review.answering.remarks import flags_resolve, remark_add
from webapp.review.answering.services import decision_withdraw
from webapp.review.cards.blind import is_blind, shuffled
from webapp.review.models import Decision


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True, wanted=2)


@pytest.fixture
def item(db):
    return factories.item()


def say(query, who, verdict="none", **words):
    return factories.answer(query=query, annotator=who, verdict=verdict, **words)


def test_each_person_is_counted_and_compared(batch, owner, teammate, reviewer, item):
    queries = [factories.query(batch) for _ in range(5)]
    say(queries[0], owner)
    say(queries[0], teammate)
    say(queries[1], owner, "match", item=item)
    say(queries[1], teammate)
    say(queries[2], owner)
    say(queries[2], teammate, "match", item=item)
    say(queries[2], teammate)  # thought again
    say(queries[3], owner, "skip")
    say(queries[4], owner)
    decision_withdraw(query=queries[4], annotator=owner)
    ruling_settle(query=queries[1], reviewer=reviewer, answer=Answer("match", item))
    result = batch_people(batch)
    rows = {row.name: row for row in result.persons}
    assert list(rows) == ["owner", "teammate"]  # a ruling makes no annotator
    assert (rows["owner"].answers, rows["owner"].skipped) == (3, 1)
    assert (rows["owner"].settled.value, rows["teammate"].settled.value) == (1.0, 0.0)
    [pair] = result.pairs
    assert (pair.first, pair.second, pair.both, pair.agreed) == ("owner", "teammate", 3, 2)
    assert pair.kappa == pytest.approx(0.0)
    assert result.compared == 3
    assert result.alpha == pytest.approx(0.0)


def test_the_pace_is_from_the_deal_or_from_the_answer_before(batch, owner):
    start = timezone.now() - timedelta(hours=1)
    for after, dealt in ((10, 0), (14, 0), (34, 0), (2000, None), (2003, 1999)):
        made = say(factories.query(batch), owner)
        when = None if dealt is None else start + timedelta(seconds=dealt)
        Decision.objects.filter(pk=made.pk).update(created=start + timedelta(seconds=after), dealt=when)
    # 10 from its deal, 4 and 20 from the answer before, a pause, and 3 from the answer before
    assert batch_people(batch).persons[0].seconds == pytest.approx(7.0)


def test_nobody_s_pace_is_known_from_one_answer(batch, owner):
    say(factories.query(batch), owner)
    assert batch_people(batch).persons[0].seconds is None


def test_agreement_with_gold_is_of_the_whole_project(batch, owner, teammate, reviewer, curator, item):
    elsewhere = factories.batch(reviewer)
    for _ in range(2):
        query = factories.query(elsewhere)
        say(query, reviewer)
        ruling_settle(query=query, reviewer=reviewer, answer=Answer("match", item))
        gold_mark(query=query, curator=curator)
        say(query, teammate, "match", item=item)
    say(query, teammate)
    say(factories.query(batch), teammate)
    [row] = batch_people(batch).persons
    assert (row.gold.count, row.gold.value, row.answers) == (2, 0.5, 1)


def test_people_take_few_questions(batch, owner, teammate, django_assert_max_num_queries):
    for _ in range(4):
        query = factories.query(batch)
        say(query, owner)
        say(query, teammate)
    with django_assert_max_num_queries(12):
        batch_people(batch)


class TestBlind:
    def test_the_share_is_met_and_a_card_stays_what_it_is(self):
        drawn = [is_blind(query, person, 3) for query in range(4000) for person in (1, 2)]
        assert 0.02 < sum(drawn) / len(drawn) < 0.04
        assert drawn == [is_blind(query, person, 3) for query in range(4000) for person in (1, 2)]
        assert not any(is_blind(query, 1, 0) for query in range(500))
        assert all(is_blind(query, 1, 100) for query in range(100))

    def test_one_person_s_blind_cards_are_not_another_s(self):
        mine, theirs = ({query for query in range(4000) if is_blind(query, who, 20)} for who in (1, 2))
        assert 0.1 < len(mine & theirs) / len(mine) < 0.3

    def test_every_order_comes_about_as_often(self):
        places = [shuffled(query, 1, range(5)).index(0) for query in range(2000)]
        assert all(300 < places.count(place) < 500 for place in range(5))
        assert shuffled(7, 1, range(5)) == shuffled(7, 1, range(5))

    def test_an_answer_to_a_blind_card_says_so(self, batch, owner, item):
        type(batch).objects.update(blind_share=100)
        assert say(factories.query(batch), owner).blind

    def test_blind_against_seen_is_told_with_its_interval(self, batch, owner, teammate):
        items = [factories.item() for _ in range(3)]
        for blind, chosen in ((False, 0), (False, 0), (False, 1), (True, 1), (True, 2), (True, None)):
            query = factories.query(batch)
            factories.suggestions(query, items)
            words = {} if chosen is None else {"item": items[chosen], "verdict": "match"}
            made = say(query, owner, **words)
            Decision.objects.filter(pk=made.pk).update(blind=blind)
        say(query, owner, "unsure")  # took "none" back: says nothing of the ranking
        result = ranking_bias(batch)
        assert (result.seen.answers, result.blind.answers) == (3, 2)
        assert result.seen.first.value == pytest.approx(2 / 3)
        assert result.seen.mrr.value == pytest.approx((1 + 1 + 1 / 2) / 3)
        assert result.blind.mrr.value == pytest.approx((1 / 2 + 1 / 3) / 2)
        assert result.first.value == pytest.approx(2 / 3)
        assert result.first.low < result.first.value < result.first.high
        assert ranking_bias().seen == result.seen
        assert ranking_bias(factories.batch(teammate)).first.value is None

    def test_the_interval_of_a_difference_is_newcombe_s(self):
        """56 of 70 less 48 of 80: 0.2 (0.0524 to 0.3339), Newcombe (1998), example a of table II."""
        found = difference(share(56, 70), share(48, 80))
        assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-4)


class TestSecondPass:
    @pytest.fixture
    def queries(self, batch, owner, teammate):
        """Agreed, disputed, flagged, half answered, and one that nobody answered."""
        queries = [factories.query(batch) for _ in range(5)]
        for query, verdict in ((queries[0], "none"), (queries[1], "unsure")):
            say(query, owner)
            say(query, teammate, verdict)
        remark_add(query=queries[2], annotator=owner, flag=True)
        say(queries[3], owner)
        return queries

    @pytest.mark.parametrize(
        ("shown", "found"),
        [
            ("open", [1, 2]),
            ("disputed", [1]),
            ("flagged", [2]),
            ("differ", [1]),
            ("low", [1]),
            ("answered", [0]),
            ("settled", []),
            ("gold", []),
        ],
    )
    def test_what_is_looked_at_again(self, batch, queries, shown, found):
        assert list(adjudication_queue(batch, QueueFilter(shown))) == [queries[index] for index in found]

    def test_a_ruling_takes_it_off_the_list(self, batch, queries, reviewer, curator):
        ruling_settle(query=queries[1], reviewer=reviewer, answer=Answer("none", reason="damaged"))
        assert list(adjudication_queue(batch)) == [queries[2]]
        assert list(adjudication_queue(batch, QueueFilter.SETTLED)) == [queries[1]]
        gold_mark(query=queries[1], curator=curator)
        assert list(adjudication_queue(batch, QueueFilter.GOLD)) == [queries[1]]

    def test_a_flag_that_was_dealt_with_asks_no_more(self, batch, queries, reviewer):
        assert flags_resolve(query=queries[2], reviewer=reviewer) == 1
        assert list(adjudication_queue(batch, QueueFilter.FLAGGED)) == []

    def test_one_after_the_other_and_then_from_the_beginning(self, batch, queries):
        second, third = queries[1].pk, queries[2].pk
        assert place_in_queue(batch, QueueFilter.OPEN, queries[1]) == QueuePlace(1, 2, third, third)
        assert place_in_queue(batch, QueueFilter.OPEN, queries[2]) == QueuePlace(2, 2, second, second)
        assert place_in_queue(batch, QueueFilter.DISPUTED, queries[1]) == QueuePlace(1, 1, None, None)
        assert place_in_queue(batch, QueueFilter.OPEN, queries[0]) == QueuePlace(0, 2, third, second)
