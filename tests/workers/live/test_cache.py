"""What a process has loaded follows the release, misses no vector, and never lies."""

import threading
import time

import numpy as np
import pytest
from django.db import connection, transaction

from tests import factories
from tests.workers.conftest import register
from tests.workers.tasks.batches.test_match import some_item, unit
from webapp.gallery.models import Item, ItemVector
from webapp.gallery.prepared import ItemReading, readings_replace
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import model_path
from webapp.registry.services import release_make_live
from workers.errors import NoRelease
from workers.live import cache, weights
from workers.live.cache import live, warm
from workers.live.shipped import release_shipped
from workers.live.weights import load_embedder


@pytest.mark.django_db
class TestTheRelease:
    def test_without_one_work_waits(self, db):
        cache.forget()
        with pytest.raises(NoRelease) as refused:
            live()
        assert refused.value.retryable
        assert "setup" in refused.value.hint
        warm()  # says so in the log, and does no harm

    def test_the_same_one_is_loaded_once(self, release):
        assert live().embedder is live().embedder

    def test_another_model_is_loaded_when_it_goes_live(self, release, random_weights):
        some_item(release.model, *unit(np.random.default_rng(1), release.model.width, 1))
        before = live()
        release_make_live(model=register(random_weights[1]), index=None)
        after = live()
        assert before.embedder.fingerprint != after.embedder.fingerprint
        assert (len(before), len(after)) == (1, 0), "vectors of two models never meet"

    def test_weights_that_are_gone_make_work_wait(self, release):
        model_path(release.model).unlink()
        with pytest.raises(NoRelease, match="gone"):
            live()

    def test_weights_of_another_version_make_work_wait(self, release):
        model_path(release.model).write_bytes(b"of another version")
        with pytest.raises(NoRelease):
            live()

    def test_shipped_weights_serve_while_their_copy_is_gone(self, release, random_weights, monkeypatch):
        model_path(release.model).unlink()
        monkeypatch.setattr(weights, "shipped_weights", lambda: random_weights[0])
        assert load_embedder(release.model).fingerprint == release.model.fingerprint


@pytest.mark.django_db
class TestNewerWeights:
    @pytest.fixture
    def shipped(self, random_weights, monkeypatch):
        """``shipped(i)``: the weights that come with this version."""
        return lambda i: monkeypatch.setattr("retrieval.models.shipped_weights", lambda: random_weights[i])

    def test_the_first_ones_answer_at_once(self, shipped, data):
        shipped(0)
        release_shipped()
        release_shipped()
        assert live().release.model.name == "random 1"
        assert ModelVersion.objects.count() == 1

    def test_later_ones_once_every_item_was_embedded(self, release, shipped):
        shipped(1)
        release_shipped()
        release_shipped()
        job = Job.objects.get()
        assert job.kind == "index.build"
        assert ModelVersion.objects.get(pk=job.payload["model"]).name == "random 2"
        assert live().release.pk == release.pk


@pytest.mark.django_db(transaction=True)
def test_no_vector_is_missed_however_the_writers_meet(release):
    """Ids are given when a row is written, and seen when it is committed: another order would lose some."""
    width, over = release.model.width, threading.Event()
    items = [factories.item(seed=seed) for seed in range(24)]

    def write(some):
        rng = np.random.default_rng(some[0].pk)
        for item in some:
            with transaction.atomic():
                reading = ItemReading(True, unit(rng, width, 1)[0].tobytes())
                readings_replace(item=item, model=release.model, readings=[reading])
                time.sleep(rng.uniform(0, 0.03))
        connection.close()

    def follow():
        while not over.is_set():
            held.append(held[-1].with_newer(release.model))
        connection.close()

    held = [live().unindexed]
    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(items[start::4],)) for start in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    reader.join()
    last = held[-1].with_newer(release.model)
    assert sorted(last.ids) == sorted(ItemVector.objects.values_list("pk", flat=True))
    assert list(last.ids) == sorted(last.ids)
    assert Item.objects.filter(vectors__pk__in=last.ids.tolist()).distinct().count() == len(items)
