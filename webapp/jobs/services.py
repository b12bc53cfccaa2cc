"""All that is ever done to a job. Every write after the claim names the lease it is done under."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from webapp.jobs.broker import ring
from webapp.jobs.models import Job

MAX_ATTEMPTS = 5
_RING_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True)
class Lease:
    """A worker's hold on a job. attempt: 1 for the first try."""

    job_id: uuid.UUID
    token: uuid.UUID
    kind: str
    payload: dict
    attempt: int


class LeaseLost(Exception):
    """The job went to another worker: stop, and write nothing."""


@transaction.atomic
def job_enqueue(*, kind: str, payload: dict, queue: str, subject: str = "", total: int = 0) -> Job:
    """Write the row, and ring once it is committed."""
    job = Job.objects.create(
        kind=kind, payload=payload, queue=queue, subject=subject, total=total, rung=timezone.now()
    )
    transaction.on_commit(lambda: ring(str(job.pk), queue))
    return job


def job_claim(job_id: uuid.UUID | str) -> Lease | None:
    """Take a job that is queued, or whose holder has gone silent; None if it is not to be had."""
    now = timezone.now()
    free = Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now))
    silent = Q(state=Job.State.RUNNING, lease_expires__lt=now)
    token = uuid.uuid4()
    taken = Job.objects.filter(free | silent, pk=job_id).update(
        state=Job.State.RUNNING,
        lease_token=token,
        lease_expires=now + timedelta(seconds=settings.ENV.lease_seconds),
        attempts=F("attempts") + 1,
        started=now,
        done=0,
    )
    if not taken:
        return None
    job = Job.objects.get(pk=job_id)
    return Lease(job.pk, token, job.kind, job.payload, job.attempts)


def job_claim_next(kinds: list[str]) -> Lease | None:
    """Take the oldest waiting job of these kinds, without a bell; None if there is none."""
    now = timezone.now()
    free = Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now))
    silent = Q(state=Job.State.RUNNING, lease_expires__lt=now)
    while job := Job.objects.filter(free | silent, kind__in=kinds).order_by("created").first():
        if lease := job_claim(job.pk):
            return lease
    return None


def job_heartbeat(lease: Lease, *, done: int | None = None, total: int | None = None) -> None:
    """Say that the worker lives, and how far it is.

    Raises:
        LeaseLost: another worker holds the job now.
    """
    values = {"lease_expires": timezone.now() + timedelta(seconds=settings.ENV.lease_seconds)}
    if done is not None:
        values["done"] = done
    if total is not None:
        values["total"] = total
    _write(lease, **values)


def job_finish(lease: Lease) -> None:
    """Mark the job done. Raises LeaseLost."""
    _write(lease, state=Job.State.DONE, done=F("total"), lease_token=None, finished=timezone.now())


def job_fail(lease: Lease, *, code: str, error: str, hint: str = "") -> None:
    """Give the job up, with the reason. Raises LeaseLost."""
    _write(
        lease,
        state=Job.State.FAILED,
        error_code=code,
        error=error,
        hint=hint,
        lease_token=None,
        finished=timezone.now(),
    )


def job_retry(lease: Lease, *, code: str, error: str, wait_seconds: float) -> None:
    """Put the job back, to be tried again after a while. Raises LeaseLost."""
    later = timezone.now() + timedelta(seconds=wait_seconds)
    _write(
        lease,
        state=Job.State.QUEUED,
        error_code=code,
        error=error,
        lease_token=None,
        not_before=later,
        rung=None,
    )


def jobs_ring_again() -> int:
    """The sweeper: ring for every job whose holder went silent, and every one whose bell was lost.

    A job that killed its worker ``MAX_ATTEMPTS`` times is given up. Returns how many were rung for.
    """
    now = timezone.now()
    silent = Q(state=Job.State.RUNNING, lease_expires__lt=now)
    Job.objects.filter(silent, attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED,
        error_code="worker_lost",
        error=f"the worker was lost {MAX_ATTEMPTS} times while doing this",
        hint="look in the worker's log for what ends it, then try again",
        finished=now,
    )
    unheard = Q(state=Job.State.QUEUED) & (Q(rung=None) | Q(rung__lt=now - _RING_AGAIN))
    due = Q(not_before=None) | Q(not_before__lte=now)
    waiting = list(Job.objects.filter(silent | (unheard & due)).values_list("pk", "queue"))
    for pk, queue in waiting:
        Job.objects.filter(pk=pk).update(rung=now)
        ring(str(pk), queue)
    return len(waiting)


def _write(lease: Lease, **values) -> None:
    held = Job.objects.filter(pk=lease.job_id, lease_token=lease.token, state=Job.State.RUNNING)
    if not held.update(**values):
        raise LeaseLost(f"job {lease.job_id} is no longer this worker's")
