"""Drawings: near things lie near each other, always in the same places, whatever becomes of the worker."""

import json

import numpy as np
import pytest

from tests import factories
from webapp.gallery.models import ItemVector
from webapp.jobs.leases import LeaseLost, job_claim
from webapp.jobs.models import Job
from webapp.overview.maps.drawings import drawing_path, drawing_read, file_read, is_stale, path_of
from webapp.overview.maps.services import drawing_request, map_request
from webapp.overview.models import Drawing
from workers.runtime.progress import JobProgress
from workers.runtime.runner import run_job
from workers.tasks.overview import drawing_make as task
from workers.tasks.overview.drawing_make import read_batches

WIDTH = 4


def unit(rows):
    vectors = np.asarray(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def query(batch, vector, **values):
    made = factories.query(batch, **values)
    made.vector = unit([vector])[0].astype("<f4").tobytes()
    made.vector_model = factories.release().model
    made.save()
    return made


@pytest.fixture
def batch(owner):
    return factories.batch(owner)


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
        result = drawing_read(batch, "map")
        assert result["queries"]["ids"] == [row.pk for row in rows]
        assert result["items"]["ids"] == [item.pk]
        places = np.array(result["queries"]["places"] + result["items"]["places"])
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
        progress = JobProgress(job_claim(job.pk))
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
