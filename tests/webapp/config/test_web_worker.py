"""Slow clients slow nobody; a stop finishes what was begun; limits hold."""

import errno
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.services import free_port
from webapp.config import web_worker

pytestmark = pytest.mark.xdist_group("web worker")  # one server serves all its tests
SLOW_CLIENTS = 20
REQUEST = b"POST /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One process with two threads: a server that two clients could block, if they could block any."""
    port, data = free_port(), tmp_path_factory.mktemp("data")
    environment = os.environ | {"MOCBAN_DATA": str(data), "MOCBAN_SECRET_KEY": "given"}
    worker = "webapp.config.web_worker.BufferingWorker"
    options = ("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "2", "--worker-class", worker)
    command = (sys.executable, "-m", "gunicorn", "webapp.config.wsgi", *options, "--no-control-socket")
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while status(port) is None:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield port, process
    finally:
        process.kill()
        process.wait()


def status(port):
    """Of a request of an ordinary client; None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


def begun(port, begin):
    """A connection on which a request was begun, and not ended."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(begin)
    return connection


@pytest.mark.parametrize("begin", [b"", b"GET /health/li", REQUEST, REQUEST + b"a"])
def test_twenty_slow_clients_slow_nobody(server, begin):
    port, _ = server
    slow = [begun(port, begin) for _ in range(SLOW_CLIENTS)]
    try:
        assert status(port) == 200
        for connection in slow:  # they are still there: nobody was helped by hanging up on them
            connection.sendall(b"a")
        assert status(port) == 200
    finally:
        for connection in slow:
            connection.close()


def test_too_large_a_request_is_refused_before_it_is_sent(server):
    port, _ = server
    with begun(port, REQUEST.replace(b"1000", b"9" * 15)) as connection:
        whole = b"".join(iter(lambda: connection.recv(1000), b""))
    head, _, body = whole.partition(b"\r\n\r\n")
    assert b" 413 " in head
    found = json.loads(body)
    assert found.keys() == {"code", "error", "hint", "retryable"}
    assert found["code"] == "too_large"


def test_a_request_that_came_before_a_stop_is_answered(server):
    """Even one that nobody has looked at yet. The last of the server's tests: it stops it."""
    port, process = server
    [worker] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(worker), signal.SIGSTOP)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/health/ready")
    process.send_signal(signal.SIGTERM)
    os.kill(int(worker), signal.SIGTERM)  # as the main process does, which may not have come to it yet
    os.kill(int(worker), signal.SIGCONT)
    assert connection.getresponse().status in {200, 503}
    assert process.wait(timeout=60) == 0


class Incoming:
    headers_finished = False


@pytest.mark.parametrize(
    ("headers_finished", "received", "seconds", "slow"),
    [
        (False, 10, 29, False),
        (False, 10, 31, True),
        (True, 200, 59, False),
        (True, 20, 61, True),  # a byte every three seconds
        (True, 60_000, 170, False),
        (True, 60_000, 190, True),
        (True, 2_000_000_000, 86_400, False),
    ],
)
def test_a_deadline_grows_with_what_came(headers_finished, received, seconds, slow):
    channel = web_worker.Channel.__new__(web_worker.Channel)
    channel.request = Incoming()
    channel.request.headers_finished = headers_finished
    channel.started, channel.received_bytes = 1000.0, received
    assert channel.is_too_slow(1000.0 + seconds) is slow


def test_connections_of_one_client_are_counted_by_its_64_bits_of_ipv6():
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::3", "::1", "203.0.113.5"]
    channels = {number: SimpleNamespace(addr=(address, 1)) for number, address in enumerate(addresses)}
    count = partial(web_worker.Server._of_address, SimpleNamespace(active_channels=channels))
    assert [count(address) for address in addresses] == [2, 2, 1, 0, 1]


def test_a_full_disk_is_answered(monkeypatch):
    def full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(web_worker.HTTPChannel, "received", full)
    channel = web_worker.Channel.__new__(web_worker.Channel)
    channel.request, channel.requests, channel.requests_lock = Incoming(), [], threading.Lock()
    tasks = []
    channel.server = SimpleNamespace(add_task=tasks.append)
    assert channel.received(b"a") is False
    assert channel.requests[0].error.code == 507
    assert tasks == [channel]
    written = []
    monkeypatch.setattr(web_worker.RefusedTask, "write", lambda self, body: written.append(json.loads(body)))
    request = SimpleNamespace(error=channel.requests[0].error, version="1.1")
    web_worker.RefusedTask(channel, request).execute()
    assert (written[0]["code"], written[0]["retryable"]) == ("disk_full", True)
