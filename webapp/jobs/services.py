"""All that is ever done to a job. Every write after the claim names the lease it is done under."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from webapp.jobs.broker import notify_worker
from webapp.jobs.kinds import JobKind, Queue
from webapp.jobs.models import Job
from webapp.jobs.turns import next_turns

MAX_ATTEMPTS = 5
_NOTIFY_AGAIN = timedelta(seconds=30)
# Enough to keep every worker busy until the next sweep; sending messages for a whole backlog again and again
# would leave more messages than work.
_NOTIFY_AT_ONCE = 64


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


@transaction.atomic
def job_enqueue(
    *,
    kind: JobKind,
    payload: dict,
    queue: Queue | None = None,
    subject: str = "",
    owner: int | None = None,
    total: int = 0,
    not_before: datetime | None = None,
) -> Job:
    """Write the row, and notify a worker once it is committed.

    payload: what the task is given. queue: by default the kind's. subject: what the job is for, such as
    "batch:12". owner: the id of whose work it is. total: how many things there are to do. not_before: when it
    is due; then the sweeper notifies.
    """
    (turn,) = next_turns(queue=queue or kind.queue, owner=owner, subject=subject, count=1)
    job = Job.objects.create(
        kind=kind.name,
        payload=payload,
        queue=queue or kind.queue,
        subject=subject,
        owner_id=owner,
        turn=turn,
        total=total,
        not_before=not_before,
        notified=None if not_before else timezone.now(),
    )
    if not_before is None:
        transaction.on_commit(lambda: notify_worker(str(job.pk), job.queue))
    return job


def jobs_enqueue(
    *,
    kind: JobKind,
    payloads: Iterable[dict],
    queue: Queue | None = None,
    subject: str = "",
    owner: int | None = None,
    notify: bool = True,
) -> list[Job]:
    """Write a row for each payload, and notify workers once they are committed.

    queue: by default the kind's. owner: the id of whose work it is. notify: False leaves that to the sweeper,
    where the caller does the work as well.
    """
    payloads, queue = list(payloads), queue or kind.queue
    turns = next_turns(queue=queue, owner=owner, subject=subject, count=len(payloads))
    rows = [
        Job(kind=kind.name, payload=payload, queue=queue, subject=subject, owner_id=owner, turn=turn)
        for payload, turn in zip(payloads, turns, strict=True)
    ]
    return _create(rows, notify=notify)


def job_claim(job_id: uuid.UUID | str) -> JobLease | None:
    """Take a job that is queued, or whose holder has gone silent; None if it is not to be had."""
    now = timezone.now()
    token = uuid.uuid4()
    taken = Job.objects.filter(_claimable(now), pk=job_id).update(
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
    while job := waiting.filter(_claimable(timezone.now())).first():
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
    return _create(rows)


def jobs_give_up(*, on_give_up: Callable[[Job], None] = lambda job: None) -> int:
    """Give up every job that lost its worker ``MAX_ATTEMPTS`` times.

    on_give_up: called with each one, in the same transaction. Returns how many.
    """
    now = timezone.now()
    silent = Job.objects.filter(state=Job.State.RUNNING, lease_expires__lt=now)
    hopeless = silent.filter(attempts__gte=MAX_ATTEMPTS)
    count = 0
    for pk in hopeless.values_list("pk", flat=True):
        with transaction.atomic():
            count += hopeless.filter(pk=pk).update(
                state=Job.State.FAILED,
                error_code="worker_lost",
                error=f"the worker was lost {MAX_ATTEMPTS} times while doing this",
                hint="look in the worker's log for what ends it, then try again",
                lease_token=None,
                finished=now,
            )
            on_give_up(Job.objects.get(pk=pk))
    return count


def jobs_notify_again() -> int:
    """The sweeper: notify workers of jobs whose holder went silent, and of those whose message was lost.

    The oldest go first, so many at a time. A job that killed its worker ``MAX_ATTEMPTS`` times is
    given up. Returns how many messages were due.
    """
    jobs_give_up()
    now = timezone.now()
    unnotified = Q(notified=None) | Q(notified__lt=now - _NOTIFY_AGAIN)
    waiting = Job.objects.filter(_claimable(now) & (unnotified | Q(state=Job.State.RUNNING)))
    found = list(waiting.order_by("created").values_list("pk", "queue")[:_NOTIFY_AT_ONCE])
    Job.objects.filter(pk__in=[pk for pk, _ in found]).update(notified=now)
    _notify_all(found)
    return len(found)


def jobs_forget(*, older_than: timedelta) -> int:
    """Delete the rows of jobs done long ago; failed ones stay to be read. Returns how many."""
    done = Job.objects.filter(state=Job.State.DONE, finished__lt=timezone.now() - older_than)
    return done.delete()[0]


def _claimable(now: datetime) -> Q:
    """Jobs that anybody may take: waiting and due, or held by a worker gone silent."""
    free = Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now))
    return free | Q(state=Job.State.RUNNING, lease_expires__lt=now, attempts__lt=MAX_ATTEMPTS)


@transaction.atomic
def _create(rows: list[Job], *, notify: bool = True) -> list[Job]:
    now = timezone.now() if notify else None
    for row in rows:
        row.notified = now
    jobs = Job.objects.bulk_create(rows)
    if notify:
        transaction.on_commit(lambda: _notify_all([(job.pk, job.queue) for job in jobs]))
    return jobs


def _notify_all(jobs: Iterable[tuple[uuid.UUID, str]]) -> None:
    for pk, queue in jobs:
        if notify_worker(str(pk), queue) is False:
            return  # the broker is away: asking it for each would only take longer


def _write(lease: JobLease, **values) -> None:
    own = Job.objects.filter(pk=lease.job_id, lease_token=lease.token, state=Job.State.RUNNING)
    if not own.update(**values):
        raise LeaseLost(f"job {lease.job_id} is no longer this worker's")
