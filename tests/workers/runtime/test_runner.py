"""A job is done, tried again, divided or given up; whatever happens, its row tells it."""

import errno
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from retrieval.errors import BadIndex, BadMesh, BadModel, BadVectors
from webapp.core.errors import Conflict, DiskFull
from webapp.jobs.housekeeping import jobs_give_up
from webapp.jobs.kinds import JobKind
from webapp.jobs.leases import LeaseLost, job_claim
from webapp.jobs.models import Job
from webapp.jobs.services import job_enqueue
from workers.errors import NoRelease
from workers.runtime import runner
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.runtime.runner import give_up, run_job

CALLS, GIVEN_UP = [], []


def note(payload, progress):
    """A handler that fails when it was told to."""
    CALLS.append(payload)
    error = FAULTS.pop(0) if FAULTS else None
    if error:
        raise error


def note_members(payload, progress):
    """A handler of members, one of which is poison."""
    CALLS.append(payload)
    if 3 in payload["members"]:
        raise RuntimeError("poison")


def note_given_up(payload, *, code, error, hint):
    """Who is told when a job is given up."""
    GIVEN_UP.append((payload, code, error, hint))


FAULTS = []


NOTE, MEMBERS, SLOW = (JobKind(name, "batch") for name in ("note", "members", "slow"))


@pytest.fixture(autouse=True)
def _handlers(monkeypatch):
    for noted in (CALLS, GIVEN_UP, FAULTS):
        noted.clear()
    made = (
        JobHandler(NOTE, note, on_give_up=note_given_up),
        JobHandler(MEMBERS, note_members, on_give_up=note_given_up, members="members"),
        JobHandler(SLOW, slow),
    )
    handlers = {handler.kind.name: handler for handler in made}
    monkeypatch.setattr(runner, "handler_of", lambda kind: handlers[kind])


def enqueue(kind=NOTE, **payload):
    return job_enqueue(kind=kind, payload=payload)


def due(job):
    """Let the waiting time of a retry pass."""
    Job.objects.filter(pk=job.pk).update(not_before=None)


def state(job):
    job.refresh_from_db()
    return job.state


@pytest.mark.django_db
class TestOneJob:
    def test_a_job_is_done_once_however_often_the_message_comes(self):
        job = enqueue(a=1)
        assert run_job(str(job.pk)) is True
        assert run_job(str(job.pk)) is False
        assert CALLS == [{"a": 1}]
        assert state(job) == "done"

    def test_a_message_about_no_job_is_passed_over(self):
        assert run_job("00000000-0000-4000-8000-000000000000") is False

    def test_what_may_go_well_later_is_tried_again_ever_later(self):
        job = enqueue()
        waits = []
        for _ in range(4):
            FAULTS.append(Conflict("not yet"))
            run_job(str(job.pk))
            assert state(job) == "queued"
            waits.append((job.not_before - timezone.now()).total_seconds())
            due(job)
        assert waits == sorted(waits)
        assert waits[0] > 3
        assert waits[-1] < 301
        run_job(str(job.pk))
        assert state(job) == "done"

    def test_after_five_times_it_is_given_up_and_told(self):
        job = enqueue(b=2)
        for _ in range(5):
            FAULTS.append(ConnectionResetError("reset"))
            run_job(str(job.pk))
            due(job)
        assert state(job) == "failed"
        assert [(payload, code) for payload, code, _, _ in GIVEN_UP] == [({"b": 2}, "unexpected")]

    def test_what_will_never_go_well_is_given_up_at_once(self):
        job = enqueue()
        FAULTS.append(BadMesh("the mesh has no triangles", hint="export it again", code="mesh_empty"))
        run_job(str(job.pk))
        assert state(job) == "failed"
        assert (job.error_code, job.error, job.hint) == (
            "mesh_empty",
            "the mesh has no triangles",
            "export it again",
        )
        assert GIVEN_UP[0][1:] == ("mesh_empty", "the mesh has no triangles", "export it again")

    @pytest.mark.parametrize(
        "fault",
        [
            NoRelease("no model"),
            BadModel("vectors that are not finite"),
            BadVectors("queries: not finite"),
            BadIndex("the stored index is damaged"),
            OperationalError("database is locked"),
            DiskFull("the disk is full"),
            OSError(errno.ENOSPC, "No space left on device"),
        ],
        ids=[
            "no model",
            "a broken model",
            "broken vectors",
            "a broken index",
            "no database",
            "no room",
            "no room, raw",
        ],
    )
    def test_work_waits_as_long_as_the_installation_is_not_well(self, fault):
        job = enqueue()
        for _ in range(8):
            FAULTS.append(fault)
            run_job(str(job.pk))
            assert state(job) == "queued"
            assert job.attempts == 0
            due(job)
        run_job(str(job.pk))
        assert state(job) == "done"
        assert not GIVEN_UP

    def test_an_index_that_finds_too_little_is_not_built_for_ever(self):
        job = enqueue()
        FAULTS.append(BadIndex("it finds 90 %", code="index_recall", retryable=False))
        run_job(str(job.pk))
        assert state(job) == "failed"

    @pytest.mark.parametrize(
        "fault", [ValueError("in '/srv/mocban/x.bin'"), FileNotFoundError(2, "No such file", "/srv/mocban/x")]
    )
    def test_what_people_are_told_names_no_folder(self, fault):
        job = enqueue()
        for _ in range(5):
            FAULTS.append(fault)
            run_job(str(job.pk))
            state(job)
            assert "/srv" not in job.error
            due(job)
        assert "/srv" not in GIVEN_UP[0][2]

    def test_a_kind_that_this_version_does_not_know_fails(self):
        job = enqueue(JobKind("of the future", "batch"))
        run_job(str(job.pk))
        assert state(job) == "failed"

    def test_a_worker_that_is_stopped_puts_its_job_back(self):
        job = enqueue()
        FAULTS.append(SystemExit())
        with pytest.raises(SystemExit):
            run_job(str(job.pk))
        assert state(job) == "queued"
        assert job.attempts == 0
        run_job(str(job.pk))
        assert state(job) == "done"


