"""How a batch is answered can be changed, and what was answered is added up anew."""

from dataclasses import replace

import pytest

from tests import factories, people
from webapp.batches.selectors import batches_for
from webapp.core.errors import Refused
from webapp.review.assignment.batch_settings import BatchSettings, batch_settings_change, settings_of
from webapp.review.assignment.leases import cards_assign
from webapp.review.consensus.batch_parts import batch_parts
from webapp.review.consensus.labels import query_label
from webapp.review.models import Lease


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True)


def test_settings_are_kept(batch, teammate):
    wanted = BatchSettings(1, True, frozenset({teammate.pk}), 10, 5)
    batch_settings_change(batch=batch, settings=wanted)
    assert settings_of(type(batch).objects.get(pk=batch.pk)) == wanted


@pytest.mark.parametrize(
    "words",
    [
        {"wanted": 0},
        {"wanted": 6},
        {"blind_share": 21},
        {"gold_share": -1},
        {"wanted": 2, "assigned": frozenset({1})},
        {"assigned": frozenset({10**9})},
    ],
)
def test_settings_that_do_not_fit_are_refused(batch, words):
    before = settings_of(batch)
    with pytest.raises(Refused) as caught:
        batch_settings_change(batch=batch, settings=replace(before, **words))
    assert caught.value.code == "bad_settings"
    assert settings_of(type(batch).objects.get(pk=batch.pk)) == before


def test_another_number_of_answers_adds_everything_up_anew(batch, owner, teammate):
    queries = [factories.query(batch) for _ in range(4)]
    factories.answer(query=queries[0], annotator=owner, verdict="none")
    for query, verdict in ((queries[1], "none"), (queries[2], "unsure")):
        factories.answer(query=query, annotator=owner, verdict="none")
        factories.answer(query=query, annotator=teammate, verdict=verdict)
    result = batch_parts(batch)
    assert (result.suggested, result.answered, result.disputed) == (1, 3, 0)
    batch_settings_change(batch=batch, settings=replace(settings_of(batch), wanted=2))
    result = batch_parts(batch)
    assert (result.suggested, result.answered, result.disputed) == (2, 1, 1)
    assert [query_label(query) is not None for query in queries] == [False, True, False, False]
    assert cards_assign(batch=batch, user=owner, count=5).ids == [queries[3].pk]
    batch_settings_change(batch=batch, settings=replace(settings_of(batch), wanted=1))
    assert batch_parts(batch) == type(result)(suggested=1, answered=3)


def test_who_is_assigned_sees_the_batch_and_others_lose_their_cards(batch, owner, teammate, reviewer):
    factories.query(batch)
    cards_assign(batch=batch, user=reviewer)
    type(batch).objects.update(shared=False)
    assert batch not in batches_for(teammate)
    changed = replace(settings_of(batch), assigned=frozenset({teammate.pk}))
    batch_settings_change(batch=batch, settings=changed)
    assert batches_for(teammate).get() == batch
    assert not batches_for(reviewer).exists()
    assert batches_for(owner).get() == batch
    assert not Lease.objects.exists()
    assert cards_assign(batch=batch, user=owner).ids == []


def test_a_batch_shared_and_assigned_is_seen_once(batch, teammate, curator):
    batch.assigned.add(teammate, curator, people.owner())
    for who in (teammate, curator, people.owner()):
        assert list(batches_for(who)) == [batch]
