"""Deleted batches: out of sight at once, restored as they were, gone after thirty days with their files."""

import io
import os
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests import archives, factories, people, pictures
from webapp.batches.models import Batch, BatchArchive, FreedBlob, Query
from webapp.batches.selectors import batches_for
from webapp.batches.services import batch_add_file, batch_close, batch_create
from webapp.batches.trash import KEPT, batch_delete, batch_purge, batches_purge_due, blobs_free
from webapp.core.errors import Conflict
from webapp.core.files.blobs import blob_path, blob_put
from webapp.datasets.snapshots.entries import count as labels_to_freeze
from webapp.datasets.snapshots.selectors import snapshot_digests
from webapp.jobs.leases import job_claim
from webapp.jobs.models import Job
from webapp.overview.trash.services import batch_take_out
from webapp.review.consensus.labels import query_label
from webapp.review.models import Decision
from webapp.search.exemplars import exemplars_leave_trash_out
from webapp.search.models import Exemplar
from workers.runtime.runner import run_lease

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(owner):
    return factories.batch(owner, shared=True)


@pytest.fixture
def query(batch, teammate):
    """A picture that a teammate matched."""
    query, item = factories.query(batch), factories.item(character="漢")
    factories.suggestions(query, [item])
    factories.answer(query=query, annotator=teammate, verdict="match", item=item)
    return query


def delete(batch, curator):
    batch_delete(batch=batch, by=curator, with_answers=True)
    return Batch.everything.get(pk=batch.pk)


def picture(batch, digest):
    """A query of a stored file."""
    Query.objects.filter(pk=factories.query(batch).pk).update(sha256=digest)


def aged(digest):
    """As a stored file is that was uploaded a day ago."""
    os.utime(blob_path(digest), (time.time() - 86_400,) * 2)


class TestInTheTrash:
    def test_nobody_sees_it_and_nothing_of_it_counts(self, batch, query, owner, curator, browse):
        delete(batch, curator)
        assert [list(batches_for(who)) for who in (owner, curator)] == [[], []]
        for address in (f"/batches/{batch.pk}/", f"/batches/{batch.pk}/review/"):
            assert browse(curator).get(address).status_code == 404
        assert labels_to_freeze() == 0
        exemplars_leave_trash_out()
        assert set(Exemplar.objects.values_list("trust", "number")) == {(0.0, None)}
        assert Decision.objects.count() == 1

    def test_an_answer_to_it_is_refused(self, batch, query, owner, curator):
        delete(batch, curator)
        with pytest.raises(Conflict, match="deleted"):
            factories.answer(query=query, annotator=owner, verdict="none")

    def test_what_still_came_in_is_in_the_trash_too(self, owner, curator):
        batch = batch_create(owner=owner)
        delete(batch, curator)
        batch_add_file(batch=batch, name="a.png", stream=io.BytesIO(pictures.png(1, 16)))
        assert (Query.objects.count(), Query.everything.count()) == (0, 1)