@pytest.mark.django_db
class TestMembers:
    def test_one_that_cannot_be_done_does_not_hold_the_others(self):
        job = enqueue(MEMBERS, members=[1, 2, 3, 4], how="again")
        run_job(str(job.pk))
        assert state(job) == "done"
        parts = Job.objects.filter(state="queued").order_by("created")
        assert sorted(part.payload["members"][0] for part in parts) == [1, 2, 3, 4]
        assert {part.payload["how"] for part in parts} == {"again"}
        for part in list(parts):
            run_job(str(part.pk))
        assert Job.objects.filter(state="failed").count() == 1
        assert [payload["members"] for payload, *_ in GIVEN_UP] == [[3]]
        assert "poison" in GIVEN_UP[0][2]

    def test_one_that_ends_its_worker_is_found_by_doing_them_one_by_one(self):
        job = enqueue(MEMBERS, members=[1, 2])
        for _ in range(2):  # two workers died over it
            job_claim(job.pk)
            Job.objects.filter(pk=job.pk).update(lease_expires=timezone.now() - timedelta(seconds=1))
        run_job(str(job.pk))
        assert not CALLS
        assert sorted(part.payload["members"] for part in Job.objects.filter(state="queued")) == [[1], [2]]

    def test_a_job_that_lost_five_workers_is_given_up_and_told(self):
        job = enqueue(MEMBERS, members=[9])
        for _ in range(5):
            assert job_claim(job.pk)
            Job.objects.filter(pk=job.pk).update(lease_expires=timezone.now() - timedelta(seconds=1))
        assert job_claim(job.pk) is None
        assert jobs_give_up(on_give_up=give_up) == 1
        assert jobs_give_up(on_give_up=give_up) == 0
        assert [(payload["members"], code) for payload, code, _, _ in GIVEN_UP] == [([9], "worker_lost")]
        assert state(job) == "failed"


def slow(payload, progress):
    """A handler that takes longer than its lease, and writes at the end."""
    over = time.monotonic() + payload["seconds"]
    while time.monotonic() < over:
        time.sleep(0.05)
        progress.check()
    with progress.writing():
        CALLS.append("written")


def begin_to_write(progress):
    """A handler that finds out in the middle of its writing that the lease is gone."""
    with progress.writing():
        Job.objects.create(kind="made meanwhile", queue="batch")
        progress.lost()
        progress.check()


@pytest.mark.django_db(transaction=True)
class TestLease:
    def test_a_long_job_stays_its_workers(self, settings):
        settings.ENV = replace(settings.ENV, lease_seconds=2)
        job = enqueue(SLOW, seconds=4)
        run_job(str(job.pk))
        assert CALLS == ["written"]
        assert state(job) == "done"
        assert job.attempts == 1

    def test_who_lost_the_lease_stops_and_writes_nothing(self, settings):
        settings.ENV = replace(settings.ENV, lease_seconds=2)
        job = enqueue(SLOW, seconds=60)
        lease = job_claim(job.pk)
        Job.objects.filter(pk=job.pk).update(lease_expires=timezone.now() - timedelta(seconds=1))
        other = job_claim(job.pk)
        began = time.monotonic()
        runner.run_lease(lease)
        assert time.monotonic() - began < 20
        assert CALLS == []
        assert state(job) == "running"
        assert job.lease_token == other.token

    def test_what_was_begun_to_be_written_is_taken_back(self, settings):
        job = enqueue()
        progress = JobProgress(job_claim(job.pk))
        with pytest.raises(LeaseLost):
            begin_to_write(progress)
        assert not Job.objects.filter(kind="made meanwhile").exists()
