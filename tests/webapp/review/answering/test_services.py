"""An answer is written once, says what was shown, and can be taken back; nothing is ever changed."""

import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from tests import factories
from webapp.core.errors import Conflict, Forbidden, Refused
from webapp.core.files.blobs import blob_path
from webapp.review.answer import Match
from webapp.review.answering.services import CardChanged, decision_withdraw
from webapp.review.assignment.leases import cards_assign
from webapp.review.cards.context import card_context
from webapp.review.consensus.labels import query_label
from webapp.review.models import Decision, FurtherMatch, Lease, Remark


@pytest.fixture
def query(owner):
    return factories.query(factories.batch(owner))


@pytest.fixture
def item(db):
    return factories.item()


def record(query, annotator, verdict="none", **words):
    return factories.answer(query=query, annotator=annotator, verdict=verdict, **words)


def test_an_answer_is_stamped_with_the_release_that_was_shown(query, owner, item):
    shown = factories.suggestions(query, [item])[0].release
    factories.Release.objects.update(live=False)
    factories.Release.objects.create(model=shown.model, live=True)
    assert record(query, owner, "match", item=item).release == shown


def test_an_answer_without_suggestions_has_no_release(query, owner):
    assert record(query, owner).release is None


def test_a_match_may_name_any_ready_item(query, owner, item):
    factories.suggestions(query, [item])
    other = factories.item()
    assert record(query, owner, "match", item=other, relation="variant").item == other


@pytest.mark.parametrize(
    ("verdict", "words", "code"),
    [
        ("match", {}, "bad_item"),
        ("none", {"item": True}, "bad_item"),
        ("unsure", {"item": True}, "bad_item"),
        ("skip", {"item": True}, "bad_item"),
        ("perhaps", {}, "bad_verdict"),
        ("withdrawn", {}, "bad_verdict"),
        ("", {}, "bad_verdict"),
        ("none", {"relation": "variant"}, "bad_relation"),
        ("match", {"item": True, "relation": "cousin"}, "bad_relation"),
        ("match", {"item": True, "reason": "damaged"}, "bad_reason"),
        ("none", {"reason": "tired"}, "bad_reason"),
        ("none", {"comment": "x" * 10_001}, "bad_comment"),
    ],
)
def test_words_that_do_not_fit_are_refused(query, owner, item, verdict, words, code):
    words = {key: item if value is True else value for key, value in words.items()}
    with pytest.raises(Refused) as caught:
        record(query, owner, verdict, **words)
    assert caught.value.code == code
    assert caught.value.hint or code == "bad_verdict"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("state", ["waiting", "rejected"])
def test_an_item_that_is_not_ready_is_no_match(query, owner, state):
    with pytest.raises(Refused):
        record(query, owner, "match", item=factories.item(state=state))


def test_a_query_that_waits_or_was_refused_takes_no_answer(query, owner):
    for state, error in (("waiting", Conflict), ("rejected", Refused)):
        other = factories.query(query.batch, state=state)
        with pytest.raises(error):
            record(other, owner)


def test_a_query_that_was_deleted_takes_no_answer(query, owner):
    type(query).objects.filter(pk=query.pk).delete()
    with pytest.raises(Conflict) as caught:
        record(query, owner)
    assert caught.value.code == "gone"


def test_the_same_answer_sent_twice_counts_once(query, owner, item):
    key = uuid.uuid4()
    first = record(query, owner, "match", item=item, client_key=key)
    assert record(query, owner, "match", item=item, client_key=key) == first
    assert Decision.objects.count() == 1


def test_a_key_serves_one_answer_only(query, owner, item):
    key = uuid.uuid4()
    record(query, owner, "match", item=item, client_key=key)
    for other, verdict in ((query, "none"), (factories.query(query.batch), "none")):
        with pytest.raises(Conflict) as caught:
            record(other, owner, verdict, client_key=key)
        assert caught.value.code == "key_used"


def test_two_people_may_have_the_same_key(query, owner, teammate):
    key = uuid.uuid4()
    assert record(query, owner, client_key=key) != record(query, teammate, client_key=key)


def test_a_later_answer_supersedes_and_the_earlier_stays(query, owner, item):
    record(query, owner, "none")
    record(query, owner, "match", item=item)
    assert [row.verdict for row in Decision.objects.order_by("pk")] == ["none", "match"]


