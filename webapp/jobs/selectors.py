"""All that is ever asked of jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job

_FAILED_FOR = timedelta(days=7)
_NAMED = 5
_LOOKED_AT = 200


@dataclass(frozen=True)
class Health:
    """waiting, running: jobs now. failed: given up in the last week; the latest of them are named.

    held_up: jobs that wait to be tried again; the latest of each error are named.
    oldest: since when the longest waiting one waits; None where none does. lost: running ones whose worker
    went silent.
    """

    waiting: int
    running: int
    lost: int
    failed: int
    oldest: datetime | None
    latest_failed: list[Job]
    held_up: list[Job]


def jobs_open(kind: JobKind) -> QuerySet[Job]:
    """Jobs of a kind that wait or run."""
    return Job.objects.filter(kind=kind.name, state__in=[Job.State.QUEUED, Job.State.RUNNING])


def jobs_open_members(kind: JobKind, members: str) -> set[int]:
    """Ids that jobs of a kind which wait or run are to work on. members: the payload's key of their list."""
    return {pk for payload in jobs_open(kind).values_list("payload", flat=True) for pk in payload[members]}


def jobs_health(subjects: Iterable[str] | None = None) -> Health:
    """How the work goes: all of it, or what is for ``subjects``."""
    now = timezone.now()
    jobs = Job.objects.all() if subjects is None else Job.objects.filter(subject__in=list(subjects))
    failed = jobs.filter(state=Job.State.FAILED, finished__gt=now - _FAILED_FOR)
    counted = jobs.aggregate(
        waiting=Count("pk", filter=Q(state=Job.State.QUEUED)),
        running=Count("pk", filter=Q(state=Job.State.RUNNING, lease_expires__gte=now)),
        lost=Count("pk", filter=Q(state=Job.State.RUNNING, lease_expires__lt=now)),
        oldest=Min("created", filter=Q(state=Job.State.QUEUED)),
    )
    waiting_again = jobs.filter(state=Job.State.QUEUED).exclude(error_code="").order_by("-started")
    by_code = {job.error_code: job for job in waiting_again[:_LOOKED_AT]}
    return Health(
        **counted,
        failed=failed.count(),
        latest_failed=list(failed.order_by("-finished")[:_NAMED]),
        held_up=list(by_code.values())[:_NAMED],
    )


def jobs_open_for(subject: str) -> int:
    """How many jobs for a thing wait or run."""
    return Job.objects.filter(subject=subject, state__in=[Job.State.QUEUED, Job.State.RUNNING]).count()
