"""A reviewer's word: it is the label whatever is said, until a newer one; and gold cards."""

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from webapp.core.errors import Conflict, Refused
from webapp.review.adjudication.gold import gold_mark, gold_unmark
from webapp.review.adjudication.rulings import ruling_approve, ruling_send_back, ruling_settle, state_of
from webapp.review.answer import Answer, Match
from webapp.review.answering.progress import review_progress
from webapp.review.answering.selectors import decision_for
from webapp.review.answering.services import decision_withdraw
from webapp.review.assignment.leases import cards_assign
from webapp.review.consensus.batch_parts import batch_parts
from webapp.review.consensus.labels import query_label
from webapp.review.consensus.rule import agrees
from webapp.review.models import Decision, Gold, Remark, Ruling
from webapp.search.fits import PERSON, Fit


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True)


@pytest.fixture
def query(batch):
    return factories.query(batch)


@pytest.fixture
def item(db):
    return factories.item()


def say(query, who, verdict="none", **words):
    return factories.answer(query=query, annotator=who, verdict=verdict, **words)


def test_an_approved_label_stays_whatever_comes(query, owner, teammate, reviewer):
    result = say(query, owner)
    ruling = ruling_approve(query=query, reviewer=reviewer)
    assert (ruling.kind, ruling.decision) == ("approve", result)
    for action in (lambda: say(query, teammate, "unsure"), lambda: say(query, owner, "unsure")):
        with pytest.raises(Conflict) as caught:
            action()
        assert caught.value.code == "settled"
    with pytest.raises(Conflict) as caught:
        decision_withdraw(query=query, annotator=owner)
    assert caught.value.code == "settled"
    assert query_label(query) == result


def test_a_block_that_was_moved_is_approved_where_it_lies_now(query, owner, reviewer, item):
    other, moved = factories.item(), Fit((-0.7, 0.0, 0.2, 0.0, 0.7, 0.0), 0.95, 0.03, by=PERSON)
    result = say(query, owner, "match", item=item, relation="variant", also=(Match(other, "same_character"),))
    ruling = ruling_approve(query=query, reviewer=reviewer, comment="bộ khác", fit=moved)
    label = query_label(query)
    assert (ruling.kind, ruling.decision, ruling.comment) == ("approve", label, "bộ khác")
    assert (label.annotator, label.settles, label.item, label.relation) == (reviewer, True, item, "variant")
    assert [row.item for row in label.also.all()] == [other]
    assert Fit.of(label.fit) == moved.kept_at(0)
    assert Decision.objects.get(pk=result.pk).fit is None


def test_what_names_no_block_is_approved_where_none_lies(query, owner, reviewer):
    say(query, owner)
    with pytest.raises(Refused) as caught:
        ruling_approve(query=query, reviewer=reviewer, fit=factories.fit())
    assert caught.value.code == "bad_fit"
    assert not Ruling.objects.exists()


def test_settling_is_the_reviewers_own_decision(query, owner, teammate, reviewer, item):
    other = factories.item()
    say(query, owner)
    say(query, teammate, "match", item=item, flag=True)
    answer = Answer("match", other, "variant", comment="bộ khác", also=(Match(item, "same_character"),))
    ruling = ruling_settle(query=query, reviewer=reviewer, answer=answer)
    label = query_label(query)
    assert (label.item, label.settles, label.annotator) == (other, True, reviewer)
    assert [(row.item, row.relation) for row in label.also.all()] == [(item, "same_character")]
    assert ruling.comment == "bộ khác"
    query.refresh_from_db()
    assert (query.settled, query.answered, query.wanting, query.answers) == (True, True, False, 2)
    assert decision_for(query, reviewer) is None  # no vote
    assert review_progress(query.batch, reviewer).mine == 0
    assert Remark.objects.get(flag=True).resolved_by == reviewer


def test_a_newer_ruling_supersedes_and_the_older_stays_written(query, owner, reviewer, curator, item):
    say(query, owner)
    ruling_approve(query=query, reviewer=reviewer)
    ruling_settle(query=query, reviewer=curator, answer=Answer("match", item))
    assert query_label(query).item == item
    assert [row.kind for row in Ruling.objects.order_by("pk")] == ["approve", "settle"]


def test_what_is_sent_back_is_open_again_to_all_who_answered(batch, query, owner, teammate, reviewer):
    first = say(query, owner)
    say(query, teammate, "unsure")
    ruling_send_back(query=query, reviewer=reviewer, comment="look at the left side")
    query.refresh_from_db()
    assert (query.answered, query.answers, query.agreement, query.wanting) == (False, 0, None, True)
    assert query_label(query) is None
    assert cards_assign(batch=batch, user=owner).ids == [query.pk]
    again = say(query, owner)
    assert again != first
    assert query_label(query) == again
    assert cards_assign(batch=batch, user=teammate).ids == []


def test_what_was_settled_can_be_sent_back(query, owner, reviewer, item):
    say(query, owner)
    ruling_settle(query=query, reviewer=reviewer, answer=Answer("match", item))
    ruling_send_back(query=query, reviewer=reviewer, comment="I was wrong")
    assert query_label(query) is None
    again = say(query, owner, "unsure")
    assert query_label(query) == again


