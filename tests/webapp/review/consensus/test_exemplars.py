"""Which labels serve as exemplars, how far they are believed, and what a card tells of them."""

import uuid

import pytest

from common.suggestions import ONE_PERSON
from tests import factories
from webapp.review.adjudication.gold import gold_mark
from webapp.review.adjudication.rulings import ruling_approve, ruling_send_back, ruling_settle
from webapp.review.answer import Answer, Match
from webapp.review.answering.services import decision_withdraw
from webapp.review.bulk.checks import BulkMatch
from webapp.review.bulk.services import decisions_record_bulk, decisions_withdraw_bulk
from webapp.review.cards.payload import card_of
from webapp.review.consensus.exemplar_backfill import exemplars_catch_up
from webapp.search.exemplars import exemplars_after, exemplars_number
from webapp.search.models import Exemplar, Suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True)


@pytest.fixture
def query(batch):
    return factories.query(batch)


@pytest.fixture
def items():
    return [factories.item() for _ in range(3)]


def standing(query):
    """{item: trust} of the exemplars that the query serves as."""
    return dict(Exemplar.objects.filter(query=query, trust__gt=0).values_list("item", "trust"))


class TestTrust:
    def test_one_person_is_believed_less_than_two_who_agree(self, query, items, owner, teammate):
        factories.answer(query=query, annotator=owner, verdict="match", item=items[0])
        assert standing(query) == {items[0].pk: ONE_PERSON}
        factories.answer(query=query, annotator=teammate, verdict="match", item=items[0])
        assert standing(query) == {items[0].pk: 1.0}

    def test_who_is_contradicted_is_believed_less(self, query, items, owner, teammate):
        factories.answer(query=query, annotator=owner, verdict="match", item=items[0])
        factories.answer(query=query, annotator=teammate, verdict="match", item=items[1])
        assert standing(query) == {items[1].pk: pytest.approx(ONE_PERSON / 2)}

    @pytest.mark.parametrize("verdict", ["none", "unsure", "skip"])
    def test_what_is_no_match_serves_never(self, query, owner, verdict):
        factories.answer(query=query, annotator=owner, verdict=verdict)
        assert not Exemplar.objects.exists()

    def test_where_more_answers_are_wanted_none_serves_before_the_last(self, owner, teammate, items):
        query = factories.query(factories.batch(owner, wanted=2, shared=True))
        factories.answer(query=query, annotator=owner, verdict="match", item=items[0])
        assert not Exemplar.objects.exists()
        factories.answer(query=query, annotator=teammate, verdict="match", item=items[0])
        assert standing(query) == {items[0].pk: 1.0}

    def test_a_relation_says_how_much_the_character_gets(self, query, items, owner):
        values = {
            "relation": "same_character",
            "also": [Match(items[1], "variant"), Match(items[2])],
        }
        factories.answer(query=query, annotator=owner, verdict="match", item=items[0], **values)
        shared = dict(Exemplar.objects.values_list("item", "shared"))
        assert shared == {items[0].pk: 1.0, items[1].pk: 0.0, items[2].pk: 0.5}


