"""Queries: five suggestions, the very ones that comparing everything gives."""

import io

import numpy as np
import pytest
from django.contrib.auth import get_user_model
from PIL import Image

from tests import factories, meshes, pictures
from webapp.batches.models import Query
from webapp.batches.services import QUERIES_MATCH
from webapp.core.files.blobs import blob_path, blob_put
from webapp.core.files.derived import QUERY_FILES
from webapp.core.files.media import derived
from webapp.gallery.models import Item, ItemVector
from webapp.gallery.prepared import ItemReading, readings_replace
from webapp.jobs.kinds import JobKind
from webapp.jobs.leases import MAX_ATTEMPTS, LeaseLost, job_claim
from webapp.jobs.models import Job
from webapp.jobs.selectors import jobs_health
from webapp.jobs.services import job_enqueue
from webapp.search.models import Suggestion
from webapp.search.services import batch_search_again, queries_search_again_when_short
from workers.live import cache
from workers.runtime.progress import JobProgress
from workers.runtime.runner import run_job
from workers.tasks.batches import queries_match as match
from workers.tasks.batches.queries_match import queries_match
from workers.tasks.gallery.items_prepare import items_prepare

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(owner):
    return factories.batch(owner)


def ask(batch, seed, **values):
    return factories.query(batch, seed=seed, state=Query.State.WAITING, **values)


def bad_query(batch, data=b"no picture at all"):
    blob = blob_put(io.BytesIO(data), name="bad.png")
    return Query.objects.create(batch=batch, name="bad.png", sha256=blob.sha256)


def some_item(model, *vectors, name="item") -> Item:
    """A ready item found by these vectors: the first as seen, the second mirrored."""
    digest = f"{Item.objects.count():064x}"
    item = Item.objects.create(name=name, sha256=digest, state=Item.State.READY, handedness="direct")
    readings = [ItemReading(bool(i), np.asarray(vector, "<f4").tobytes()) for i, vector in enumerate(vectors)]
    readings_replace(item=item, model=model, readings=readings)
    return item


def unit(rng, width, count):
    vectors = rng.normal(size=(count, width))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def gallery(release):
    """Forty items of random vectors, every fourth with two readings."""
    rng = np.random.default_rng(3)
    width = release.model.width
    return [some_item(release.model, *unit(rng, width, 1 + (i % 4 == 0)), name=f"{i}") for i in range(40)]


def by_comparing_everything(query: Query) -> list[tuple[int, bool]]:
    """The slow twin: (item, mirrored) of the five nearest, each item by its nearest vector."""
    asked = np.frombuffer(bytes(query.vector), "<f4").astype(float)
    best = {}
    for row in ItemVector.objects.filter(item__state="ready"):
        distance = 1 - float(np.frombuffer(bytes(row.vector), "<f4").astype(float) @ asked)
        best[row.item_id] = min(best.get(row.item_id, (9.0, False)), (distance, row.mirrored))
    return [(item, mirrored) for item, (_, mirrored) in sorted(best.items(), key=lambda one: one[1])[:5]]


def suggested(query: Query) -> list[tuple[int, bool]]:
    return list(query.suggestions.values_list("item", "mirrored"))


def test_a_query_gets_its_pictures_its_vector_and_five_suggestions(gallery, batch, do, release):
    query = ask(batch, 1)
    do(queries_match, {"queries": [query.pk]})
    query.refresh_from_db()
    assert (query.state, query.width, query.height) == ("ready", 64, 64)
    assert query.vector_model_id == release.model_id
    assert suggested(query) == by_comparing_everything(query)
    found = list(query.suggestions.all())
    assert [one.rank for one in found] == [1, 2, 3, 4, 5]
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    assert all(0 <= one.confidence <= 1 and one.release_id == release.pk for one in found)
    for name in QUERY_FILES:
        assert Image.open(derived("queries", query.pk, name)).size[0] >= 1


def test_items_and_queries_go_through_together(release, batch, do):
    """Real meshes, real prints, the real network; only its weights are random."""
    blobs = [blob_put(io.BytesIO(meshes.block(seed, cells=32)), name="x") for seed in range(7)]
    items = [Item.objects.create(name=f"{i}.stl", sha256=blob.sha256) for i, blob in enumerate(blobs)]
    do(items_prepare, {"items": [item.pk for item in items]})
    queries = [ask(batch, seed) for seed in range(3)]
    do(queries_match, {"queries": [query.pk for query in queries]})
    for query in queries:
        query.refresh_from_db()
        assert suggested(query) == by_comparing_everything(query)
        assert len(suggested(query)) == 5