@pytest.mark.parametrize("who", ["owner", "teammate"])
def test_annotators_do_not_rule(query, who, request, item):
    person = request.getfixturevalue(who)
    say(query, person)
    for action in (
        lambda: ruling_approve(query=query, reviewer=person),
        lambda: ruling_send_back(query=query, reviewer=person, comment="no"),
        lambda: ruling_settle(query=query, reviewer=person, answer=Answer("match", item)),
        lambda: gold_mark(query=query, curator=person),
    ):
        with pytest.raises(PermissionDenied):
            action()
    assert not Ruling.objects.exists()


def test_a_ruling_on_what_changed_meanwhile_is_not_made(query, owner, teammate, reviewer, curator):
    say(query, owner)
    seen = state_of(query).token
    say(query, teammate, "unsure")
    with pytest.raises(Conflict) as caught:
        ruling_approve(query=query, reviewer=reviewer, seen=seen)
    assert caught.value.code == "card_changed"
    seen = state_of(query).token
    ruling_approve(query=query, reviewer=reviewer, seen=seen)
    with pytest.raises(Conflict):
        ruling_send_back(query=query, reviewer=curator, comment="no", seen=seen)


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (lambda query, who, item: ruling_approve(query=query, reviewer=who), "no_label"),
        (lambda query, who, item: ruling_send_back(query=query, reviewer=who, comment=" "), "no_comment"),
        (
            lambda query, who, item: ruling_settle(query=query, reviewer=who, answer=Answer("unsure")),
            "bad_verdict",
        ),
        (
            lambda query, who, item: ruling_settle(query=query, reviewer=who, answer=Answer("match")),
            "bad_item",
        ),
        (
            lambda query, who, item: ruling_settle(query=query, reviewer=who, answer=Answer("none", item)),
            "bad_item",
        ),
        (lambda query, who, item: gold_mark(query=query, curator=who), "not_settled"),
    ],
)
def test_a_ruling_without_sense_is_refused(query, curator, item, action, code):
    with pytest.raises(Refused) as caught:
        action(query, curator, item)
    assert caught.value.code == code
    assert not Ruling.objects.exists()


def test_a_deleted_query_takes_no_ruling(query, owner, reviewer):
    say(query, owner)
    type(query).objects.filter(pk=query.pk).delete()
    with pytest.raises(Conflict) as caught:
        ruling_approve(query=query, reviewer=reviewer)
    assert caught.value.code == "gone"


def test_a_dispute_ends_with_a_ruling(owner, teammate, reviewer, item):
    batch = factories.batch(owner, shared=True, wanted=2)
    query = factories.query(batch)
    say(query, owner)
    say(query, teammate, "match", item=item)
    assert batch_parts(batch).disputed == 1
    ruling_settle(query=query, reviewer=reviewer, answer=Answer("match", item))
    parts = batch_parts(batch)
    assert (parts.disputed, parts.settled, parts.total) == (0, 1, 1)


class TestGold:
    @pytest.fixture
    def gold(self, batch, query, owner, reviewer, curator, item):
        """A gold card out of a batch that is the owner's alone; its label is ``item``."""
        say(query, owner)
        ruling_settle(query=query, reviewer=reviewer, answer=Answer("match", item))
        gold_mark(query=query, curator=curator)
        type(batch).objects.filter(pk=batch.pk).update(shared=False)
        return query

    @pytest.fixture
    def work(self, teammate):
        """A batch of the teammate's with gold cards among its own."""
        batch = factories.batch(teammate, gold_share=100)
        for _ in range(3):
            factories.query(batch)
        return batch

    def test_gold_is_mixed_into_the_cards_of_who_never_answered_it(self, gold, work, owner, teammate):
        dealt = cards_assign(batch=work, user=teammate, count=2)
        assert gold.pk in dealt.ids
        assert len(dealt.ids) == 3
        assert dealt.left == 1
        work.assigned.add(owner)
        assert gold.pk not in cards_assign(batch=work, user=owner, count=1).ids

    def test_an_answer_to_gold_changes_nothing_but_what_is_known_of_its_annotator(
        self, gold, work, teammate, item
    ):
        label, before = query_label(gold), type(gold).objects.filter(pk=gold.pk).values().get()
        made = say(gold, teammate, "unsure")
        assert (made.gold, made.settles) == (True, False)
        assert query_label(gold) == label
        assert type(gold).objects.filter(pk=gold.pk).values().get() == before
        assert not agrees(made, label)
        assert agrees(say(gold, teammate, "match", item=item), label)
        assert gold.pk not in cards_assign(batch=work, user=teammate, count=2).ids

    def test_without_a_share_none_comes(self, gold, teammate):
        batch = factories.batch(teammate)
        factories.query(batch)
        assert gold.pk not in cards_assign(batch=batch, user=teammate, count=1).ids

    def test_what_is_sent_back_is_gold_no_more(self, gold, reviewer, curator):
        ruling_send_back(query=gold, reviewer=reviewer, comment="really?")
        assert not Gold.objects.exists()

    def test_gold_can_be_marked_twice_and_unmarked(self, gold, curator, teammate):
        gold_mark(query=gold, curator=curator)
        gold_unmark(query=gold, curator=curator)
        assert not Gold.objects.exists()
        with pytest.raises(Conflict):
            say(gold, teammate)


def test_who_agrees_with_a_label_of_several_items(query, owner, reviewer, item):
    second = factories.item()
    label = say(query, owner, "match", item=item, also=[Match(second)])
    assert agrees(Decision(verdict="match", item=second), label)
    assert not agrees(Decision(verdict="match", item=factories.item()), label)
    assert not agrees(Decision(verdict="none"), label)
