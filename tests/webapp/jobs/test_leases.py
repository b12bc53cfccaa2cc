"""A job is done by one worker at a time, is never lost, and is given up at last."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from webapp.jobs.housekeeping import jobs_notify_again
from webapp.jobs.kinds import JobKind
from webapp.jobs.leases import (
    MAX_ATTEMPTS,
    LeaseLost,
    job_claim,
    job_claim_next,
    job_fail,
    job_finish,
    job_heartbeat,
    job_retry,
)
from webapp.jobs.models import Job
from webapp.jobs.services import job_enqueue

MATCH, UNPACK = JobKind("queries.match", "batch"), JobKind("batch.unpack", "batch")


def enqueue(**values):
    return job_enqueue(**({"kind": MATCH, "payload": {"queries": [1]}} | values))


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_expires=timezone.now() - timedelta(seconds=1))


def race(work, count):
    """``work(i)`` in ``count`` threads that start at the same moment; their answers."""
    gate = threading.Barrier(count)

    def one(i):
        gate.wait()
        try:
            return work(i)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_one_of_many_workers_gets_a_job(self):
        for _ in range(5):
            job = enqueue()
            leases = [lease for lease in race(lambda _, job=job: job_claim(job.pk), 8) if lease]
            assert len(leases) == 1
            job.refresh_from_db()
            assert (job.state, job.attempts, job.lease_token) == ("running", 1, leases[0].token)

    def test_workers_without_messages_share_the_jobs(self):
        made = {enqueue().pk for _ in range(12)}

        def take(_):
            taken = []
            while lease := job_claim_next([MATCH]):
                taken.append(lease.job_id)
            return taken

        taken = [pk for each in race(take, 4) for pk in each]
        assert sorted(taken) == sorted(made)

    def test_an_expired_lease_goes_to_one_and_the_first_holder_writes_no_more(self):
        job = enqueue()
        first = job_claim(job.pk)
        expire(job)
        leases = [lease for lease in race(lambda _: job_claim(job.pk), 6) if lease]
        assert len(leases) == 1
        for write in (job_finish, job_heartbeat):
            with pytest.raises(LeaseLost):
                write(first)
        job_finish(leases[0])
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("done", 2)

    def test_a_worker_is_notified_only_once_the_row_is_there(self, notifications):
        with transaction.atomic():
            job = enqueue(queue="interactive")
            assert notifications == []
        assert notifications == [(str(job.pk), "interactive")]

    def test_a_row_that_was_taken_back_notifies_nobody(self, notifications):
        with transaction.atomic():
            enqueue()
            transaction.set_rollback(True)
        assert notifications == []
        assert not Job.objects.exists()


@pytest.mark.django_db
class TestOneJob:
    def test_a_job_is_claimed_with_all_that_the_worker_needs(self):
        job = enqueue(payload={"queries": [3, 4]}, total=2, subject="batch:7")
        lease = job_claim(str(job.pk))
        assert (lease.job_id, lease.kind, lease.payload, lease.attempt) == (
            job.pk,
            "queries.match",
            {"queries": [3, 4]},
            1,
        )

    def test_a_done_job_is_not_to_be_had(self):
        job = enqueue(total=2)
        job_finish(job_claim(job.pk))
        job.refresh_from_db()
        assert (job.state, job.done) == ("done", 2)
        assert job.finished
        assert job_claim(job.pk) is None

    def test_a_failed_job_keeps_its_reason(self):
        job = enqueue()
        job_fail(job_claim(job.pk), code="bad_model", error="no weights", hint="run setup")
        job.refresh_from_db()
        assert (job.state, job.error_code, job.error, job.hint) == (
            "failed",
            "bad_model",
            "no weights",
            "run setup",
        )
        assert job_claim(job.pk) is None

    def test_an_unknown_job_is_not_to_be_had(self):
        assert job_claim("00000000-0000-4000-8000-000000000000") is None

    def test_a_heartbeat_keeps_the_lease_and_tells_progress(self):
        job = enqueue()
        lease = job_claim(job.pk)
        expire(job)
        job_heartbeat(lease, done=1, total=3)
        job.refresh_from_db()
        assert (job.done, job.total) == (1, 3)
        assert job_claim(job.pk) is None

    def test_a_finished_job_cannot_be_finished_again(self):
        lease = job_claim(enqueue().pk)
        job_finish(lease)
        for write in (job_finish, job_heartbeat):
            with pytest.raises(LeaseLost):
                write(lease)

    def test_a_retry_waits_its_time(self):
        job = enqueue()
        job_retry(job_claim(job.pk), code="busy", error="later", wait_seconds=60)
        assert job_claim(job.pk) is None
        assert job_claim_next([MATCH]) is None
        Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
        assert job_claim(job.pk).attempt == 2

    def test_the_oldest_of_the_right_kind_comes_first(self):
        enqueue(kind=JobKind("items.prepare", "batch"))
        first, _second = enqueue(), enqueue()
        assert job_claim_next([MATCH, UNPACK]).job_id == first.pk


@pytest.mark.django_db
class TestSweeper:
    def test_it_notifies_of_a_job_whose_message_was_lost(self, notifications):
        job = enqueue()
        Job.objects.update(notified=timezone.now() - timedelta(minutes=5))
        assert jobs_notify_again() == 1
        assert notifications[-1] == (str(job.pk), "batch")

    def test_it_does_not_notify_at_once_again(self):
        enqueue()
        Job.objects.update(notified=timezone.now() - timedelta(minutes=5))
        assert [jobs_notify_again(), jobs_notify_again()] == [1, 0]

    def test_it_notifies_of_a_job_whose_worker_went_silent(self, notifications):
        job = enqueue()
        job_claim(job.pk)
        assert jobs_notify_again() == 0
        expire(job)
        assert jobs_notify_again() == 1
        assert notifications[-1] == (str(job.pk), "batch")

    def test_it_lets_a_retry_wait(self):
        job = enqueue()
        job_retry(job_claim(job.pk), code="busy", error="later", wait_seconds=60)
        assert jobs_notify_again() == 0
        Job.objects.update(not_before=timezone.now())
        assert jobs_notify_again() == 1

    def test_a_job_that_ends_its_worker_each_time_is_given_up(self):
        job = enqueue()
        for _ in range(MAX_ATTEMPTS):
            assert job_claim(job.pk)
            expire(job)
        jobs_notify_again()
        job.refresh_from_db()
        assert (job.state, job.error_code) == ("failed", "worker_lost")
        assert job.hint
        assert job_claim(job.pk) is None

    def test_nothing_to_do_is_nothing_done(self):
        assert jobs_notify_again() == 0

    def test_the_lease_is_as_long_as_the_operator_says(self, settings):
        settings.ENV = replace(settings.ENV, lease_seconds=600)
        job = enqueue()
        job_claim(job.pk)
        job.refresh_from_db()
        assert 590 < (job.lease_expires - timezone.now()).total_seconds() <= 600
        assert MAX_ATTEMPTS >= 2
