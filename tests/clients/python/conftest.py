"""The client's tests ask a real server, with a worker beside it that does what is asked for."""

import threading

import pytest
import torch
from django.db import connections

from mocban_client import Mocban
from retrieval.models import Net, Shape, Weights, save_weights
from retrieval.preprocess import Recipe
from tests import people
from tests.workers.conftest import register
from tests.workers.runtime.jobs import kinds
from webapp.accounts.services import token_add
from webapp.jobs.leases import job_claim_next
from webapp.registry.services import release_make_live
from workers.live import cache
from workers.runtime.runner import run_lease


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """Two weights files of networks of random weights."""
    folder = tmp_path_factory.mktemp("client-weights")
    paths = [folder / f"random-{seed}.safetensors" for seed in (1, 2)]
    for seed, path in enumerate(paths, 1):
        torch.manual_seed(seed)
        save_weights(path, Weights(Net(Shape()).eval(), f"random {seed}", Recipe(), {}))
    return paths


@pytest.fixture
def release(transactional_db, data, weights):
    """The first of them is live."""
    cache.forget()
    yield release_make_live(model=register(weights[0]), index=None)
    cache.forget()


@pytest.fixture
def worker(release):
    """Does every job that is asked for, in a thread."""
    over, every_kind = threading.Event(), kinds()

    def work() -> None:
        try:
            while not over.is_set():
                if lease := job_claim_next(every_kind):
                    run_lease(lease)
                else:
                    over.wait(0.02)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


def client_of(server, user, **options) -> Mocban:
    """A client that speaks in the name of ``user``."""
    return Mocban(server.url, token_add(user=user), **{"tries": 3, "wait": 0.01, "timeout": 20, **options})


@pytest.fixture
def mocban(live_server, transactional_db):
    """A curator's client."""
    return client_of(live_server, people.curator())