class TestRestored:
    def test_it_is_as_it_was(self, batch, query, teammate, curator):
        deleted = delete(batch, curator)
        assert (deleted.deleted_by, deleted.deleted is not None) == (curator, True)
        exemplars_leave_trash_out()
        batch_take_out(batch=deleted, curator=curator)
        assert list(batches_for(teammate)) == [batch]
        assert query_label(Query.objects.get()).annotator == teammate
        assert Exemplar.objects.get().trust == pytest.approx(0.7)
        with pytest.raises(Conflict, match="not in the trash"):
            batch_take_out(batch=deleted, curator=curator)

    def test_what_waited_goes_on(self, owner, curator):
        batch = batch_create(owner=owner)
        batch_add_file(batch=batch, name="a.png", stream=io.BytesIO(pictures.png(1, 16)))
        batch_close(batch=batch)
        deleted = delete(batch, curator)
        Job.objects.all().delete()  # it found nothing to do
        batch_take_out(batch=deleted, curator=curator)
        assert Job.objects.get().payload == {"queries": [Query.objects.get().pk]}

    def test_a_stored_file_that_is_gone_is_trouble_in_words(self, owner, curator, browse):
        """Its jobs wait until the file is there again; the batch's page says why."""
        batch = batch_create(owner=owner)
        zipped = archives.zipped([("a.png", pictures.png(1, 16)), ("b.png", pictures.png(2, 16))])
        for name, content in (("a.zip", zipped), ("c.png", pictures.png(3, 16))):
            batch_add_file(batch=batch, name=name, stream=io.BytesIO(content))
        batch_close(batch=batch)
        delete(batch, curator)
        for digest in (BatchArchive.objects.get().sha256, Query.everything.get().sha256):
            blob_path(digest).unlink()
        answer = browse(curator).post(f"/trash/{batch.pk}/restore/", follow=True)
        assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, f"/batches/{batch.pk}/")
        run_lease(job_claim(Job.objects.filter(kind="batch.unpack").latest("created").pk))
        page = browse(curator).get(f"/batches/{batch.pk}/").content.decode()
        assert 'data-testid="held-up"' in page
        assert "the stored file of a.zip is missing" in page
        assert BatchArchive.objects.get().state == "waiting"
        assert browse(curator).get(f"/batches/{batch.pk}/review/").status_code == 200

    @pytest.mark.parametrize("who", ["owner", "teammate", "reviewer"])
    def test_by_curators_alone(self, batch, curator, browse, api, who):
        person, deleted = getattr(people, who)(), delete(batch, curator)
        for action in (batch_take_out, batch_purge):
            with pytest.raises(PermissionDenied):
                action(batch=deleted, curator=person)
        assert browse(person).get("/trash/").status_code == 403
        for address in (f"/trash/{batch.pk}/restore/", f"/trash/{batch.pk}/purge/"):
            assert browse(person).post(address).status_code == 403
        assert api(person).get("/api/v1/trash/").status_code == 403
        assert api(person).post(f"/api/v1/trash/{batch.pk}/").status_code == 403
        assert api(person).delete(f"/api/v1/trash/{batch.pk}/").status_code == 403

    def test_by_page_and_by_program(self, batch, query, curator, browse, api):
        client, program = browse(curator), api(curator)
        delete(batch, curator)
        page = client.get("/trash/").content.decode()
        assert batch.name in page
        assert f'data-batch="{batch.pk}"' in page
        assert client.post(f"/trash/{batch.pk}/restore/").url == f"/batches/{batch.pk}/"
        assert client.post(f"/trash/{batch.pk}/restore/").status_code == 404
        program.delete(f"/api/v1/batches/{batch.pk}/?with_answers=true")
        [row] = program.get("/api/v1/trash/").json()["results"]
        assert (row["id"], row["deleted_by"]) == (batch.pk, "curator")
        assert program.post(f"/api/v1/trash/{batch.pk}/").status_code == 204
        program.delete(f"/api/v1/batches/{batch.pk}/?with_answers=true")
        assert program.delete(f"/api/v1/trash/{batch.pk}/").status_code == 204
        assert not Batch.everything.exists()


class TestGone:
    def test_after_thirty_days(self, batch, query, curator):
        deleted = delete(batch, curator)
        assert batches_purge_due() == 0
        Batch.everything.filter(pk=deleted.pk).update(deleted=timezone.now() - KEPT - timedelta(minutes=1))
        assert batches_purge_due() == 1
        assert not Batch.everything.exists()
        assert not Query.everything.exists()
        assert not Decision.objects.exists()

    def test_files_that_nothing_else_uses_go_with_it(self, batch, owner, curator):
        other = factories.batch(owner)
        mine, shared = (blob_put(io.BytesIO(pictures.png(seed, 16)), name="x").sha256 for seed in (1, 2))
        for where, digest in [(batch, mine), (batch, shared), (other, shared)]:
            picture(where, digest)
        batch_purge(batch=delete(batch, curator), curator=curator)
        assert blobs_free(kept=set) == 0  # it may be an upload of this moment
        assert set(FreedBlob.objects.values_list("digest", flat=True)) == {mine}
        aged(mine)
        assert blobs_free(kept=set) == 1
        assert (blob_path(mine).exists(), blob_path(shared).exists()) == (False, True)
        assert not FreedBlob.objects.exists()

    def test_a_picture_of_a_snapshot_stays(self, batch, query, curator):
        digest = blob_put(io.BytesIO(pictures.png(3, 16)), name="x").sha256
        Query.objects.filter(pk=query.pk).update(sha256=digest)
        factories.snapshot(curator)
        batch_purge(batch=delete(batch, curator), curator=curator)
        aged(digest)
        assert blobs_free(kept=snapshot_digests) == 0
        assert blob_path(digest).exists()

    def test_a_trashed_batch_of_another_uses_its_files_still(self, batch, owner, curator):
        digest = blob_put(io.BytesIO(pictures.png(4, 16)), name="x").sha256
        other = factories.batch(owner)
        for where in (batch, other):
            picture(where, digest)
            delete(where, curator)
        batch_purge(batch=batch, curator=curator)
        aged(digest)
        assert blobs_free(kept=set) == 0
        assert blob_path(digest).exists()
