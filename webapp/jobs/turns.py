"""Whose turn it is: the jobs of a queue are handed out in turn, so that nobody waits for another's thousand.

All jobs of one person for one thing (``subject``: a batch, an import, an export) stand in one line. In each
turn the queue hands out one job of every line. A line of a person who has others waiting begins one turn
later for each of them, so that many small requests of one person push nobody back.

The turn is counted when a job is written, by start-time fair queueing (Goyal, Vin and Cheng 1996): the first
of a line comes in the turn after the one that is being handed out, the others one turn after another.
"""

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from webapp.jobs.models import Job


def next_turns(*, queue: str, owner: int | None, subject: str, count: int) -> range:
    """The turns of ``count`` new jobs of one line."""
    jobs = Job.objects.filter(queue=queue)
    handed_out = _highest(jobs.exclude(state=Job.State.QUEUED))
    own = jobs.filter(owner=owner, state=Job.State.QUEUED)
    lines = own.exclude(subject=subject).order_by().values("subject").distinct().count()
    first = max(handed_out + 1 + lines, _highest(own.filter(subject=subject)) + 1)
    return range(first, first + count)


def jobs_before(subject: str) -> int | None:
    """How many waiting jobs are handed out before the first one for ``subject``.

    None unless it waits: one of its jobs is being done, or there are none.
    """
    own = Job.objects.filter(subject=subject)
    first = own.filter(state=Job.State.QUEUED).order_by("turn", "created").first()
    if first is None or own.filter(state=Job.State.RUNNING).exists():
        return None
    due = Q(not_before=None) | Q(not_before__lte=timezone.now())
    earlier = Q(turn__lt=first.turn) | Q(turn=first.turn, created__lt=first.created)
    return Job.objects.filter(due & earlier, queue=first.queue, state=Job.State.QUEUED).count()


def held_up(subject: str) -> Job | None:
    """A job for ``subject`` that waits to be tried again, with its error; None where none does."""
    again = Job.objects.filter(subject=subject, state=Job.State.QUEUED).exclude(error_code="")
    return again.order_by("-started").first()


def _highest(jobs: QuerySet[Job]) -> int:
    return jobs.aggregate(highest=Max("turn"))["highest"] or 0
