"""``manage.py jobs``: what the workers have before them, and what they gave up."""

from django.core.management.base import BaseCommand
from django.db.models import Count, Min
from django.utils import timezone

from webapp.jobs.models import Job
from webapp.jobs.selectors import jobs_health

_OPEN = [Job.State.QUEUED, Job.State.RUNNING]


class Command(BaseCommand):
    help = "Count the jobs by queue, kind and state; name the latest that failed, and why."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--failed", type=int, default=5, metavar="N", help="so many failed ones (5)")

    def handle(self, *, failed: int, **options) -> None:
        self.stdout.write(f"{'queue':<12} {'kind':<16} {'state':<8} {'jobs':>7}  oldest")
        rows = Job.objects.values_list("queue", "kind", "state").annotate(Count("pk"), Min("created"))
        for queue, kind, state, count, oldest in rows.order_by("queue", "kind", "state"):
            age = _age(oldest) if state in _OPEN else ""
            self.stdout.write(f"{queue:<12} {kind:<16} {state:<8} {count:>7}  {age}".rstrip())
        for job in jobs_health().held_up:
            self.stdout.write(f"will be retried: {job.kind} {job.subject}: {job.error}")
        for job in Job.objects.filter(state=Job.State.FAILED).order_by("-finished")[:failed]:
            self.stdout.write(f"failed {job.finished:%Y-%m-%d %H:%M} {job.kind} {job.subject}: {job.error}")


def _age(moment) -> str:
    seconds = int((timezone.now() - moment).total_seconds())
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s"
