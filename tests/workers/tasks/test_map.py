"""Drawings: near things lie near each other, always in the same places, whatever becomes of the worker."""

import json
import sys

import numpy as np
import pytest

from tests import factories
from webapp.gallery.models import ItemVector
from webapp.jobs.models import Job
from webapp.jobs.services import LeaseLost, job_claim
from webapp.overview.maps.drawings import drawing_path, drawing_read, file_read, is_stale, path_of
from webapp.overview.maps.services import drawing_request, map_request
from webapp.overview.models import Drawing
from workers.plane import PlaneFailed, plane
from workers.runtime import runner
from workers.runtime.runner import run_job
from workers.tasks import map as task
from workers.tasks.map import (
    fair_share,
    find_alike,
    lay_out,
    main_directions,
    neighbours,
    read_batches,
)

WIDTH = 4
# The map's own process, doing its work twice: to load what it needs takes far longer than to draw.
TWICE = """
import workers.plane as plane
once = plane.laid_out
def laid_out(*given):
    places = once(*given)
    assert (once(*given) == places).all()
    return places
plane.laid_out = laid_out
plane.main()
"""


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
    def test_what_is_alike_lies_together_and_always_in_the_same_place(self, monkeypatch):
        monkeypatch.setattr("workers.plane._PROGRAM", ("-c", TWICE))
        vectors, of = clusters(20)
        places = lay_out(vectors, quiet)
        assert places.shape == (60, 2)
        middles = np.stack([places[of == one].mean(axis=0) for one in range(3)])
        to_each = np.linalg.norm(places[:, None] - middles[None], axis=2)
        assert (to_each.argmin(axis=1) == of).all()
        assert "umap" not in sys.modules  # it was loaded in a process that is over

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


class TestPlane:
    GIVEN = {"apart": 0.3, "seed": 7}

    def given(self):
        vectors, _ = clusters(12)
        return vectors, *neighbours(vectors, 5, quiet)

    def test_whoever_waits_may_end_it(self, monkeypatch):
        monkeypatch.setattr("workers.plane._EVERY", 0.05)

        def lost():
            raise LeaseLost("gone")

        with pytest.raises(LeaseLost):
            plane(*self.given(), **self.GIVEN, waiting=lost)

    def test_what_breaks_says_why(self, monkeypatch):
        monkeypatch.setattr("workers.plane._PROGRAM", ("-c", "raise ValueError('odd numbers')"))
        with pytest.raises(PlaneFailed, match="odd numbers"):
            plane(*self.given(), **self.GIVEN, waiting=lambda: None)

    def test_one_that_was_killed_is_tried_again(self, monkeypatch):
        monkeypatch.setattr("workers.plane._run", lambda *given: -9)
        with pytest.raises(MemoryError):  # which the runner tries again
            plane(*self.given(), **self.GIVEN, waiting=lambda: None)


class TestFairShare:
    def test_few_are_all_there(self):
        assert fair_share([(1, 1), (5, 2)], 2) == [1, 5]

    def test_every_batch_has_its_part_and_the_same_ones_each_time(self):
        there = [(pk, 1 if pk <= 9_000 else 2 if pk <= 9_990 else 3) for pk in range(1, 10_001)]
        picked = fair_share(there, 1_000)
        assert picked == sorted(set(picked)) == fair_share(there, 1_000)
        of = dict(there)
        counts = [sum(of[pk] == batch for pk in picked) for batch in (1, 2, 3)]
        assert 990 <= sum(counts) <= 1_000
        assert counts[2] == 10  # the small one whole
        assert counts[0] > 3 * counts[1] > 300
        assert np.mean([pk for pk in picked if pk <= 9_000]) == pytest.approx(4_500, rel=0.1)


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

    def test_several_batches_are_drawn_together_and_beyond_a_size_by_lot(self, batch, owner, monkeypatch):
        monkeypatch.setattr(task, "MOST_QUERIES", 6)
        other, outside = factories.batch(owner), factories.batch(owner)
        rows = [query(some, vector) for some in (batch, other) for vector in np.eye(WIDTH)]
        query(outside, [1, 0, 0, 0])
        drawing = map_request(batches=[other.pk, batch.pk])
        assert map_request(batches=[batch.pk, other.pk]) == drawing  # asked for once
        run_job(str(Job.objects.get().pk))
        drawing.refresh_from_db()
        assert (drawing.state, drawing.queries, drawing.total) == ("ready", 6, 8)
        drawn = set(file_read(path_of(drawing))["queries"]["ids"])
        assert drawn < {row.pk for row in rows}
        assert [len(drawn & {row.pk for row in rows if row.batch == some}) for some in (batch, other)] == [
            3,
            3,
        ]
        assert not is_stale(drawing)
        query(other, [0, 1, 1, 0])
        assert is_stale(drawing)

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
        found = read_batches([batch.pk], factories.release().model, with_items=False)
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
