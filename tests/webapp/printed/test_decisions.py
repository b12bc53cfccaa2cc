"""One key says that a block printed a page: its inliers are labels at once, and it is taken back as one."""

import uuid

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests import factories
from tests.webapp.printed import drawn
from webapp.core.errors import Conflict, Forbidden
from webapp.printed.decisions import match_confirm, match_reject, match_undo
from webapp.review.models import Decision


@pytest.fixture
def block(db):
    return drawn.block(np.random.default_rng(1), count=10)


@pytest.fixture
def page(owner, block):
    return drawn.page_of(block, factories.document(owner), np.random.default_rng(2))


@pytest.fixture
def match(page, block):
    return drawn.match(page, block, strange=2)


def test_the_inliers_are_labels_of_the_same_carving_at_once(match, page, block, owner):
    confirmed = match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    assert (confirmed.state, confirmed.decided_by) == ("confirmed", owner)
    decisions = Decision.objects.order_by("query")
    assert [row.item for row in decisions] == block.items[2:]
    assert {row.relation for row in decisions} == {"same_carving"}
    outliers = drawn.queries(page)[:2]
    assert not any(query.answered for query in outliers)
    assert {row.query_id for row in decisions} == {query.pk for query in drawn.queries(page)[2:]}


def test_sent_twice_it_is_done_once(match, owner):
    key = uuid.uuid4()
    match_confirm(match=match, annotator=owner, key=key)
    assert match_confirm(match=match, annotator=owner, key=key).bulk_id == key
    assert Decision.objects.count() == 8
    with pytest.raises(Conflict) as refused:
        match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    assert refused.value.code == "match_decided"


def test_nobodys_differing_answer_is_touched_and_agreeing_ones_stay(match, page, block, owner, teammate):
    page.document.batch.wanted = 3
    page.document.batch.save()
    queries = drawn.queries(page)
    factories.answer(query=queries[3], annotator=teammate, verdict="match", item=block.items[0])
    factories.answer(query=queries[4], annotator=teammate, verdict="none")
    factories.answer(query=queries[5], annotator=teammate, verdict="match", item=block.items[5])
    match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    mine = set(Decision.objects.filter(annotator=owner).values_list("query", flat=True))
    assert mine == {queries[place].pk for place in (2, 5, 6, 7, 8, 9)}


def test_undone_all_is_as_it_was_but_for_what_somebody_changed_since(match, page, block, owner):
    match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    changed = drawn.queries(page)[6]
    factories.answer(query=changed, annotator=owner, verdict="match", item=block.items[1])
    undone = match_undo(match=match, by=owner)
    assert (undone.state, undone.bulk, undone.decided_by) == ("proposed", None, None)
    labels = [query.pk for query in drawn.queries(page) if query.answered]
    assert labels == [changed.pk]
    again = match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    assert again.bulk.written == 7


def test_only_who_confirmed_it_or_a_reviewer_undoes_it(match, owner, teammate, reviewer):
    match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    with pytest.raises(PermissionDenied):
        match_undo(match=match, by=teammate)
    assert match_undo(match=match, by=reviewer).state == "proposed"
    assert not Decision.objects.exclude(verdict="withdrawn").filter(query__answered=True).exists()


def test_rejected_it_gives_no_label_and_can_be_taken_back(match, owner):
    assert match_reject(match=match, person=owner).state == "rejected"
    assert not Decision.objects.exists()
    with pytest.raises(Conflict):
        match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    assert match_undo(match=match, by=owner).state == "proposed"


def test_a_confirmed_one_is_not_rejected(match, owner):
    match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    with pytest.raises(Conflict):
        match_reject(match=match, person=owner)


def test_where_the_batch_is_assigned_to_others_nothing_is_written(match, page, owner, teammate):
    page.document.batch.assigned.add(teammate)
    with pytest.raises(Forbidden):
        match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    match.refresh_from_db()
    assert match.state == "proposed"
    assert not Decision.objects.exists()


def test_it_is_undone_where_it_was_confirmed_not_among_the_answers_of_its_batch(match, page, owner, client):
    confirmed = match_confirm(match=match, annotator=owner, key=uuid.uuid4())
    client.force_login(owner)
    batch = page.document.batch
    body = client.get(reverse("overview:sure", args=[batch.pk])).content.decode()
    assert reverse("printed:page", args=[page.pk]) in body
    refused = client.post(reverse("overview:sure_undo", args=[batch.pk, confirmed.bulk_id]))
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_on_page")
    assert Decision.objects.count() == 8
