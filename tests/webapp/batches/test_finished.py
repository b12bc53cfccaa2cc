"""A batch is told to be finished when it is: once, whoever comes last, and again when it is so again."""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.urls import resolve

from tests import factories, people, pictures
from webapp.batches.finished import batches_check_ready
from webapp.batches.models import Query
from webapp.batches.services import (
    batch_add_file,
    batch_close,
    batch_create,
    batch_enqueue,
    queries_refuse,
)
from webapp.batches.trash import batch_delete
from webapp.core.errors import Refused
from webapp.hooks.models import Event, EventKind, Mark
from webapp.hooks.services import hook_create
from webapp.review.adjudication.rulings import ruling_send_back
from webapp.review.answering.services import decision_withdraw
from webapp.review.assignment.batch_settings import BatchSettings, batch_settings_change
from webapp.review.bulk.checks import BulkMatch
from webapp.review.bulk.services import decisions_record_bulk, decisions_withdraw_bulk

pytestmark = pytest.mark.django_db
BATCHES = [EventKind.BATCH_READY, EventKind.BATCH_ANSWERED]
KEY = "8a6e0804-2bd0-4672-b79d-d97027f9071a"


@pytest.fixture
def hook(curator):
    return hook_create(user=curator, name="lab", url="https://example.org/", events=BATCHES)[0]


@pytest.fixture
def batch(hook, owner):
    return factories.batch(owner)


def events(kind=None):
    events = Event.objects.order_by("created")
    return list((events.filter(kind=kind) if kind else events).values_list("kind", flat=True))


def answer(query, user, verdict="unsure"):
    return factories.answer(query=query, annotator=user, verdict=verdict)


@transaction.atomic
def match(*queries):
    """What the worker does with queries that wait."""
    Query.objects.filter(pk__in=[query.pk for query in queries]).update(state="ready")
    batches_check_ready(batches=[query.batch_id for query in queries])


def add(batch, seed):
    return batch_add_file(batch=batch, name=f"{seed}.png", stream=io.BytesIO(pictures.png(seed, 16)))


class TestReady:
    def test_when_the_last_picture_has_its_suggestions(self, hook, owner):
        batch = batch_create(owner=owner)
        first, second = add(batch, 1), add(batch, 2)
        batch_enqueue(batch=batch)
        match(first)
        assert events() == []
        match(second)
        assert events() == []  # more files may come
        batch_close(batch=batch)
        assert events() == [EventKind.BATCH_READY]
        event = Event.objects.get()
        assert resolve(event.data["page"]).view_name == "batches:detail"
        assert resolve(event.data["api"]).view_name == "api-batch"
        assert event.data == {
            "batch": batch.pk,
            "page": f"/batches/{batch.pk}/",
            "api": f"/api/v1/batches/{batch.pk}/",
            "pictures": 2,
            "refused": 0,
            "answered": 0,
            "disputed": 0,
        }
        match(first, second)
        batch_close(batch=batch)
        assert events() == [EventKind.BATCH_READY]

    def test_when_the_last_that_waits_is_refused(self, batch):
        first, second = (factories.query(batch, state="waiting") for _ in range(2))
        match(first)
        queries_refuse(queries=[second.pk], error=Refused("it is cut off", code="bad_image"))
        assert events() == [EventKind.BATCH_READY]
        assert Event.objects.get().data["refused"] == 1

    def test_when_nothing_of_it_is_a_picture(self, hook, owner):
        batch = batch_create(owner=owner)
        batch_add_file(batch=batch, name="a.png", stream=io.BytesIO(b"no picture"))
        batch_close(batch=batch)
        assert events() == [EventKind.BATCH_READY]

    def test_not_when_nothing_came(self, hook, owner):
        batch_close(batch=batch_create(owner=owner))
        assert events() == []

    def test_again_when_more_came(self, batch):
        match(factories.query(batch, state="waiting"))
        more = add(batch, 5)
        batch_enqueue(batch=batch)
        assert events() == [EventKind.BATCH_READY]
        match(more)
        assert events() == [EventKind.BATCH_READY] * 2

    def test_what_is_rolled_back_is_not_told(self, batch):
        query = factories.query(batch, state="waiting")

        def breaks_off():
            with transaction.atomic():
                match(query)
                assert events() == [EventKind.BATCH_READY]
                raise RuntimeError

        with pytest.raises(RuntimeError):
            breaks_off()
        assert events() == []
        match(query)
        assert events() == [EventKind.BATCH_READY]


