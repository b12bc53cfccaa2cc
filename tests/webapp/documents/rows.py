"""What the database has of boxes and jobs."""

from webapp.jobs.models import Job
from webapp.pages.models import Box


def places(page):
    rows = Box.objects.filter(page=page, deleted=None).order_by("order")
    return [(box.pk, box.y, box.h) for box in rows]


def jobs(kind):
    return [job.payload for job in Job.objects.filter(kind=kind).order_by("created")]
