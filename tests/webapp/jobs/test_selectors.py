"""How the work goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from webapp.jobs.broker import workers_alive
from webapp.jobs.models import Job
from webapp.jobs.selectors import jobs_health

pytestmark = pytest.mark.django_db


def job(state, **values):
    return Job.objects.create(kind="x", queue="batch", state=state, **values)


def test_jobs_are_counted_by_what_becomes_of_them():
    now = timezone.now()
    waiting = job("queued")
    job("running", lease_expires=now + timedelta(minutes=1))
    job("running", lease_expires=now - timedelta(minutes=1))
    failed = job("failed", finished=now, error="it broke")
    job("failed", finished=now - timedelta(days=8))
    job("done", finished=now)
    health = jobs_health()
    assert (health.waiting, health.running, health.lost, health.failed) == (1, 1, 1, 1)
    assert health.oldest == waiting.created
    assert health.latest_failed == [failed]


def test_of_some_subjects_alone():
    job("queued", subject="batch:1")
    job("queued", subject="batch:2")
    assert jobs_health(["batch:1"]).waiting == 1
    assert jobs_health([]).waiting == 0
    assert jobs_health([]).oldest is None


def test_who_lives_is_not_known_while_the_broker_is_away(settings, tmp_path, monkeypatch):
    class Away:
        class control:  # noqa: N801 - as Celery names it
            @staticmethod
            def ping(timeout):
                raise OSError("no such socket")

    monkeypatch.setattr("webapp.jobs.broker.producer", Away)
    assert workers_alive() is None


def test_who_answers_lives(monkeypatch):
    class There:
        class control:  # noqa: N801 - as Celery names it
            @staticmethod
            def ping(timeout):
                return [{"batch@b": {"ok": "pong"}}, {"interactive@a": {"ok": "pong"}}]

    monkeypatch.setattr("webapp.jobs.broker.producer", There)
    assert workers_alive() == ["batch@b", "interactive@a"]