def test_taking_back_leaves_the_query_unanswered(query, owner):
    record(query, owner)
    query.refresh_from_db()
    assert query.answered
    key = uuid.uuid4()
    taken = decision_withdraw(query=query, annotator=owner, client_key=key)
    assert taken.verdict == "withdrawn"
    query.refresh_from_db()
    assert not query.answered
    assert decision_withdraw(query=query, annotator=owner, client_key=key) == taken
    assert decision_withdraw(query=query, annotator=owner) == taken
    assert Decision.objects.count() == 2


def test_nothing_said_is_nothing_to_take_back(query, owner, teammate):
    record(query, teammate)
    with pytest.raises(Refused) as caught:
        decision_withdraw(query=query, annotator=owner)
    assert caught.value.code == "nothing_to_withdraw"


def test_an_answer_may_be_taken_back_when_its_item_is_gone_from_the_gallery(query, owner, item):
    record(query, owner, "match", item=item)
    type(item).objects.update(state="rejected")
    assert decision_withdraw(query=query, annotator=owner).verdict == "withdrawn"


def test_further_matches_are_written_with_the_answer(query, owner, item):
    second, third = factories.item(), factories.item()
    also = [Match(third, "variant"), Match(second)]
    made = record(query, owner, "match", item=item, also=also)
    assert [(row.item, row.relation, row.place) for row in made.also.all()] == [
        (third, "variant", 1),
        (second, "", 2),
    ]
    later = record(query, owner, "match", item=item)
    assert not later.also.exists()
    assert made.also.count() == 2  # what was said before stays written


def test_further_matches_are_part_of_what_a_key_was_used_for(query, owner, item):
    key, second = uuid.uuid4(), factories.item()
    first = record(query, owner, "match", item=item, also=[Match(second)], client_key=key)
    assert record(query, owner, "match", item=item, also=[Match(second)], client_key=key) == first
    assert FurtherMatch.objects.count() == 1
    with pytest.raises(Conflict) as caught:
        record(query, owner, "match", item=item, client_key=key)
    assert caught.value.code == "key_used"


def test_further_matches_that_do_not_fit_are_refused(query, owner, item):
    other, waiting = factories.item(), factories.item(state="waiting")
    for verdict, words, code in (
        ("none", {"also": [Match(other)]}, "bad_also"),
        ("match", {"item": item, "also": [Match(item)]}, "bad_also"),
        ("match", {"item": item, "also": [Match(other), Match(other)]}, "bad_also"),
        ("match", {"item": item, "also": [Match(other, "cousin")]}, "bad_relation"),
        ("match", {"item": item, "also": [Match(waiting)]}, "bad_item"),
    ):
        with pytest.raises(Refused) as caught:
            record(query, owner, verdict, **words)
        assert caught.value.code == code
    assert not Decision.objects.exists()
    assert not FurtherMatch.objects.exists()


def test_a_flag_comes_with_the_answer_once(query, owner):
    key = uuid.uuid4()
    for _ in range(2):
        made = record(query, owner, "unsure", flag=True, client_key=key)
    remark = Remark.objects.get()
    assert (remark.decision, remark.flag, remark.annotator) == (made, True, owner)


def test_what_was_shown_is_kept(query, owner, item):
    factories.suggestions(query, [item])
    made = record(query, owner, "match", item=item, shown=[item.pk])
    made.refresh_from_db()
    assert (made.shown, made.blind, made.gold, made.dealt) == ([item.pk], False, False, None)
    assert record(query, owner).shown is None