def test_a_bad_picture_is_refused_alone(gallery, batch, do):
    bad, good = bad_query(batch), [ask(batch, seed) for seed in (1, 2)]
    do(queries_match, {"queries": [good[0].pk, bad.pk, good[1].pk]})
    for query in good:
        query.refresh_from_db()
        assert query.state == "ready"
    bad.refresh_from_db()
    assert bad.state == "rejected"
    assert bad.name in bad.error
    assert bad.hint


def test_further_pages_of_a_file_are_named(gallery, batch, do):
    file = io.BytesIO()
    first, *more = (pictures.print_of(seed) for seed in (1, 2, 3))
    first.save(file, "TIFF", save_all=True, append_images=more)
    file.seek(0)
    query = ask(batch, 1)
    Query.objects.update(name="scan.tif", sha256=blob_put(file, name="x").sha256)
    do(queries_match, {"queries": [query.pk]})
    do(queries_match, {"queries": [query.pk], "pictures": True})
    query.refresh_from_db()
    assert query.state == "ready"
    [left_out] = batch.left_out.all()
    assert (left_out.name, left_out.code) == ("scan.tif", "more_pages")
    assert "2 more pages" in left_out.reason


def test_a_file_that_the_store_lacks_is_no_verdict(gallery, batch, do):
    """It waits for its file, the others do not wait for it, and the operator is told which it is."""
    lost, good = ask(batch, 8), ask(batch, 1)
    content = blob_path(lost.sha256).read_bytes()
    blob_path(lost.sha256).unlink()
    job_enqueue(kind=QUERIES_MATCH, payload={"queries": [lost.pk, good.pk]})
    for _ in range(MAX_ATTEMPTS + 2):
        Job.objects.filter(state="queued").update(not_before=None)
        for pk in list(Job.objects.filter(state="queued").values_list("pk", flat=True)):
            run_job(str(pk))
    lost.refresh_from_db()
    good.refresh_from_db()
    assert (lost.state, good.state) == ("waiting", "ready")
    [held_up] = jobs_health().held_up
    assert held_up.error_code == "blob_missing"
    assert lost.name in held_up.error
    assert lost.sha256 in held_up.error
    blob_path(lost.sha256).write_bytes(content)
    Job.objects.filter(state="queued").update(not_before=None)
    run_all()
    lost.refresh_from_db()
    assert lost.state == "ready"
    assert jobs_health().held_up == []


def test_done_twice_no_query_is_answered_twice(gallery, batch, do):
    queries = [ask(batch, seed) for seed in range(3)]
    do(queries_match, {"queries": [queries[0].pk]})
    before = list(Suggestion.objects.values_list("pk", flat=True))
    for _ in range(2):
        do(queries_match, {"queries": [query.pk for query in queries]})
    assert Suggestion.objects.count() == 15
    assert set(before) <= set(Suggestion.objects.values_list("pk", flat=True))


def test_who_lost_the_lease_halfway_leaves_the_rest_to_the_next(gallery, batch, do, monkeypatch):
    monkeypatch.setattr(match, "_TOGETHER", 2)
    queries = [ask(batch, seed) for seed in range(6)]
    job = job_enqueue(kind=JobKind("test", "batch"), payload={"queries": [query.pk for query in queries]})
    progress = JobProgress(job_claim(job.pk))
    real, calls = match.find_carvings, []

    def lost_at_the_second(*args):
        calls.append(1)
        if len(calls) == 2:
            progress.lost()
        return real(*args)

    monkeypatch.setattr(match, "find_carvings", lost_at_the_second)
    with pytest.raises(LeaseLost):
        queries_match(job.payload, progress)
    assert Query.objects.filter(state="ready").count() == 2
    do(queries_match, job.payload)
    assert Query.objects.filter(state="ready").count() == 6
    assert Suggestion.objects.count() == 30


def test_an_item_can_be_found_as_soon_as_it_is_ready(gallery, batch, do, release):
    first = ask(batch, 1)
    do(queries_match, {"queries": [first.pk]})
    first.refresh_from_db()
    newest = some_item(release.model, np.frombuffer(bytes(first.vector), "<f4"), name="the very same")
    second = factories.query(factories.batch(batch.owner), seed=1, state="waiting")
    do(queries_match, {"queries": [second.pk]})
    best = second.suggestions.first()
    assert best.item_id == newest.pk
    assert best.distance == pytest.approx(0, abs=1e-5)


