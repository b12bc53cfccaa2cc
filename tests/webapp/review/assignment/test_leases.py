"""Cards are dealt to one person at a time, held, given back, and return when nobody holds them."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests import factories, people
from webapp.batches.models import Query
from webapp.core.errors import Refused
from webapp.review.answering.services import decision_withdraw
from webapp.review.assignment.leases import LEASE, Extension, cards_assign, leases_extend, leases_release
from webapp.review.assignment.order import Order, open_for, unleased
from webapp.review.models import Lease


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True)


@pytest.fixture
def queries(batch):
    """Six that are ready, among one that waits and one that was refused."""
    first = [factories.query(batch) for _ in range(3)]
    factories.query(batch, state="waiting")
    factories.query(batch, state="rejected")
    return first + [factories.query(batch) for _ in range(3)]


def deal(batch, who, count=2, **words):
    return cards_assign(batch=batch, user=who, count=count, **words).ids


def pks(queries):
    return [query.pk for query in queries]


def run_out(queries):
    """Move the clock past the leases of these queries."""
    Lease.objects.filter(query__in=queries).update(until=timezone.now() - timedelta(seconds=1))


def test_nobody_is_dealt_what_another_holds(batch, queries, owner, teammate, reviewer):
    assert deal(batch, owner) == pks(queries[:2])
    assert deal(batch, teammate) == pks(queries[2:4])
    assert deal(batch, reviewer, count=20) == pks(queries[4:])
    assert deal(batch, people.person("late")) == []


def test_what_one_has_is_not_dealt_again_and_what_one_lost_is(batch, queries, owner):
    first = deal(batch, owner)
    assert deal(batch, owner, have=first) == pks(queries[2:4])
    assert deal(batch, owner, count=4) == pks(queries[:4])  # the page was loaded anew


def test_left_counts_what_waits_still_in_others_hands_or_not(batch, queries, owner, teammate):
    factories.answer(query=queries[0], annotator=owner, verdict="none")
    factories.answer(query=queries[1], annotator=owner, verdict="skip")
    assert cards_assign(batch=batch, user=owner, count=1).left == 3
    theirs = cards_assign(batch=batch, user=teammate, count=20)
    assert (theirs.ids, theirs.left) == (pks([queries[1], *queries[3:]]), 1)
    mine = cards_assign(batch=batch, user=owner, count=20, have=[queries[2].pk])
    assert (mine.ids, mine.left) == ([], 3)


def test_what_was_put_off_comes_when_it_is_asked_for(batch, queries, owner, teammate):
    factories.answer(query=queries[0], annotator=owner, verdict="skip")
    assert deal(batch, owner, 1) == [queries[1].pk]
    assert deal(batch, owner, 1, skipped=True) == [queries[0].pk]
    leases_release(queries=pks(queries), holder=owner)
    assert deal(batch, teammate, 1) == [queries[0].pk]


def test_an_answer_taken_back_is_dealt_again(batch, queries, owner):
    factories.answer(query=queries[0], annotator=owner, verdict="none")
    decision_withdraw(query=queries[0], annotator=owner)
    assert deal(batch, owner, 1) == [queries[0].pk]


def test_a_lease_that_ran_out_returns(batch, queries, owner, teammate):
    assert deal(batch, owner, 6) == pks(queries)
    assert deal(batch, teammate, 1) == []
    run_out(queries[2:])
    assert deal(batch, teammate, 1) == [queries[2].pk]
    lease = Lease.objects.get(query=queries[2])
    assert (lease.holder, lease.seq) == (teammate, 2)
    assert timedelta(seconds=110) < lease.until - timezone.now() <= LEASE


def test_a_card_given_back_is_dealt_at_once(batch, queries, owner, teammate):
    mine = deal(batch, owner)
    leases_release(queries=mine, holder=teammate)
    assert deal(batch, teammate) == pks(queries[2:4])
    leases_release(queries=mine, holder=owner)
    assert deal(batch, teammate, have=pks(queries[2:4])) == mine


def test_an_answer_gives_the_card_back(batch, queries, owner, teammate):
    [first] = deal(batch, owner, 1)
    made = factories.answer(query=queries[0], annotator=owner, verdict="skip")
    assert made.dealt == Lease.objects.get(query=first).given
    assert deal(batch, teammate, 1) == [first]


def test_holding_keeps_a_card_and_says_which_are_lost(batch, queries, owner, teammate):
    mine = deal(batch, owner, 3)
    given = Lease.objects.get(query=mine[0]).given
    run_out(queries[:2])
    assert deal(batch, teammate, 1) == [mine[0]]
    assert leases_extend(queries=mine, holder=owner) == Extension(mine[1:], mine[:1])
    assert deal(batch, teammate, 1, have=mine[:1]) == [queries[3].pk]
    assert Lease.objects.get(query=mine[2]).given == given
    assert leases_extend(queries=[10**9], holder=owner) == Extension([], [10**9])


def test_a_batch_that_is_assigned_is_dealt_to_the_assigned(batch, queries, owner, teammate, curator):
    batch.assigned.set([teammate])
    assert deal(batch, teammate, 1) == [queries[0].pk]
    for who in (owner, curator):
        dealt = cards_assign(batch=batch, user=who)
        assert (dealt.ids, dealt.left) == ([], 0)


@pytest.mark.parametrize("words", [{"count": 0}, {"count": 21}, {"have": range(1, 300)}])
def test_too_much_is_not_dealt(batch, queries, owner, words):
    with pytest.raises(Refused):
        cards_assign(batch=batch, user=owner, **words)


def test_where_several_answers_are_wanted_each_person_gives_one(batch, queries, owner, teammate):
    type(batch).objects.update(wanted=2)
    factories.answer(query=queries[0], annotator=owner, verdict="none")
    assert deal(batch, owner, 1) == [queries[1].pk]
    assert deal(batch, teammate, 1) == [queries[0].pk]
    factories.answer(query=queries[0], annotator=teammate, verdict="none")
    assert queries[0].pk not in deal(batch, people.person("late"), 6)


def test_the_least_sure_come_first(batch, queries, owner):
    for query, margin in zip(queries, [0.5, 0.1, 0.9, 0.0, 0.3, 0.1], strict=True):
        Query.objects.filter(pk=query.pk).update(margin=margin)
    found = deal(batch, owner, 6, order=Order.UNCERTAIN)
    assert found == pks([queries[index] for index in (3, 1, 5, 4, 0, 2)])


def test_one_character_after_the_other_the_most_alike_first(batch, queries, owner):
    first, second = factories.item(character="字"), factories.item(character="永")
    chosen = {0: first, 1: second, 2: first, 3: second, 4: first}
    for index, item in chosen.items():
        [row] = factories.suggestions(queries[index], [item])
        row.distance = 0.5 - index / 10
        row.save()
    found = deal(batch, owner, 6, order=Order.CHARACTER)
    assert sorted(found) == pks(queries)
    known = [pk for pk in found if pk != queries[5].pk]
    assert known == pks([queries[index] for index in (4, 2, 0, 3, 1)])


def test_where_annotators_differ_a_third_is_asked(batch, queries, owner, teammate, reviewer):
    for query, verdict in zip(queries, ["none", "unsure", "none"], strict=False):
        factories.answer(query=query, annotator=owner, verdict=verdict)
        factories.answer(query=query, annotator=teammate, verdict="none")
    assert deal(batch, reviewer, 6, order=Order.DISAGREEMENT) == [queries[1].pk]
    assert deal(batch, owner, 6, order=Order.DISAGREEMENT) == []


def test_two_tabs_of_one_person_count_once(batch, queries, owner):
    first = deal(batch, owner, 1)
    assert deal(batch, owner, 1) == first  # the second tab does not know of the first
    for verdict in ("none", "unsure"):
        factories.answer(query=queries[0], annotator=owner, verdict=verdict)
    queries[0].refresh_from_db()
    assert (queries[0].answers, queries[0].agreement) == (1, 1.0)
    assert first[0] not in deal(batch, owner, 6)


def test_it_begins_behind_a_query_and_goes_on_at_the_start(batch, queries, owner):
    assert deal(batch, owner, 4, after=queries[3].pk) == pks([queries[4], queries[5], queries[0], queries[1]])


def test_dealing_asks_as_much_of_many_as_of_few(
    batch, queries, owner, teammate, django_assert_max_num_queries
):
    for _ in range(40):
        factories.query(batch)
    with django_assert_max_num_queries(11):
        deal(batch, owner, 20)
    with django_assert_max_num_queries(11):
        deal(batch, teammate, 1, order=Order.UNCERTAIN)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a planner that knows how few rows there are")
@pytest.mark.parametrize(("order", "index"), [("batch", "queue_by_batch"), ("uncertain", "queue_by_doubt")])
def test_the_next_cards_are_read_off_an_index(batch, queries, owner, order, index):
    plan = unleased(open_for(batch, owner, Order(order)), owner)[:8].explain()
    assert index in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.django_db(transaction=True)
def test_many_dealt_to_at_once_hold_each_card_once(owner):
    batch = factories.batch(owner, shared=True)
    queries = [factories.query(batch) for _ in range(12)]
    crowd = [people.person(f"person {number}") for number in range(4)]
    dealt, at_once = {}, threading.Barrier(len(crowd))

    def take(person):
        try:
            at_once.wait()
            dealt[person.pk] = deal(batch, person, 3)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(person,)) for person in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(pk for pks in dealt.values() for pk in pks) == pks(queries)


@pytest.mark.django_db(transaction=True)
def test_whoever_answers_and_whoever_holds_do_not_wait_for_each_other(owner, teammate):
    """An answer locks its query, then its lease; holding has to go the same way."""
    query = factories.query(factories.batch(owner, shared=True))
    locked, done = threading.Event(), {}

    def answer():
        try:
            with transaction.atomic():
                Query.objects.select_for_update().get(pk=query.pk)
                locked.set()
                time.sleep(0.3)  # the other is at it by now
                done["answered"] = leases_extend(queries=[query.pk], holder=owner)
        finally:
            connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    assert locked.wait(10)
    done["held"] = leases_extend(queries=[query.pk], holder=teammate)
    thread.join(30)
    assert sorted(len(extension.held) for extension in done.values()) == [0, 1]
