"""Live: the process answers. Ready: so do the parts it stands on, and what is amiss is named."""

import json
from dataclasses import replace

import pytest

from tests.services import running_redis

pytestmark = pytest.mark.django_db


def test_live_needs_nothing(browse, data):
    data.rmdir()
    answer = browse(None).get("/health/live")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "live"})


def test_a_broker_that_is_away_is_named(browse):
    answer = browse(None).get("/health/ready")
    told = json.loads(answer.content)
    assert (answer.status_code, told["status"], list(told["troubles"])) == (503, "waiting", ["broker"])


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
