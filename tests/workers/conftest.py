"""What the workers' tests stand on: a real network of random weights, and rows with real files."""

import pytest
import torch

from retrieval.embed import Embedder
from retrieval.models import Net, Shape, Weights, save_weights
from retrieval.preprocess import Recipe
from webapp.jobs.kinds import JobKind
from webapp.jobs.leases import job_claim
from webapp.jobs.services import job_enqueue
from webapp.registry.services import ModelFacts, model_register, release_make_live
from workers.live import cache
from workers.runtime.progress import JobProgress


def weights_file(folder, seed):
    """A weights file as training leaves it, but for the training."""
    torch.manual_seed(seed)
    path = folder / f"random-{seed}.safetensors"
    save_weights(path, Weights(Net(Shape()).eval(), f"random {seed}", Recipe(), {}))
    return path


@pytest.fixture(scope="session")
def random_weights(tmp_path_factory):
    """Two weights files."""
    folder = tmp_path_factory.mktemp("weights")
    return [weights_file(folder, seed) for seed in (1, 2)]


def register(path):
    """The row of a weights file."""
    model = Embedder.load(path)
    facts = ModelFacts(model.name, model.fingerprint, model.width, model.recipe)
    return model_register(path=path, facts=facts)


@pytest.fixture
def release(db, data, random_weights):
    """A live release of a network of random weights, and nothing loaded yet."""
    cache.forget()
    yield release_make_live(model=register(random_weights[0]), index=None)
    cache.forget()


@pytest.fixture
def do(db):
    """``do(handler, payload)``: what a worker does with a job of that payload."""

    def run(handler, payload):
        lease = job_claim(job_enqueue(kind=JobKind("test", "batch"), payload=payload).pk)
        handler(payload, JobProgress(lease))
        return lease

    return run
