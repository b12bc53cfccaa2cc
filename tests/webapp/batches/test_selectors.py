"""Who sees a batch, and how far it is."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories, pictures
from webapp.batches.models import BatchArchive, Query
from webapp.batches.selectors import (
    BatchProgress,
    batch_progress,
    batches_for,
    batches_progress,
    may_change,
    queries_for,
)
from webapp.batches.services import (
    archive_refuse,
    batch_add_file,
    batch_create,
    batches_enqueue_forgotten,
    queries_refuse,
)
from webapp.core.errors import Refused
from webapp.jobs.models import Job


def test_who_sees_what(owner, teammate, reviewer, curator):
    own, shared = factories.batch(owner), factories.batch(owner, shared=True)
    queries = [factories.query(batch) for batch in (own, shared)]
    seen = {
        person.username: (set(batches_for(person)), set(queries_for(person)))
        for person in (owner, teammate, reviewer, curator)
    }
    everything = ({own, shared}, set(queries))
    assert seen["owner"] == seen["curator"] == everything
    assert seen["teammate"] == seen["reviewer"] == ({shared}, {queries[1]})
    assert [may_change(shared, person) for person in (owner, teammate, reviewer, curator)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_progress_against_counting_by_hand(owner, django_assert_num_queries):
    batches = [factories.batch(owner) for _ in range(3)]
    for number, batch in enumerate(batches):
        for state in ["waiting"] * number + ["ready"] * 2 + ["rejected"]:
            factories.query(batch, state=state, answered=state == "ready" and number == 1)
        batch.left_out.create(name="x", code="junk", reason="y")
    BatchArchive.objects.create(batch=batches[2], name="z.zip", sha256="0" * 64)
    with django_assert_num_queries(3):
        found = batches_progress(batches)
    for number, batch in enumerate(batches):
        queries = list(Query.objects.filter(batch=batch))
        assert found[batch.pk] == batch_progress(batch) == BatchProgress(
            total=len(queries),
            waiting=sum(query.state == "waiting" for query in queries),
            done=sum(query.state == "ready" for query in queries),
            failed=sum(query.state == "rejected" for query in queries),
            left_out=1,
            answered=sum(query.answered for query in queries),
            unpacking=number == 2,
        )  # fmt: skip
    assert [found[batch.pk].state for batch in batches] == ["ready", "working", "unpacking"]


def test_an_empty_batch_is_ready(owner):
    assert batch_progress(factories.batch(owner)) == BatchProgress()
    assert BatchProgress().state == "ready"


def test_an_upload_that_died_before_its_job_is_found_again(owner):
    batch = batch_create(owner=owner)
    batch_add_file(batch=batch, name="a.png", stream=io.BytesIO(pictures.png(1)))
    assert batches_enqueue_forgotten() == 0
    Query.objects.update(created=timezone.now() - timedelta(minutes=2))
    assert batches_enqueue_forgotten() == 1
    assert batches_enqueue_forgotten() == 0
    assert Job.objects.get().payload == {"queries": [Query.objects.get().pk]}


def test_a_zip_is_refused_once_and_said_so(owner):
    batch = factories.batch(owner)
    archive = BatchArchive.objects.create(batch=batch, name="z.zip", sha256="0" * 64)
    for _ in range(2):
        archive_refuse(archive=archive, code="worker_lost", error="the worker was lost", hint="try again")
    left = batch.left_out.get()
    assert (left.name, left.code, left.reason) == ("z.zip", "worker_lost", "the worker was lost; try again")


def test_only_waiting_queries_are_refused(owner):
    batch = factories.batch(owner)
    queries = [factories.query(batch, state=state) for state in ("waiting", "ready", "rejected")]
    error = Refused("it cannot be read", hint="save it again", code="bad_image")
    assert queries_refuse(queries=[query.pk for query in queries], error=error) == 1
    queries[0].refresh_from_db()
    assert (queries[0].error_code, queries[0].hint) == ("bad_image", "save it again")


@pytest.mark.parametrize("name", ["a\0b.png", "\ud800.png", "  .png", "x" * 5000 + ".png"])
def test_a_name_no_database_can_hold_is_mended(owner, name):
    query = batch_add_file(batch=batch_create(owner=owner), name=name, stream=io.BytesIO(pictures.png(1)))
    query.refresh_from_db()
    assert query.name.endswith(".png")
