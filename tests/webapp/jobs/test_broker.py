"""The broker: when it is away, that costs time only."""

import time
from dataclasses import replace

import pytest

from webapp.jobs import broker


@pytest.fixture
def away(settings, tmp_path):
    settings.ENV = replace(settings.ENV, broker_url=f"redis+socket://{tmp_path}/nobody.sock")
    broker.producer.cache_clear()
    yield
    broker.producer.cache_clear()


def test_a_broker_that_is_away_is_told_soon_and_does_no_harm(away, caplog):
    began = time.monotonic()
    assert broker.notify_worker("0", "batch") is False
    assert time.monotonic() - began < 5
    assert "waits for the sweeper" in caplog.text
