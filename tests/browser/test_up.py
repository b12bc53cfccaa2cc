"""``manage.py up`` starts everything and, however it ends, leaves nothing running."""

import os
import signal
import time

import pytest

from tests.browser.client import until
from tests.browser.stack import PASSWORD, Stack


@pytest.fixture
def own(tmp_path):
    """An installation of this test's own."""
    stack = Stack(tmp_path)
    yield stack
    for pid in stack.pids():
        os.kill(pid, signal.SIGKILL)


def test_ctrl_c_stops_all_of_it(own):
    own.start()
    names = ("gunicorn", "beat", "interactive@", "batch@", "unixsocket:")
    for name in names:
        until(lambda name=name: own.pids(name), within=30, what=f"{name} runs")
    assert own.stop(signal.SIGINT) == 0
    assert own.pids() == []


def test_started_again_it_keeps_what_was_there(own):
    own.start()
    token = own.token("curator")
    own.stop()
    began = time.monotonic()
    own.start()
    assert time.monotonic() - began < 60
    assert own.client(token).get("/api/v1/batches/").status == 200
    assert PASSWORD not in own.log
    own.stop()


def test_killed_outright_its_children_end_too(own):
    own.start()
    own.process.kill()
    own.process.wait()
    until(lambda: not own.pids(), within=30, what="nothing runs any more")


def test_a_second_one_on_the_same_folder_is_refused(own):
    own.start()
    again = own.manage("up", check=False)
    assert again.returncode != 0
    assert "runs already" in again.stderr
    own.stop()


def test_a_taken_port_is_named(own):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", own.port))
        taken.listen()
        refused = own.manage("up", check=False)
    assert refused.returncode != 0
    assert "MOCBAN_PORT" in refused.stderr
    assert own.pids() == []
