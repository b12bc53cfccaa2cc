"""Live: the process answers. Ready: so do the parts it stands on, and what is amiss is named."""

import json
import runpy
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

import workers.app as worker_app
from tests.services import running_redis
from webapp.core import health
from webapp.core.errors import Refused
from webapp.core.health import check_database_age

pytestmark = pytest.mark.django_db


def test_live_needs_nothing(browse, data):
    data.rmdir()
    answer = browse(None).get("/health/live")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "live"})


def test_a_broker_that_is_away_is_named(browse):
    answer = browse(None).get("/health/ready")
    result = json.loads(answer.content)
    assert (answer.status_code, result["status"], list(result["troubles"])) == (503, "waiting", ["broker"])


def test_a_data_folder_that_is_gone_is_named(browse, data):
    data.rmdir()
    assert "data" in json.loads(browse(None).get("/health/ready").content)["troubles"]


@pytest.mark.services
def test_all_well(browse, settings):
    with running_redis() as url:
        settings.ENV = replace(settings.ENV, broker_url=url)
        answer = browse(None).get("/health/ready")
        assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ready", "troubles": {}})


def test_a_secret_address_is_not_told(browse, settings):
    settings.ENV = replace(settings.ENV, broker_url="redis://:hidden-word@127.0.0.1:1/0")
    assert b"hidden-word" not in browse(None).get("/health/ready").content


def test_a_database_of_a_newer_version_is_refused():
    MigrationRecorder.Migration.objects.create(app="review", name="9999_from_the_future")
    with pytest.raises(Refused, match=r"newer version.*review\.9999_from_the_future"):
        check_database_age()
    assert "newer version" in health.troubles()["database"]


def test_migrations_of_others_that_went_are_no_trouble():
    MigrationRecorder.Migration.objects.create(app="authtoken", name="0001_initial")
    check_database_age()
    assert "database" not in health.troubles()


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        (None, False),
        (OperationalError("no such host"), False),
        (Refused("a newer version", hint="start that again", code="database_newer"), True),
    ],
)
def test_each_process_looks_before_it_works(monkeypatch, found, ends):
    closed = []

    def look():
        if found:
            raise found

    monkeypatch.setattr(health, "check_database_age", look)
    monkeypatch.setattr(health, "connection", SimpleNamespace(close=lambda: closed.append(1)))
    for begin in (lambda: runpy.run_path("webapp/config/wsgi.py"), worker_app._look_at_the_database):
        with pytest.raises(SystemExit, match="newer version; start that again") if ends else nullcontext():
            begin()
    assert len(closed) == 2
