"""``manage.py up`` starts everything and, however it ends, leaves nothing running."""

import os
import signal
import socket

import pytest

from tests.browser.client import until
from tests.browser.stack import PASSWORD, Stack

PARTS = ("gunicorn", "beat", "interactive@", "batch@", "unixsocket:")


@pytest.fixture
def own(tmp_path):
    """An installation of this test's own."""
    stack = Stack(tmp_path)
    yield stack
    for pid in stack.pids():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(600)
def test_it_starts_refuses_a_second_stops_and_starts_again(own):
    """One installation's life; each start takes seconds, so it is told in one test."""
    own.start()
    for part in PARTS:
        until(lambda part=part: own.pids(part), within=60, what=f"{part} runs")
    token = own.token("curator")

    again = own.manage("up", check=False)
    assert again.returncode != 0
    assert "runs already" in again.stderr

    assert own.stop(signal.SIGINT) == 0
    assert own.pids() == []

    own.start()
    assert own.client(token).get("/api/v1/batches/").status == 200
    assert PASSWORD not in own.log

    own.process.kill()
    own.process.wait()
    until(lambda: not own.pids(), within=60, what="nothing runs any more, though nobody could stop it")


def test_a_taken_port_is_named(own):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", own.port))
        taken.listen()
        refused = own.manage("up", check=False)
    assert refused.returncode != 0
    assert "MOCBAN_PORT" in refused.stderr
    assert own.pids() == []
