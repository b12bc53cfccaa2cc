"""Work is enqueued: a row for each job, and a message to a worker once it is committed."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from webapp.jobs.broker import notify_worker
from webapp.jobs.kinds import JobKind, Queue
from webapp.jobs.models import Job
from webapp.jobs.turns import next_turns


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
    return jobs_create(rows, notify=notify)


@transaction.atomic
def jobs_create(rows: list[Job], *, notify: bool = True) -> list[Job]:
    """Write the rows as they are, and notify workers once they are committed."""
    now = timezone.now() if notify else None
    for row in rows:
        row.notified = now
    jobs = Job.objects.bulk_create(rows)
    if notify:
        transaction.on_commit(lambda: jobs_notify([(job.pk, job.queue) for job in jobs]))
    return jobs


def jobs_notify(jobs: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Send a message for each (id, queue)."""
    for pk, queue in jobs:
        if notify_worker(str(pk), queue) is False:
            return  # the broker is away: asking it for each would only take longer