class TestAnswered:
    def test_when_the_last_picture_is(self, batch, owner):
        queries = [factories.query(batch) for _ in range(3)]
        factories.query(batch, state="rejected")
        for query in queries:
            assert events() == []
            answer(query, owner)
        assert events() == [EventKind.BATCH_ANSWERED]
        answer(queries[0], owner, "none")
        assert events() == [EventKind.BATCH_ANSWERED]
        assert Event.objects.get().data["answered"] == 3

    def test_with_as_many_answers_as_are_wanted(self, hook, owner, teammate):
        batch = factories.batch(owner, shared=True, wanted=2)
        query = factories.query(batch)
        answer(query, owner)
        assert events() == []
        answer(query, teammate, "none")
        assert events() == [EventKind.BATCH_ANSWERED]
        assert Event.objects.get().data["disputed"] == 1

    def test_again_when_an_answer_was_taken_back(self, batch, owner):
        query = factories.query(batch)
        answer(query, owner)
        decision_withdraw(query=query, annotator=owner)
        assert events() == [EventKind.BATCH_ANSWERED]
        answer(query, owner)
        assert events() == [EventKind.BATCH_ANSWERED] * 2

    def test_again_when_a_reviewer_sent_one_back(self, batch, owner, reviewer):
        query = factories.query(batch)
        answer(query, owner)
        ruling_send_back(query=query, reviewer=reviewer, comment="look again")
        answer(query, owner)
        assert events() == [EventKind.BATCH_ANSWERED] * 2

    def test_by_many_answers_at_once(self, batch, owner):
        item = factories.item()
        queries = [factories.query(batch) for _ in range(3)]
        rows = [factories.suggestions(query, [item])[0] for query in queries]
        matches = [BulkMatch(row.query_id, item.pk, row.pk) for row in rows]
        made = decisions_record_bulk(annotator=owner, matches=matches, key=uuid.UUID(KEY))
        assert events() == [EventKind.BATCH_ANSWERED]
        decisions_withdraw_bulk(annotator=owner, decisions=made.written.values(), key=uuid.uuid4())
        assert not Mark.objects.get(kind=EventKind.BATCH_ANSWERED).holds

    def test_when_fewer_answers_are_wanted(self, hook, owner):
        batch = factories.batch(owner, wanted=2)
        answer(factories.query(batch), owner)
        assert events() == []
        batch_settings_change(batch=batch, settings=BatchSettings(wanted=1))
        assert events() == [EventKind.BATCH_ANSWERED]

    def test_not_while_a_picture_waits(self, batch, owner):
        query, waiting = factories.query(batch), factories.query(batch, state="waiting")
        answer(query, owner)
        assert events() == []
        queries_refuse(queries=[waiting.pk], error=Refused("no", code="bad_image"))
        assert sorted(events()) == sorted(BATCHES)

    def test_of_a_deleted_batch_nothing_is_kept(self, batch, owner):
        answer(factories.query(batch), owner)
        batch_delete(batch=batch, by=owner, with_answers=True)
        assert not Mark.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_of_several_people_who_finish_it_at_one_moment_one_tells(round_):
    """On PostgreSQL none of them sees the others' answers unless they wait for each other."""
    hook_create(user=people.curator(), name="lab", url="https://example.org/", events=BATCHES)
    batch = factories.batch(people.owner(), shared=True)
    users = [people.person(f"annotator {n}") for n in range(4)]
    queries = [factories.query(batch) for _ in users]
    start = Barrier(len(users))

    def work(query, user):
        try:
            start.wait()
            answer(query, user)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(work, queries, users))
    assert events() == [EventKind.BATCH_ANSWERED]
