from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from webapp.jobs.kinds import JobKind
from webapp.jobs.leases import job_claim, job_fail
from webapp.jobs.models import Job
from webapp.jobs.services import job_enqueue

pytestmark = pytest.mark.django_db


def test_counts_what_waits_and_names_what_failed(capsys):
    first = job_enqueue(kind=JobKind("items.prepare", "batch"), payload={})
    job_enqueue(kind=JobKind("items.prepare", "batch"), payload={})
    Job.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(minutes=90))
    broken = job_enqueue(kind=JobKind("export.write", "interactive"), payload={}, subject="export:1")
    job_fail(job_claim(broken.pk), code="disk", error="the disk is full")
    call_command("jobs")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["batch", "items.prepare", "queued", "2", "1", "h", "30", "min"] in lines
    assert ["interactive", "export.write", "failed", "1"] in lines
    assert lines[-1][0] == "failed"
    assert lines[-1][3:] == ["export.write", "export:1:", "the", "disk", "is", "full"]


def test_an_idle_installation_has_only_the_heading(capsys):
    call_command("jobs")
    assert capsys.readouterr().out.splitlines() == [
        f"{'queue':<12} {'kind':<16} {'state':<8} {'jobs':>7}  oldest"
    ]
