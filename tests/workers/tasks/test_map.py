"""Drawings: near things lie near each other, always in the same places, whatever becomes of the worker."""

import json

import numpy as np
import pytest

from tests import factories
from webapp.gallery.models import ItemVector
from webapp.jobs.models import Job
from webapp.jobs.services import LeaseLost, job_claim
from webapp.overview.drawings import drawing_path, drawing_read
from webapp.overview.models import Drawing
from webapp.overview.services import drawing_request
from workers import runner
from workers.runner import run_job
from workers.tasks import map as task
from workers.tasks.map import find_alike, lay_out, main_directions, neighbours, read_batch

WIDTH = 4


def quiet(done, total):
    """A report that nobody hears."""


def unit(rows):
    vectors = np.asarray(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clusters(each, *, width=16, seed=1):
    """``each`` vectors around each of three directions: (3 * each, width), and which is of which."""
    random = np.random.default_rng(seed)
    middles = unit(random.normal(size=(3, width)))
    of = np.repeat(np.arange(3), each)
    return unit(middles[of] + 0.05 * random.normal(size=(3 * each, width))), of


def query(batch, vector, **values):
    made = factories.query(batch, **values)
    made.vector = unit([vector])[0].astype("<f4").tobytes()
    made.vector_model = factories.release().model
    made.save()
    return made


@pytest.fixture
def batch(owner):
    return factories.batch(owner)


class TestLayOut:
    def test_what_is_alike_lies_together_and_always_in_the_same_place(self):
        vectors, of = clusters(20)
        places = lay_out(vectors, quiet)
        assert places.shape == (60, 2)
        middles = np.stack([places[of == one].mean(axis=0) for one in range(3)])
        to_each = np.linalg.norm(places[:, None] - middles[None], axis=2)
        assert (to_each.argmin(axis=1) == of).all()
        assert (lay_out(vectors, quiet) == places).all()

    @pytest.mark.parametrize("count", [0, 1, 2, 5])
    def test_few_points_are_laid_along_their_main_directions(self, count):
        vectors = unit(np.random.default_rng(2).normal(size=(count, 8))) if count else np.zeros((0, 8), "f4")
        places = lay_out(vectors, quiet)
        assert places.shape == (count, 2)
        assert np.isfinite(places).all()

    def test_main_directions_keep_the_distances_of_what_lies_flat(self):
        flat = np.zeros((6, 5), np.float32)
        flat[:, :2] = np.random.default_rng(3).normal(size=(6, 2))
        places = main_directions(flat)
        before = np.linalg.norm(flat[:, None] - flat[None], axis=2)
        after = np.linalg.norm(places[:, None] - places[None], axis=2)
        assert after == pytest.approx(before, abs=1e-4)


def test_neighbours_are_those_of_the_slow_way(monkeypatch):
    monkeypatch.setattr(task, "_AT_ONCE", 7)
    vectors, _ = clusters(8)
    told = []
    ids, distances = neighbours(vectors, 4, lambda done, total: told.append((done, total)))
    slow = 1 - vectors @ vectors.T
    assert (ids[:, 0] == np.arange(24)).all()
    assert np.sort(slow, axis=1)[:, :4] == pytest.approx(distances, abs=1e-5)
    assert told[0] == (7, 48)
    assert told[-1] == (24, 48)


def test_alike_are_all_pairs_that_are_near_enough():
    vectors, _ = clusters(6)
    found = find_alike(task.Vectors(list(range(100, 118)), [], vectors), quiet)["pairs"]
    slow = 1 - vectors @ vectors.T
    wanted = {(100 + a, 100 + b) for a in range(18) for b in range(a + 1, 18) if slow[a, b] <= 0.25}
    assert {(one, other) for one, other, _ in found} == wanted
    assert all(slow[one - 100, other - 100] == pytest.approx(far, abs=1e-3) for one, other, far in found)


@pytest.mark.django_db
class TestJob:
    def test_a_map_is_drawn_of_queries_and_suggested_items(self, batch):
        rows = [query(batch, vector) for vector in np.eye(WIDTH)]
        item = factories.item()
        model = factories.release().model
        ItemVector.objects.create(item=item, model=model, mirrored=True, vector=rows[0].vector)
        factories.suggestions(rows[0], [item])
        factories.item()  # suggested for nothing here
        factories.query(batch)  # without a vector
        drawing = drawing_request(batch=batch, kind="map")
        run_job(str(Job.objects.get().pk))
        drawing.refresh_from_db()
        assert (drawing.state, drawing.queries, drawing.items) == ("ready", 4, 1)
        assert drawing.fingerprint == model.fingerprint
        told = drawing_read(batch, "map")
        assert told["queries"]["ids"] == [row.pk for row in rows]
        assert told["items"]["ids"] == [item.pk]
        places = np.array(told["queries"]["places"] + told["items"]["places"])
        assert (places.min(), places.max()) == (0, 10_000)
        assert (places[0] == places[-1]).all()  # the item's vector is the query's

    def test_pictures_are_compared(self, batch):
        one, other = query(batch, [1, 0, 0, 0]), query(batch, [1, 0.1, 0, 0])
        query(batch, [0, 0, 1, 0])
        drawing_request(batch=batch, kind="likeness")
        run_job(str(Job.objects.get().pk))
        [[first, second, far]] = drawing_read(batch, "likeness")["pairs"]
        assert (first, second) == (one.pk, other.pk)
        assert far == pytest.approx(0.005, abs=1e-3)

    @pytest.mark.parametrize("kind", ["map", "likeness"])
    def test_an_empty_batch_gives_an_empty_drawing(self, batch, kind):
        factories.release()
        drawing_request(batch=batch, kind=kind)
        run_job(str(Job.objects.get().pk))
        assert Drawing.objects.get().state == "ready"
        assert drawing_read(batch, kind) is not None

    def test_vectors_of_another_model_are_not_mixed_in(self, batch):
        kept, other = query(batch, [1, 0, 0, 0]), query(batch, [0, 1, 0, 0])
        other.vector_model = None
        other.save()
        found = read_batch(batch.pk, factories.release().model, with_items=False)
        assert found.queries == [kept.pk]
        assert found.vectors.shape == (1, WIDTH)

    def test_done_twice_it_is_left_as_it_is(self, batch):
        query(batch, [1, 0, 0, 0])
        drawing = drawing_request(batch=batch, kind="map")
        run_job(str(Job.objects.get().pk))
        made = drawing_path(batch.pk, "map").stat().st_mtime_ns
        task.drawing_make({"drawing": drawing.pk}, None)
        assert drawing_path(batch.pk, "map").stat().st_mtime_ns == made

    def test_who_lost_the_lease_leaves_no_file(self, batch):
        query(batch, [1, 0, 0, 0])
        drawing = drawing_request(batch=batch, kind="map")
        job = Job.objects.get()
        progress = runner.Progress(job_claim(job.pk))
        progress.lost()
        with pytest.raises(LeaseLost):
            task.drawing_make({"drawing": drawing.pk}, progress)
        assert not drawing_path(batch.pk, "map").exists()
        assert not list(drawing_path(batch.pk, "map").parent.glob("*"))

    def test_what_cannot_be_drawn_says_why(self, batch, monkeypatch):
        query(batch, [1, 0, 0, 0])
        drawing = drawing_request(batch=batch, kind="map")

        def broken(found, report):
            raise ValueError("odd numbers")

        monkeypatch.setattr(task, "draw_map", broken)
        run_job(str(Job.objects.get().pk))
        drawing.refresh_from_db()
        assert drawing.state == "failed"
        assert "odd numbers" in drawing.error

    def test_the_file_is_plain_json(self, batch):
        query(batch, [1, 0, 0, 0])
        drawing_request(batch=batch, kind="map")
        run_job(str(Job.objects.get().pk))
        assert set(json.loads(drawing_path(batch.pk, "map").read_bytes())) == {
            "fingerprint",
            "queries",
            "items",
        }