class TestAnotherCardMeanwhile:
    def test_the_card_as_it_was_seen_takes_the_answer(self, query, owner, item):
        factories.suggestions(query, [item])
        assert record(query, owner, version=card_context(query, owner).version).pk

    def test_other_suggestions_make_another_card(self, query, owner, item):
        factories.suggestions(query, [item])
        version = card_context(query, owner).version
        query.suggestions.all().delete()
        factories.suggestions(query, [factories.item(), item])
        key = uuid.uuid4()
        with pytest.raises(CardChanged) as caught:
            record(query, owner, "match", item=item, version=version, client_key=key)
        assert not Decision.objects.exists()
        fresh = caught.value.context.version
        assert fresh == card_context(query, owner).version != version
        made = record(query, owner, "match", item=item, version=fresh, client_key=key)
        assert made.client_key == key

    def test_a_deleted_item_makes_another_card(self, query, owner, item):
        other = factories.item()
        factories.suggestions(query, [item, other])
        version = card_context(query, owner).version
        other.delete()
        with pytest.raises(CardChanged):
            record(query, owner, "match", item=item, version=version)

    def test_an_answer_of_another_makes_another_card_and_ones_own_does_not(self, query, owner, teammate):
        mine, theirs = (card_context(query, who).version for who in (owner, teammate))
        record(query, owner, version=mine)
        assert record(query, owner, "unsure", version=mine).verdict == "unsure"
        with pytest.raises(CardChanged):
            record(query, teammate, version=theirs)
        decision_withdraw(query=query, annotator=owner)
        assert record(query, teammate, version=theirs).pk

    def test_where_several_answers_are_wanted_only_the_last_makes_another_card(
        self, query, owner, teammate, reviewer
    ):
        type(query.batch).objects.update(wanted=2)
        version = card_context(query, reviewer).version
        record(query, owner)
        assert card_context(query, reviewer).version == version
        record(query, teammate)
        assert card_context(query, reviewer).version != version

    def test_a_lease_that_ran_out_refuses_nothing(self, query, owner, teammate):
        query.batch.shared = True
        query.batch.save()
        assert cards_assign(batch=query.batch, user=owner).ids == [query.pk]
        version = card_context(query, owner).version
        Lease.objects.update(until=timezone.now())
        assert cards_assign(batch=query.batch, user=teammate).ids == [query.pk]
        assert record(query, owner, version=version).pk  # the other has not answered yet
        assert Lease.objects.get().holder == teammate


def test_a_query_whose_picture_is_gone_takes_no_answer(query, owner):
    blob_path(query.sha256).unlink()
    with pytest.raises(Conflict) as caught:
        record(query, owner)
    assert (caught.value.code, caught.value.retryable) == ("gone", False)


def test_whom_a_batch_is_not_assigned_to_gives_no_answer(query, owner, teammate):
    record(query, owner)
    query.batch.assigned.add(teammate)
    with pytest.raises(Forbidden) as caught:
        record(query, owner, "unsure")
    assert caught.value.code == "not_assigned"
    assert decision_withdraw(query=query, annotator=owner).verdict == "withdrawn"
    assert record(query, teammate).pk


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_the_same_card_at_once_are_told(owner, teammate):
    """One answer is written, the other is asked about: none is lost, none overwrites unseen."""
    query, at_once = factories.query(factories.batch(owner, shared=True)), threading.Barrier(2)
    versions = {who: card_context(query, who).version for who in (owner, teammate)}
    became = []

    def send(person):
        try:
            at_once.wait()
            became.append(record(query, person, version=versions[person]).verdict)
        except CardChanged as changed:
            became.append(changed.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(person,)) for person in (owner, teammate)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(became) == ["card_changed", "none"]
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_sent_many_times_at_once_counts_once(owner):
    query, key = factories.query(factories.batch(owner)), uuid.uuid4()
    found, at_once = [], threading.Barrier(6)

    def send():
        try:
            at_once.wait()
            found.append(record(query, owner, "unsure", client_key=key).pk)
        finally:
            connection.close()

    _together(send, 6)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_key_for_many_queries_at_once_answers_one_of_them(owner):
    batch, key = factories.batch(owner), uuid.uuid4()
    queries, found, at_once = [factories.query(batch) for _ in range(5)], [], threading.Barrier(5)

    def send(query):
        try:
            at_once.wait()
            found.append(record(query, owner, client_key=key).pk)
        except Conflict as error:
            found.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(query,)) for query in queries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found))[1:] == ["key_used"] * 4
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_answers_given_and_taken_back_at_once_leave_the_count_in_step(owner, teammate):
    query, at_once = factories.query(factories.batch(owner)), threading.Barrier(2)

    def flip(person):
        try:
            at_once.wait()
            for _ in range(5):
                record(query, person)
                decision_withdraw(query=query, annotator=person)
        finally:
            connection.close()

    threads = [threading.Thread(target=flip, args=(person,)) for person in (owner, teammate)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    query.refresh_from_db()
    assert Decision.objects.count() == 20
    assert query.answered is (query_label(query) is not None) is False


def _together(send, count):
    threads = [threading.Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
