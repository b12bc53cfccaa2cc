"""Jobs whose worker or message was lost, and those that are long done."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from webapp.jobs.leases import MAX_ATTEMPTS, claimable
from webapp.jobs.models import Job
from webapp.jobs.services import jobs_notify

_NOTIFY_AGAIN = timedelta(seconds=30)
# Enough to keep every worker busy until the next sweep; sending messages for a whole backlog again and again
# would leave more messages than work.
_NOTIFY_AT_ONCE = 64


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
    waiting = Job.objects.filter(claimable(now) & (unnotified | Q(state=Job.State.RUNNING)))
    found = list(waiting.order_by("created").values_list("pk", "queue")[:_NOTIFY_AT_ONCE])
    Job.objects.filter(pk__in=[pk for pk, _ in found]).update(notified=now)
    jobs_notify(found)
    return len(found)


def jobs_forget(*, older_than: timedelta) -> int:
    """Delete the rows of jobs done long ago; failed ones stay to be read. Returns how many."""
    done = Job.objects.filter(state=Job.State.DONE, finished__lt=timezone.now() - older_than)
    return done.delete()[0]
