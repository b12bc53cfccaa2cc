"""A worker that is killed in the middle costs time only: nothing is lost, nothing is done twice.

A whole worker is killed on both installations; what else is killed, on one of them each.
"""

import os
import signal
import time

import pytest

from tests import pictures
from tests.browser.client import until
from tests.browser.test_api_journey import queries_of

COUNT = 96
WITHIN = 220  # seconds, leases and restarts included


@pytest.fixture(scope="module")
def client(stack, gallery):
    return stack.client()


def begun(client, name, style):
    """A large batch, some of which is done."""
    files = [(f"{seed:03}.png", pictures.png(seed, 96, style=style)) for seed in range(COUNT)]
    sent = client.send("/api/v1/batches/", files, {"name": name})
    assert sent.status == 201, sent.body
    pk = sent.json["id"]
    until(lambda: client.get(f"/api/v1/batches/{pk}/").json["done"] > 0, within=60, every=0.02)
    return pk


def finished(client, pk):
    return until(
        lambda: (batch := client.get(f"/api/v1/batches/{pk}/").json)["status"] == "ready" and batch,
        within=WITHIN,
        what="the batch is done after all",
    )


def check(client, batch):
    assert (batch["total"], batch["done"], batch["failed"]) == (COUNT, COUNT, 0)
    queries = queries_of(client, batch)
    assert len({query["id"] for query in queries}) == COUNT
    assert all(len(query["suggestions"]) == 5 for query in queries)


@pytest.mark.installation("on_services")
def test_a_child_that_is_killed(stack, client):
    pk = begun(client, "child killed", style=1)
    _, children = stack.worker_pids("batch")
    os.kill(children[0], signal.SIGKILL)
    check(client, finished(client, pk))


def test_a_whole_worker_that_is_killed(stack, client):
    pk = begun(client, "worker killed", style=2)
    parent, children = stack.worker_pids("batch")
    for pid in (parent, *children):
        os.kill(pid, signal.SIGKILL)
    check(client, finished(client, pk))
    assert stack.worker_pids("batch")[0] != parent


@pytest.mark.installation("embedded")
def test_the_broker_is_killed(stack, client):
    """The embedded one: Redis elsewhere is its operator's to keep."""
    brokers = stack.pids("unixsocket:")
    pk = begun(client, "broker killed", style=3)
    os.kill(brokers[0], signal.SIGKILL)
    check(client, finished(client, pk))


@pytest.mark.installation("embedded")
def test_the_interactive_worker_is_killed_again_and_again(stack, client):
    """Single pictures are answered all the same."""
    for turn in range(2):
        _, children = stack.worker_pids("interactive")
        sent = client.send("/api/v1/batches/", [("one.png", pictures.png(turn, style=7))], {"name": "one"})
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        done = finished(client, sent.json["id"])
        assert (done["total"], done["done"]) == (1, 1)
