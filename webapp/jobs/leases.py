"""A worker's lease of a job: taken, kept by heartbeats, and ended. Every write names its lease."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job
from webapp.jobs.services import jobs_create

MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class JobLease:
    """A worker's hold on a job.

    attempt: 1 for the first try.
    """

    job_id: uuid.UUID
    token: uuid.UUID
    kind: str
    payload: dict
    attempt: int
    queue: str = ""
    subject: str = ""
    owner: int | None = None
    turn: int = 0


class LeaseLost(Exception):
    """The job went to another worker: stop, and write nothing."""


def job_claim(job_id: uuid.UUID | str) -> JobLease | None:
    """Take a job that is queued, or whose holder has gone silent; None if it is not to be had."""
    now = timezone.now()
    token = uuid.uuid4()
    taken = Job.objects.filter(claimable(now), pk=job_id).update(
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
    return JobLease(
        job_id=job.pk,
        token=token,
        kind=job.kind,
        payload=job.payload,
        attempt=job.attempts,
        queue=job.queue,
        subject=job.subject,
        owner=job.owner_id,
        turn=job.turn,
    )


def job_claim_in_turn(job_id: uuid.UUID | str) -> JobLease | None:
    """Take the job whose turn it is in this one's queue; None if none is to be had.

    A message says that a job of a queue waits; which one is done for it, the ledger says.
    """
    queue = Job.objects.filter(pk=job_id).values_list("queue", flat=True).first()
    waiting = Job.objects.filter(queue=queue).order_by("turn", "created")
    return _claim_first(waiting) if queue else None


def job_claim_next(kinds: Iterable[JobKind]) -> JobLease | None:
    """Take the oldest waiting job of these kinds, without a message; None if there is none."""
    return _claim_first(Job.objects.filter(kind__in=[kind.name for kind in kinds]).order_by("created"))


def _claim_first(waiting: QuerySet[Job]) -> JobLease | None:
    while job := waiting.filter(claimable(timezone.now())).first():
        if lease := job_claim(job.pk):
            return lease
    return None


def job_heartbeat(lease: JobLease, *, done: int | None = None, total: int | None = None) -> None:
    """Say that the worker lives, and how far it is.

    Raises:
        LeaseLost: another worker holds the job now.
    """
    values: dict[str, datetime | int] = {
        "lease_expires": timezone.now() + timedelta(seconds=settings.ENV.lease_seconds)
    }
    if done is not None:
        values["done"] = done
    if total is not None:
        values["total"] = total
    _write(lease, **values)


def job_finish(lease: JobLease) -> None:
    """Mark the job done. Raises LeaseLost."""
    _write(lease, state=Job.State.DONE, done=F("total"), lease_token=None, finished=timezone.now())


def job_fail(lease: JobLease, *, code: str, error: str, hint: str = "") -> None:
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


def job_retry(lease: JobLease, *, code: str, error: str, wait_seconds: float, counts: bool = True) -> None:
    """Put the job back, to be tried again after a while. Raises LeaseLost.

    counts: whether this was one of its ``MAX_ATTEMPTS``.
    """
    later = timezone.now() + timedelta(seconds=wait_seconds)
    _write(
        lease,
        state=Job.State.QUEUED,
        error_code=code,
        error=error,
        lease_token=None,
        not_before=later,
        notified=None,
        attempts=F("attempts") - (0 if counts else 1),
    )


def job_release(lease: JobLease) -> None:
    """Put the job back as if it had never been taken: its worker is being stopped. Raises LeaseLost."""
    _write(
        lease,
        state=Job.State.QUEUED,
        attempts=F("attempts") - 1,
        lease_token=None,
        not_before=None,
        notified=None,
    )


@transaction.atomic
def job_split(lease: JobLease, *, payloads: list[dict]) -> list[Job]:
    """Replace the job by smaller ones, so that a part that cannot be done does not hold the others.

    Raises LeaseLost.
    """
    job_finish(lease)
    rows = [
        Job(
            kind=lease.kind,
            payload=payload,
            queue=lease.queue,
            subject=lease.subject,
            owner_id=lease.owner,
            turn=lease.turn,
        )
        for payload in payloads
    ]
    return jobs_create(rows)


def claimable(now: datetime) -> Q:
    """Jobs that anybody may take: waiting and due, or held by a worker gone silent."""
    free = Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now))
    return free | Q(state=Job.State.RUNNING, lease_expires__lt=now, attempts__lt=MAX_ATTEMPTS)


def _write(lease: JobLease, **values) -> None:
    own = Job.objects.filter(pk=lease.job_id, lease_token=lease.token, state=Job.State.RUNNING)
    if not own.update(**values):
        raise LeaseLost(f"job {lease.job_id} is no longer this worker's")
