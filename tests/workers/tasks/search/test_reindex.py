"""The index: whole, verified and live, or not to be seen at all."""

import io
import os
import shutil

import numpy as np
import pytest

from retrieval.errors import BadIndex
from retrieval.index import HnswIndex
from retrieval.io.encode import read_height_png
from tests import factories, meshes
from tests.workers.conftest import register
from tests.workers.tasks.batches.test_match import (
    ask,
    by_comparing_everything,
    run_all,
    some_item,
    suggested,
    unit,
)
from webapp.batches.models import Query
from webapp.core.files.blobs import blob_put
from webapp.core.files.media import derived
from webapp.gallery.models import Item, ItemVector
from webapp.gallery.prepared import ItemReading, readings_replace
from webapp.hooks.models import Event, EventKind
from webapp.hooks.services import hook_create
from webapp.jobs.models import Job
from webapp.registry.models import IndexVersion, Release
from webapp.registry.selectors import index_path, live_release
from webapp.registry.services import indexes_clear
from webapp.search import selectors
from webapp.search.selectors import index_is_due
from webapp.search.services import index_request
from workers.live import cache
from workers.live.weights import load_embedder
from workers.runtime.housekeeping import mend_index
from workers.tasks.batches.queries_match import queries_match
from workers.tasks.gallery.items_prepare import items_prepare
from workers.tasks.search import index_build as reindex
from workers.tasks.search.index_build import index_build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch):
    """An index pays above ten vectors here, so that a test needs no thousands."""
    monkeypatch.setattr(selectors, "EXACT_IS_FAST_TO", 10)
    monkeypatch.setattr(reindex, "EXACT_IS_FAST_TO", 10)


@pytest.fixture
def gallery(release):
    rng = np.random.default_rng(5)
    width = release.model.width
    return [some_item(release.model, *unit(rng, width, 1 + (i % 3 == 0))) for i in range(60)]


def folders(data):
    return sorted(path.name for path in (data / "indexes").iterdir())


def test_a_verified_index_goes_live(gallery, do, data, release):
    do(index_build, {})
    live = live_release()
    assert live.pk != release.pk
    assert live.model_id == release.model_id
    assert live.index.count == ItemVector.objects.count()
    assert live.index.newest == ItemVector.objects.latest("pk").pk
    assert live.index.recall >= 0.98
    assert Release.objects.filter(live=True).count() == 1
    assert folders(data) == [str(live.index_id)]
    HnswIndex.load(index_path(live.index), width=release.model.width, fingerprint=release.model.fingerprint)


def test_a_small_gallery_is_left_without_one(release, do, data):
    for vector in unit(np.random.default_rng(1), release.model.width, 8):
        some_item(release.model, vector)
    do(index_build, {})
    assert live_release().pk == release.pk
    assert not IndexVersion.objects.exists()


@pytest.fixture
def batch(owner):
    return factories.batch(owner)


def test_index_newer_vectors_and_replaced_ones_answer_as_exact_search_does(gallery, do, batch, release):
    do(index_build, {})
    rng = np.random.default_rng(9)
    for item in gallery[:25]:  # nearly half of the index is out of date
        readings = [ItemReading(False, unit(rng, release.model.width, 1)[0].tobytes())]
        readings_replace(item=item, model=release.model, readings=readings)
    for vector in unit(rng, release.model.width, 5):
        some_item(release.model, vector)
    Item.objects.filter(pk=gallery[30].pk).update(state="rejected")
    queries = [ask(batch, seed) for seed in range(8)]
    do(queries_match, {"queries": [query.pk for query in queries]})
    held = cache.live()
    assert held.index is not None
    assert len(held.unindexed.ids) == 30
    for query in queries:
        query.refresh_from_db()
        assert suggested(query) == by_comparing_everything(query)
        assert query.suggestions.first().release_id == held.release.pk


def test_a_new_release_is_followed_by_a_process_that_runs(gallery, do, batch):
    assert cache.live().index is None
    do(index_build, {})
    assert cache.live().index is not None
    assert len(cache.live().unindexed.ids) == 0


class TestWhenItIsNotGood:
    def test_one_that_finds_too_little_never_goes_live(self, gallery, do, data, release, monkeypatch):
        monkeypatch.setattr(reindex, "recall_against", lambda *args: 0.9)
        with pytest.raises(BadIndex, match=r"90\.0%"):
            do(index_build, {})
        assert live_release().pk == release.pk
        assert not IndexVersion.objects.exists()
        assert folders(data) == []

    def test_a_wider_graph_is_tried_first(self, gallery, do, release, monkeypatch):
        recalls = [0.9, 0.99]
        monkeypatch.setattr(reindex, "recall_against", lambda *args: recalls.pop(0))
        do(index_build, {})
        assert live_release().index.recall == 0.99

    def test_killed_halfway_nothing_is_seen(self, gallery, do, data, release, monkeypatch):
        def killed(**values):
            raise SystemExit

        monkeypatch.setattr(reindex, "release_make_live", killed)
        with pytest.raises(SystemExit):
            do(index_build, {})
        assert live_release().pk == release.pk
        assert not IndexVersion.objects.exists()
        monkeypatch.undo()
        monkeypatch.setattr(reindex, "EXACT_IS_FAST_TO", 10)
        do(index_build, {})
        live = str(live_release().index_id)
        assert live in folders(data)
        for path in (data / "indexes").iterdir():
            os.utime(path, (0, 0))
        indexes_clear()
        assert folders(data) == [live]

    def test_it_is_not_asked_for_again_and_again(self, gallery, release):
        assert index_request() is not None
        assert index_request() is None
        Job.objects.update(state="failed", finished=Job.objects.get().created)
        assert index_request() is None