def test_a_replaced_vector_is_never_believed(gallery, batch, do, release):
    first = ask(batch, 1)
    do(queries_match, {"queries": [first.pk]})
    first.refresh_from_db()
    near = np.frombuffer(bytes(first.vector), "<f4")
    items = [some_item(release.model, near, name=f"near {i}") for i in range(30)]
    cache.live()  # this process knows all of them now
    for item in items[:27]:
        readings_replace(item=item, model=release.model, readings=[ItemReading(False, (-near).tobytes())])
    Item.objects.filter(pk=items[27].pk).update(state="rejected")
    second = factories.query(factories.batch(batch.owner), seed=1, state="waiting")
    do(queries_match, {"queries": [second.pk]})
    second.refresh_from_db()
    found = suggested(second)
    assert found == by_comparing_everything(second)
    assert {item for item, _ in found[:2]} == {items[28].pk, items[29].pk}
    assert len(found) == 5


class TestASmallGallery:
    def test_before_the_gallery_a_query_is_ready_without_suggestions(self, release, batch, do):
        query = ask(batch, 1)
        do(queries_match, {"queries": [query.pk]})
        query.refresh_from_db()
        assert query.state == "ready"
        assert not query.suggestions.exists()
        assert queries_search_again_when_short() == 0

    def test_when_items_come_it_is_searched_again(self, release, batch, do, notifications):
        query, answered = ask(batch, 1), ask(batch, 2)
        do(queries_match, {"queries": [query.pk, answered.pk]})
        Query.objects.filter(pk=answered.pk).update(answered=True)
        rng = np.random.default_rng(1)
        for count in (2, 2, 4):
            for vector in unit(rng, release.model.width, count):
                some_item(release.model, vector)
            assert queries_search_again_when_short() == 1
            assert queries_search_again_when_short() == 0, "it was asked already"
            run_all()
            assert query.suggestions.count() == min(5, Item.objects.count())
        assert queries_search_again_when_short() == 0, "there are five now"
        assert not answered.suggestions.exists()

    def test_fewer_than_five_items_are_suggested_all(self, release, batch, do):
        for vector in unit(np.random.default_rng(1), release.model.width, 3):
            some_item(release.model, vector)
        query = ask(batch, 1)
        do(queries_match, {"queries": [query.pk]})
        query.refresh_from_db()
        assert suggested(query) == by_comparing_everything(query)
        assert len(suggested(query)) == 3


def run_all():
    """Do every job that waits."""
    while job := Job.objects.filter(state="queued").order_by("created").first():
        assert run_job(str(job.pk))


class TestSearchAgain:
    def test_a_batch_is_searched_again_but_for_what_was_answered(self, gallery, batch, do, release):
        queries = [ask(batch, seed) for seed in range(3)]
        do(queries_match, {"queries": [query.pk for query in queries]})
        answered = queries[2]
        factories.decision(answered, get_user_model().objects.get(pk=batch.owner_id), verdict="none")
        Query.objects.filter(pk=answered.pk).update(answered=True)
        before = suggested(answered)
        for query in queries:
            query.refresh_from_db()
            some_item(release.model, np.frombuffer(bytes(query.vector), "<f4"))
        assert batch_search_again(batch=batch) == 2
        run_all()
        for query in queries[:2]:
            assert suggested(query) == by_comparing_everything(query)
            assert query.suggestions.first().distance == pytest.approx(0, abs=1e-5)
        assert suggested(answered) == before

    def test_pictures_that_are_gone_are_made_again_without_a_search(self, gallery, batch, do):
        query = ask(batch, 1)
        do(queries_match, {"queries": [query.pk]})
        page = derived("queries", query.pk, "page.webp")
        before, found = page.read_bytes(), list(query.suggestions.values_list("pk", flat=True))
        page.unlink()
        do(queries_match, {"queries": [query.pk], "pictures": True})
        assert page.read_bytes() == before
        assert list(query.suggestions.values_list("pk", flat=True)) == found


def test_a_large_picture_is_shown_smaller(gallery, batch, do):
    blob = blob_put(io.BytesIO(pictures.png(3, 1600)), name="large.png")
    query = Query.objects.create(batch=batch, name="large.png", sha256=blob.sha256)
    do(queries_match, {"queries": [query.pk]})
    query.refresh_from_db()
    assert (query.width, query.height) == (1600, 1600)
    assert Image.open(derived("queries", query.pk, "page.webp")).size == (1024, 1024)
