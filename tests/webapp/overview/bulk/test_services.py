"""Answering together: written once, in parts, and taken back as one."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.webapp.overview.conftest import suggested
from webapp.batches.models import Query
from webapp.core.errors import Conflict, Forbidden, Refused
from webapp.overview.bulk.confidence import newest_suggestion
from webapp.overview.bulk.open_queries import open_firsts
from webapp.overview.bulk.services import bulk_accept_part, bulk_confirm_group, bulk_undo_part
from webapp.overview.models import BulkRow
from webapp.review.answering.services import decision_withdraw
from webapp.review.models import Decision, Lease
from webapp.search.hits import Hit
from webapp.search.models import Suggestion
from webapp.search.services import suggestions_replace

pytestmark = pytest.mark.django_db


def first(query):
    return query.pk, query.suggestions.get(rank=1).pk


def confirm(batch, owner, item, right, wrong=(), key=None):
    return bulk_confirm_group(
        batch=batch,
        annotator=owner,
        key=key or uuid.uuid4(),
        item=item,
        right=[first(query) for query in right],
        wrong=[query.pk for query in wrong],
    )


def accept(batch, owner, threshold, key=None, newest=None):
    newest = newest_suggestion(batch) if newest is None else newest
    key = key or uuid.uuid4()
    bulk = bulk_accept_part(batch=batch, annotator=owner, key=key, threshold=threshold, newest=newest)
    while not bulk.finished:
        bulk = bulk_accept_part(batch=batch, annotator=owner, key=key, threshold=threshold, newest=newest)
    return bulk


def undo(bulk, by=None):
    while not (bulk := bulk_undo_part(bulk=bulk, by=by or bulk.annotator)).undone:
        pass
    return bulk


def standing(query):
    names = ("answered", "answers", "agreement", "disputed", "settled", "wanting")
    return Query.objects.filter(pk=query.pk).values(*names).get()


class TestGroup:
    def test_all_but_what_was_picked_out_is_answered(self, batch, owner, item):
        right, wrong = suggested(batch, item), suggested(batch, item)
        bulk = confirm(batch, owner, item, [right], [wrong])
        assert (bulk.written, bulk.left) == (1, 0)
        decision = Decision.objects.get()
        assert (decision.query, decision.item, decision.verdict) == (right, item, "match")
        assert decision.release == right.suggestions.get().release
        assert BulkRow.objects.get(decision=None).query == wrong

    def test_it_leaves_the_query_as_a_single_answer_would(self, batch, owner, item):
        together, alone = suggested(batch, item), suggested(batch, item)
        confirm(batch, owner, item, [together])
        factories.answer(query=alone, annotator=owner, verdict="match", item=item)
        assert standing(together) == standing(alone)
        assert standing(together)["answered"]

    def test_where_two_answers_are_wanted_it_is_one_of_them(self, batch, owner, teammate, item):
        batch.wanted = 2
        batch.save()
        query = suggested(batch, item)
        confirm(batch, owner, item, [query])
        assert standing(query)["wanting"]
        confirm(batch, teammate, item, [query])
        assert standing(query)["answered"]
        assert standing(query)["agreement"] == 1.0

    def test_sent_twice_it_counts_once(self, batch, owner, item):
        query, key = suggested(batch, item), uuid.uuid4()
        for _ in range(2):
            bulk = confirm(batch, owner, item, [query], key=key)
            assert bulk.written == 1
        assert Decision.objects.count() == 1

    def test_a_key_is_one_action_s(self, batch, owner, item):
        key = uuid.uuid4()
        confirm(batch, owner, item, [suggested(batch, item)], key=key)
        with pytest.raises(Conflict) as refused:
            confirm(batch, owner, factories.item(), [suggested(batch, item)], key=key)
        assert refused.value.code == "key_used"

    def test_a_query_of_another_batch_is_refused(self, batch, owner, item):
        other = suggested(factories.batch(owner), item)
        with pytest.raises(Refused) as refused:
            confirm(batch, owner, item, [other])
        assert refused.value.code == "gone"
        assert not Decision.objects.exists()

    def test_nobody_answers_what_is_assigned_to_others(self, batch, owner, teammate, item):
        query = suggested(batch, item)
        batch.assigned.add(teammate)
        with pytest.raises(Forbidden):
            confirm(batch, owner, item, [query])

    @pytest.mark.parametrize("why", ["changed", "held", "settled", "answered", "item_gone", "blind", "gone"])
    def test_what_is_not_open_any_more_is_left(self, batch, owner, teammate, item, why):
        query, fine = suggested(batch, item), suggested(batch, item)
        right, now = [first(query), first(fine)], query.created
        if why == "changed":
            suggestions_replace(query=query, release=factories.release(), hits=[Hit(item.pk, 0.1, 0.9, True)])
        elif why == "held":
            Lease.objects.create(query=query, holder=teammate, given=now, until=now.replace(year=2999))
        elif why == "settled":
            Query.objects.filter(pk=query.pk).update(settled=True)
        elif why == "answered":
            factories.answer(query=query, annotator=teammate, verdict="none")
        elif why == "blind":
            Query.objects.filter(pk=fine.pk).delete()
            batch.blind_share = 100
            batch.save()
        elif why == "gone":
            Query.objects.filter(pk=query.pk).update(sha256="0" * 64)
        if why == "item_gone":
            type(item).objects.filter(pk=item.pk).update(state="rejected")
            right = right[:1]
        if why == "blind":
            right = right[:1]
        bulk = bulk_confirm_group(
            batch=batch, annotator=owner, key=uuid.uuid4(), item=item, right=right, wrong=[]
        )
        assert bulk.left == 1
        assert bulk.written == len(right) - 1
        assert not Decision.objects.filter(query=query, annotator=owner).exists()

    def test_one_s_own_card_in_hand_is_answered_and_let_go(self, batch, owner, item):
        query = suggested(batch, item)
        until = query.created.replace(year=2999)
        Lease.objects.create(query=query, holder=owner, given=query.created, until=until)
        assert confirm(batch, owner, item, [query]).written == 1
        assert not Lease.objects.exists()


class TestThreshold:
    def test_every_open_query_above_it_gets_its_first_suggestion(self, batch, owner):
        items = [factories.item() for _ in range(4)]
        queries = [suggested(batch, item, 0.7 + 0.1 * rank) for rank, item in enumerate(items)]
        bulk = accept(batch, owner, 0.85)
        assert bulk.written == 2
        result = dict(Decision.objects.values_list("query", "item"))
        assert result == {queries[2].pk: items[2].pk, queries[3].pk: items[3].pk}

    def test_it_goes_part_by_part_and_on_where_it_was(self, batch, owner, item, monkeypatch):
        monkeypatch.setattr("webapp.overview.bulk.services.MOST_AT_ONCE", 2)
        for _ in range(5):
            suggested(batch, item)
        key, newest = uuid.uuid4(), newest_suggestion(batch)
        rows = []
        for _ in range(4):
            bulk = bulk_accept_part(batch=batch, annotator=owner, key=key, threshold=0.5, newest=newest)
            rows.append((bulk.written, bool(bulk.finished)))
        assert rows == [(2, False), (4, False), (5, True), (5, True)]

    def test_what_came_after_the_look_is_not_meant(self, batch, owner, item):
        suggested(batch, item)
        newest = newest_suggestion(batch)
        late = suggested(batch, item)
        assert accept(batch, owner, 0.5, newest=newest).written == 1
        assert [row.query for row in open_firsts(batch, owner)] == [late.pk]

    def test_what_was_searched_again_meanwhile_is_not_meant(self, batch, owner, item):
        query = suggested(batch, item)
        newest = newest_suggestion(batch)
        suggestions_replace(query=query, release=factories.release(), hits=[Hit(item.pk, 0.1, 0.99, True)])
        assert accept(batch, owner, 0.5, newest=newest).written == 0

    @pytest.mark.parametrize("threshold", [-0.1, 1.1])
    def test_a_threshold_lies_between_0_and_1(self, batch, owner, threshold):
        with pytest.raises(Refused):
            bulk_accept_part(batch=batch, annotator=owner, key=uuid.uuid4(), threshold=threshold, newest=1)


class TestUndo:
    def test_all_is_as_before(self, batch, owner, item):
        queries = [suggested(batch, item) for _ in range(3)]
        before = [standing(query) for query in queries]
        bulk = undo(accept(batch, owner, 0.5))
        assert (bulk.withdrawn, bulk.stay) == (3, 0)
        assert [standing(query) for query in queries] == before
        assert len(open_firsts(batch, owner)) == 3

    def test_what_anybody_changed_since_stays(self, batch, owner, teammate, curator, item):
        mine, theirs, settled, plain = (suggested(batch, item) for _ in range(4))
        bulk = accept(batch, owner, 0.5)
        factories.answer(query=mine, annotator=owner, verdict="none")
        factories.answer(query=theirs, annotator=teammate, verdict="unsure")
        Query.objects.filter(pk=settled.pk).update(settled=True)
        bulk = undo(bulk)
        assert (bulk.withdrawn, bulk.stay) == (1, 3)
        withdrawn = Decision.objects.get(verdict="withdrawn")
        assert (withdrawn.query, withdrawn.annotator) == (plain, owner)

    def test_as_a_single_answer_is_taken_back(self, batch, owner, item):
        together, alone = suggested(batch, item), suggested(batch, item, 0.1)
        factories.answer(query=alone, annotator=owner, verdict="match", item=item)
        decision_withdraw(query=alone, annotator=owner)
        undo(accept(batch, owner, 0.5))
        assert standing(together) == standing(alone)

    def test_taken_back_twice_is_taken_back_once(self, batch, owner, item):
        suggested(batch, item)
        bulk = undo(undo(accept(batch, owner, 0.5)))
        assert bulk.withdrawn == 1
        assert Decision.objects.filter(verdict="withdrawn").count() == 1

    def test_a_reviewer_takes_it_back_and_it_says_who(self, batch, owner, reviewer, teammate, item):
        query = suggested(batch, item)
        before, bulk = standing(query), accept(batch, owner, 0.5)
        with pytest.raises(PermissionDenied):
            undo(bulk, teammate)
        assert standing(query)["answered"]
        bulk = undo(bulk, reviewer)
        assert (bulk.annotator, bulk.undo_by, bulk.withdrawn) == (owner, reviewer, 1)
        assert standing(query) == before
        withdrawn = Decision.objects.get(verdict="withdrawn")
        assert withdrawn.annotator == owner  # it is their answer that counts no more
        assert undo(bulk, owner).undo_by == reviewer

    def test_part_by_part(self, batch, owner, item, monkeypatch):
        for _ in range(5):
            suggested(batch, item)
        bulk = accept(batch, owner, 0.5)
        monkeypatch.setattr("webapp.overview.bulk.services.MOST_AT_ONCE", 2)
        rows = [bulk_undo_part(bulk=bulk, by=owner).withdrawn for _ in range(4)]
        assert rows == [2, 4, 5, 5]

    def test_what_is_being_taken_back_is_not_gone_on_with(self, batch, owner, item, monkeypatch):
        monkeypatch.setattr("webapp.overview.bulk.services.MOST_AT_ONCE", 1)
        for _ in range(3):
            suggested(batch, item)
        key, newest = uuid.uuid4(), newest_suggestion(batch)
        given = {"batch": batch, "annotator": owner, "key": key, "threshold": 0.5, "newest": newest}
        bulk = bulk_undo_part(bulk=bulk_accept_part(**given), by=owner)
        with pytest.raises(Conflict) as refused:
            bulk_accept_part(**given)
        assert refused.value.code == "being_undone"
        assert undo(bulk).withdrawn == 1

    def test_what_was_picked_out_comes_back_into_its_group(self, batch, owner, item):
        right, wrong = suggested(batch, item), suggested(batch, item)
        undo(confirm(batch, owner, item, [right], [wrong]))
        assert BulkRow.objects.filter(bulk__undone=None).count() == 0


def test_a_part_asks_no_more_the_more_it_holds(
    batch, owner, item, data, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("webapp.review.bulk.checks.blob_path", lambda sha256: data)  # every file is there
    Query.objects.bulk_create(
        Query(batch=batch, name=f"{n}.png", sha256=f"{n:064x}", state="ready") for n in range(600)
    )
    values = {"item": item, "release": factories.release(), "rank": 1, "distance": 0.1, "mirrored": True}
    Suggestion.objects.bulk_create(
        Suggestion(query=query, confidence=0.9, **values) for query in Query.objects.filter(batch=batch)
    )
    given = {"batch": batch, "annotator": owner, "key": uuid.uuid4(), "threshold": 0.5}
    with django_assert_max_num_queries(48):
        bulk = bulk_accept_part(**given, newest=newest_suggestion(batch))
    assert bulk.written == 500