class TestReversal:
    @pytest.fixture
    def matched(self, query, items, owner):
        factories.answer(query=query, annotator=owner, verdict="match", item=items[0])
        return query

    def test_superseded(self, matched, items, owner):
        factories.answer(query=matched, annotator=owner, verdict="match", item=items[1])
        assert standing(matched) == {items[1].pk: ONE_PERSON}

    def test_withdrawn(self, matched, owner):
        decision_withdraw(query=matched, annotator=owner)
        assert standing(matched) == {}

    def test_settled_otherwise_approved_and_sent_back(self, matched, items, reviewer):
        ruling_approve(query=matched, reviewer=reviewer)
        assert standing(matched) == {items[0].pk: 1.0}
        ruling_settle(query=matched, reviewer=reviewer, answer=Answer("match", items[2]))
        assert standing(matched) == {items[2].pk: 1.0}
        ruling_settle(query=matched, reviewer=reviewer, answer=Answer("none", reason="damaged"))
        assert standing(matched) == {}
        ruling_send_back(query=matched, reviewer=reviewer, comment="look again")
        assert standing(matched) == {}

    def test_answered_together_and_taken_back(self, batch, items, owner):
        queries = [factories.query(batch) for _ in range(3)]
        firsts = [factories.suggestions(query, items)[0] for query in queries]
        matches = [BulkMatch(one.query_id, one.item_id, one.pk) for one in firsts]
        result = decisions_record_bulk(annotator=owner, matches=matches, key=uuid.uuid4())
        assert [standing(query) for query in queries] == [{items[0].pk: ONE_PERSON}] * 3
        decisions_withdraw_bulk(annotator=owner, decisions=result.written.values(), key=uuid.uuid4())
        assert [standing(query) for query in queries] == [{}] * 3

    def test_whoever_follows_hears_of_every_change_once(self, matched, owner):
        def heard(after):
            exemplars_number()
            return list(exemplars_after(after).values_list("number", "trust"))

        ((first, trust),) = heard(0)
        assert (trust, heard(first)) == (ONE_PERSON, [])
        decision_withdraw(query=matched, annotator=owner)
        ((second, trust),) = heard(first)
        assert (trust, heard(second)) == (0.0, [])
        assert second > first

    def test_nothing_is_written_where_nothing_changes(self, matched, items, owner):
        exemplars_number()
        Exemplar.objects.update(spread=True)
        before = list(Exemplar.objects.values())
        factories.answer(query=matched, annotator=owner, verdict="match", item=items[0], comment="the same")
        assert list(Exemplar.objects.values()) == before
        assert exemplars_catch_up() == 0

    def test_deleted_queries_serve_no_more(self, matched, query):
        matched.delete()
        assert not Exemplar.objects.exists()


class TestTheCard:
    @pytest.fixture
    def card(self, query, items, batch, owner):
        """``card(user, answered)``: the first suggestion as the page shows it, drawn up by ``answered``."""
        factories.suggestions(query, items)

        def suggestion_of(user, answered):
            Suggestion.objects.filter(query=query, rank=1).update(exemplar=answered)
            first = Suggestion.objects.get(query=query, rank=1).item_id
            rows = card_of(query, user)["suggestions"]
            return next(row["exemplar"] for row in rows if row["item"]["id"] == first)

        return suggestion_of

    def test_it_names_the_answered_picture(self, card, batch, teammate):
        answered = factories.query(batch, name="00012.png")
        result = card(teammate, answered)
        assert result["name"] == "00012.png"
        assert f"/{answered.pk}/" in result["image"]
        assert card(teammate, None) is None

    def test_other_peoples_batches_are_not_named(self, card, teammate, django_user_model):
        stranger = django_user_model.objects.create(username="stranger")
        private = factories.query(factories.batch(stranger))
        assert card(teammate, private) == {"name": None, "image": None}
        assert card(stranger, private)["name"] == private.name

    def test_gold_cards_are_named_to_reviewers_alone(self, card, batch, items, teammate, reviewer, curator):
        answered = factories.query(batch)
        ruling_settle(query=answered, reviewer=reviewer, answer=Answer("match", items[0]))
        gold_mark(query=answered, curator=curator)
        assert card(teammate, answered) == {"name": None, "image": None}
        assert card(reviewer, answered)["name"] == answered.name

    def test_a_blind_card_says_nothing(self, card, batch, teammate):
        batch.blind_share = 100
        batch.save()
        assert card(teammate, factories.query(batch)) is None

    def test_a_deleted_picture_is_named_no_more(self, card, batch, teammate):
        answered = factories.query(batch)
        assert card(teammate, answered)
        answered.delete()
        assert Suggestion.objects.filter(exemplar__isnull=False).count() == 0