class TestADeletedFolder:
    def test_search_goes_on_and_the_index_is_built_again(self, gallery, do, data, batch):
        do(index_build, {})
        first = live_release()
        shutil.rmtree(data / "indexes")
        cache.forget()
        query = ask(batch, 1)
        do(queries_match, {"queries": [query.pk]})
        query.refresh_from_db()
        assert suggested(query) == by_comparing_everything(query)
        assert mend_index() is True
        run_all()
        assert live_release().pk != first.pk
        assert cache.live().index is not None
        assert mend_index() is False

    def test_a_damaged_one_is_not_believed(self, gallery, do, batch):
        do(index_build, {})
        graph = index_path(live_release().index) / "index.bin"
        damaged = bytearray(graph.read_bytes())
        damaged[len(damaged) // 2] ^= 255
        graph.write_bytes(damaged)
        cache.forget()
        assert cache.live().index is None
        query = ask(batch, 1)
        do(queries_match, {"queries": [query.pk]})
        query.refresh_from_db()
        assert suggested(query) == by_comparing_everything(query)


class TestTheRule:
    def test_it_is_due_when_the_tail_has_outgrown_it(self, release, do):
        vectors = unit(np.random.default_rng(2), release.model.width, 40)
        for vector in vectors[:10]:
            some_item(release.model, vector)
        assert not index_is_due()
        some_item(release.model, vectors[10])
        assert index_is_due()
        do(index_build, {})
        assert not index_is_due()
        for vector in vectors[11:21]:
            some_item(release.model, vector)
        assert not index_is_due()
        some_item(release.model, vectors[21])
        assert index_is_due()

    def test_vectors_that_are_no_more_count_too(self, gallery, do, release):
        do(index_build, {})
        ItemVector.objects.filter(item__in=gallery[:11]).delete()
        assert index_is_due()


class TestAnotherModel:
    def test_height_maps_that_are_gone_or_damaged_are_made_again(self, release, do, random_weights):
        """Whatever became of the picture, the vector is that of the item's mesh."""
        items = [factories.item(seed=seed) for seed in range(4)]
        do(items_prepare, {"items": [item.pk for item in items]})
        gone, short, empty, halved = (derived("items", item.pk, "height.png") for item in items)
        gone.unlink()
        short.write_bytes(short.read_bytes()[:60])
        empty.write_bytes(b"")
        halved.write_bytes(halved.read_bytes()[: halved.stat().st_size // 2])
        other = register(random_weights[1])
        do(lambda payload, progress: reindex.embed_missing(other, progress), {})
        embedder = load_embedder(other)
        for item in items:
            height = reindex.read_item(item).relief.height
            item.refresh_from_db()
            row = ItemVector.objects.get(item=item, model=other, mirrored=item.is_mirrored)
            vector = np.frombuffer(bytes(row.vector), "<f4")
            made = embedder.embed_heights([height])
            expected = (made.mirrored if item.is_mirrored else made.seen)[0]
            assert vector @ expected > 0.999

    def test_a_turned_item_is_embedded_as_its_pictures_show_it_and_as_it_was_scanned(
        self, release, do, random_weights
    ):
        """Whatever the new model deems likely comes on top."""
        item = factories.item(seed=3)
        do(items_prepare, {"items": [item.pk]})
        Item.objects.filter(pk=item.pk).update(turn=90, upright_probability=0.95, turn_by="model")
        item.refresh_from_db()
        other = register(random_weights[1])
        do(lambda payload, progress: reindex.embed_missing(other, progress), {})
        embedder = load_embedder(other)
        height = read_height_png(derived("items", item.pk, "height.png").read_bytes())
        rows = ItemVector.objects.filter(item=item, model=other)
        assert set(rows.values_list("turn", flat=True)) >= {90, 0}
        for row in rows:
            # The picture was turned by 90 degrees already.
            made = embedder.embed_heights([np.rot90(height, (row.turn - 90) // 90)])
            expected = (made.mirrored if row.mirrored else made.seen)[0]
            assert np.frombuffer(bytes(row.vector), "<f4") @ expected > 0.999

    def test_every_item_is_embedded_by_it_before_it_answers(
        self, gallery, do, batch, release, random_weights
    ):
        """Here the items are real ones: another model embeds their height maps."""
        Item.objects.all().delete()
        for seed in range(12):
            blob = blob_put(io.BytesIO(meshes.block(seed, cells=24)), name="x")
            Item.objects.create(name=f"{seed}.stl", sha256=blob.sha256)
        do(items_prepare, {"items": list(Item.objects.values_list("pk", flat=True))})
        other = register(random_weights[1])
        do(index_build, {"model": other.pk})
        live = live_release()
        assert live.model_id == other.pk
        assert set(ItemVector.objects.filter(model=other).values_list("item", flat=True)) == set(
            Item.objects.filter(state="ready").values_list("pk", flat=True)
        )
        query = ask(batch, 1)
        do(queries_match, {"queries": [query.pk]})
        query.refresh_from_db()
        assert query.vector_model_id == other.pk
        assert Query.objects.get(pk=query.pk).suggestions.first().release_id == live.pk


def test_weights_of_a_new_version_are_told_of_and_a_larger_index_is_not(release, do, curator, random_weights):
    url, events = "https://example.org/", [EventKind.MODEL_PROMOTED]
    hook_create(user=curator, name="lab", url=url, events=events)
    do(index_build, {})
    assert not Event.objects.exists()
    newer = register(random_weights[1])
    do(index_build, {"model": newer.pk})
    data = Event.objects.get().data
    assert (data["model"], data["release"], data["promotion"]) == (newer.pk, live_release().pk, None)
