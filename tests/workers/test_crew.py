"""Who does a command's jobs: processes of its own, this one, or running workers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from webapp.jobs.models import Job
from webapp.jobs.services import jobs_stand_still
from workers import crew as crews
from workers.crew import Crew, crew_for

pytestmark = pytest.mark.django_db

KINDS = ["note"]


def job(**values):
    return Job.objects.create(kind="note", queue="import", **values)


@pytest.fixture
def started(monkeypatch):
    """How many processes were started: none really is."""
    found = []

    class Member:
        exitcode, pid = None, 1

        def is_alive(self):
            return True

        def join(self, timeout=None):
            pass

        def kill(self):
            pass

    monkeypatch.setattr(Crew, "_start", lambda self: found.append(1) or Member())
    return found


class TestStandingStill:
    def test_nothing_to_do_is_not_standing_still(self):
        assert not jobs_stand_still(kinds=KINDS)

    def test_work_that_nobody_holds_is(self):
        job()
        assert jobs_stand_still(kinds=KINDS)
        assert not jobs_stand_still(kinds=["other"])

    def test_work_that_somebody_holds_is_not(self):
        job()
        job(state="running", lease_expires=timezone.now() + timedelta(minutes=1))
        assert not jobs_stand_still(kinds=KINDS)

    def test_work_whose_holder_went_silent_is(self):
        job(state="running", lease_expires=timezone.now() - timedelta(seconds=1))
        assert jobs_stand_still(kinds=KINDS)


def test_without_running_workers_it_starts_its_own(started, monkeypatch):
    monkeypatch.setattr("webapp.jobs.broker.is_served", lambda queue: False)
    with crew_for(KINDS, None) as crew:
        assert not crew.leaves_to_workers
        assert started


def test_with_running_workers_it_starts_none(started, monkeypatch):
    monkeypatch.setattr("webapp.jobs.broker.is_served", lambda queue: queue == "import")
    job()
    with crew_for(KINDS, None) as crew:
        crew.tend()
        assert crew.leaves_to_workers
        assert not crew.works_here
        assert not started


def test_when_they_take_no_work_it_takes_over(started, monkeypatch):
    monkeypatch.setattr(crews, "_PATIENCE_SECONDS", 0.0)
    with Crew(KINDS, 3, leave_to_workers=True) as crew:
        crew.tend()
        assert not started
        job()
        crew.tend()
        assert len(started) == 3
        assert not crew.leaves_to_workers


def test_whoever_says_how_many_gets_so_many(started):
    with crew_for(KINDS, 2):
        assert len(started) == 2
    with crew_for(KINDS, 0) as crew:
        assert crew.works_here
    assert len(started) == 2


def test_a_broker_that_is_away_serves_nothing():
    from webapp.jobs.broker import is_served

    assert is_served("import") is False
