"""What may be answered together, and what lies above a confidence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.webapp.overview.conftest import suggested
from webapp.overview.bulk.bulk_groups import LIKELY, groups_by_item, groups_by_likeness
from webapp.overview.bulk.confidence import STEPS, confidence_counts, step_of
from webapp.overview.bulk.open_queries import open_firsts
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.review.adjudication.rulings import ruling_send_back, ruling_settle
from webapp.review.answer import Answer
from webapp.review.consensus.labels import batch_labels, query_labels
from webapp.review.consensus.standings import batch_recount
from webapp.review.models import Lease

pytestmark = pytest.mark.django_db


def open_to(batch, user):
    return [row.query for row in open_firsts(batch, user)]


class TestOpen:
    def test_a_query_that_is_ready_and_unanswered(self, batch, owner):
        query = suggested(batch, factories.item())
        suggested(batch, factories.item(), state="waiting")
        factories.query(batch)  # nothing was found for it
        assert open_to(batch, owner) == [query.pk]

    @pytest.mark.parametrize("verdict", ["none", "unsure", "skip"])
    def test_not_what_this_person_answered_or_put_off(self, batch, owner, verdict):
        query = suggested(batch, factories.item())
        factories.decision(query, owner, verdict=verdict)
        assert open_to(batch, owner) == []

    def test_but_what_they_took_back(self, batch, owner):
        query = suggested(batch, factories.item())
        factories.decision(query, owner, verdict="none")
        factories.decision(query, owner, verdict="withdrawn")
        assert open_to(batch, owner) == [query.pk]

    def test_not_what_somebody_else_holds_until_it_runs_out(self, batch, owner, teammate):
        query, now = suggested(batch, factories.item()), timezone.now()
        lease = Lease.objects.create(
            query=query, holder=teammate, given=now, until=now + timedelta(minutes=1)
        )
        assert open_to(batch, owner) == []
        assert open_to(batch, teammate) == [query.pk]
        lease.until = now - timedelta(seconds=1)
        lease.save()
        assert open_to(batch, owner) == [query.pk]

    def test_not_what_a_reviewer_settled(self, batch, owner):
        query = suggested(batch, factories.item())
        type(query).objects.filter(pk=query.pk).update(settled=True, wanting=False)
        assert open_to(batch, owner) == []

    def test_not_what_is_to_be_seen_blind(self, batch, owner):
        suggested(batch, factories.item())
        batch.blind_share = 100
        assert open_to(batch, owner) == []

    def test_nothing_of_a_batch_that_is_assigned_to_others(self, batch, owner, teammate):
        query = suggested(batch, factories.item())
        batch.assigned.add(teammate)
        assert open_to(batch, owner) == []
        assert open_to(batch, teammate) == [query.pk]

    def test_not_one_whose_suggested_item_is_not_ready(self, batch, owner):
        suggested(batch, factories.item(state="waiting"))
        assert open_to(batch, owner) == []


class TestGroups:
    def test_by_item_the_largest_first_and_none_of_one(self, batch, owner):
        large, small, alone = factories.item(), factories.item(), factories.item()
        for item, count in [(small, 2), (large, 3), (alone, 1)]:
            for _ in range(count):
                suggested(batch, item)
        groups, total = groups_by_item(batch, owner, most=10, each=10)
        assert [(group.item, group.total) for group in groups] == [(large, 3), (small, 2)]
        assert total == 2

    def test_the_surest_come_first_and_no_more_than_are_asked_for(self, batch, owner):
        item = factories.item()
        queries = [suggested(batch, item, confidence) for confidence in (0.6, 0.9, 0.7)]
        [group], _ = groups_by_item(batch, owner, most=1, each=2)
        assert [first.query for first in group.firsts] == [queries[1], queries[2]]
        assert group.total == 3

    def test_the_surest_groups_come_first_and_what_is_not_likely_not_at_all(self, batch, owner):
        """Five characters at 26 to 2 % used to come first, one Enter away."""
        doubtful, likely, sure = (factories.item(character=character) for character in "一二三")
        for item, confidences in [
            (doubtful, (0.26, 0.2, 0.1, 0.05, 0.02)),
            (likely, (0.6, 0.7, 0.65, 0.49)),
            (sure, (0.97, 0.95)),
        ]:
            for confidence in confidences:
                suggested(batch, item, confidence)
        groups, total = groups_by_item(batch, owner, most=10, each=10)
        assert [(group.item, group.total) for group in groups] == [(sure, 2), (likely, 3)]
        assert total == 2
        assert all(first.confidence >= LIKELY for group in groups for first in group.firsts)

    def test_a_group_is_of_one_character(self, batch, owner):
        one, twin, other = (factories.item(character=character) for character in "一一二")
        rows = [suggested(batch, item, 0.9) for item in (one, one, twin, other)]
        [group], _ = groups_by_likeness(batch, owner, [[row.pk for row in rows]], most=5, each=9)
        assert [first.query for first in group.firsts] == rows[:3]
        assert {first.item.character for first in group.firsts} == {"一"}

    def test_what_was_picked_out_is_not_shown_again_with_that_item(self, batch, owner, teammate):
        item = factories.item()
        queries = [suggested(batch, item) for _ in range(3)]
        bulk = BulkAnswer.objects.create(annotator=owner, batch=batch, kind="group", item=item)
        BulkRow.objects.create(bulk=bulk, query=queries[0])
        [group], _ = groups_by_item(batch, owner, most=1, each=9)
        assert [first.query for first in group.firsts] == queries[1:]
        [group], _ = groups_by_item(batch, teammate, most=1, each=9)
        assert len(group.firsts) == 3

    def test_by_likeness_the_most_suggested_item_is_the_group_s(self, batch, owner):
        one, other = factories.item(), factories.item()
        a, b, c = suggested(batch, other, 0.99), suggested(batch, one, 0.6), suggested(batch, one, 0.7)
        answered = suggested(batch, one)
        factories.decision(answered, owner, item=one)
        [group], total = groups_by_likeness(
            batch, owner, [[a.pk, b.pk, c.pk, answered.pk], [answered.pk]], most=5, each=5
        )
        assert (group.item, total) == (one, 1)
        assert [first.query for first in group.firsts] == [c, b, a]


class TestSureness:
    def test_each_level_counts_what_lies_at_or_above_it(self, batch, owner):
        for confidence in (0.2, 0.5, 0.95, 1.0):
            suggested(batch, factories.item(), confidence)
        levels = confidence_counts(batch, owner).levels()
        assert [levels[step].open for step in (0, 100, 101, 190, STEPS)] == [4, 3, 2, 2, 1]
        assert levels[190].expected == pytest.approx(0.975)
        assert levels[0].expected == pytest.approx((0.2 + 0.5 + 0.95 + 1) / 4)

    def test_a_step_holds_exactly_what_the_database_finds_above_it(self, batch, owner):
        """The slow twin: bins against the question that the accepting asks."""
        for number in range(40):
            suggested(batch, factories.item(seed=1000 + number), number * 0.025)
        levels = confidence_counts(batch, owner).levels()
        for step in range(STEPS + 1):
            assert levels[step].open == len(open_firsts(batch, owner, confidence__gte=step / STEPS))

    def test_what_was_answered_says_how_often_the_first_was_right(self, batch, owner, teammate):
        item = factories.item()
        right, wrong, unsure = (suggested(batch, item, 0.8) for _ in range(3))
        factories.decision(right, owner, item=item, blind=True)
        factories.decision(wrong, teammate, verdict="none")
        factories.decision(unsure, owner, verdict="unsure")
        sureness = confidence_counts(batch, owner)
        result = sureness.levels()[160]
        assert (result.measured.right, result.measured.count) == (1, 3)
        assert (result.blind.right, result.blind.count) == (1, 1)
        assert sureness.levels()[161].measured.count == 0

    def test_what_was_accepted_for_its_confidence_measures_nothing(self, batch, owner):
        item = factories.item()
        looked_at, accepted = suggested(batch, item, 0.8), suggested(batch, item, 0.8)
        for kind, query in [("group", looked_at), ("threshold", accepted)]:
            bulk = BulkAnswer.objects.create(annotator=owner, batch=batch, kind=kind)
            decision = factories.decision(query, owner, item=item)
            BulkRow.objects.create(bulk=bulk, query=query, decision=decision)
        assert confidence_counts(batch, owner).levels()[0].measured.count == 1

    @pytest.mark.parametrize(
        ("confidence", "step"), [(0.0, 0), (0.0049, 0), (0.005, 1), (0.999, 199), (1.0, 200), (-0.1, 0)]
    )
    def test_the_step_of_a_confidence(self, confidence, step):
        assert step_of(confidence) == step


def test_labels_of_a_batch_are_those_of_its_queries(batch, owner, teammate, reviewer):
    """The slow twin: each query asked for its own label, by the rule for one."""
    batch.wanted = 2
    batch.save()
    item, other = factories.item(), factories.item()
    queries = [suggested(batch, item) for _ in range(6)]
    for query in queries[:5]:
        factories.decision(query, owner, item=item)
    for query, chosen in zip(queries[:3], [item, other, item], strict=True):
        factories.decision(query, teammate, item=chosen)
    ruling_settle(query=queries[1], reviewer=reviewer, answer=Answer("none"))
    ruling_send_back(query=queries[2], reviewer=reviewer, comment="look again")
    batch_recount(batch=batch)
    fast = {pk: (label.pk, label.verdict) for pk, label in batch_labels(batch).items()}
    slow = {pk: (label.pk, label.verdict) for pk, label in query_labels(batch.queries.all()).items()}
    assert fast == slow
    assert set(fast) == {queries[0].pk, queries[1].pk}
