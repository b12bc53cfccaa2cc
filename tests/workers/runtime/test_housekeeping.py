"""Nothing is forgotten, what can be made again is made again, and what nobody needs goes."""

import os
import shutil
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.workers.tasks.batches.test_match import ask, run_all
from tests.workers.tasks.gallery.test_prepare import block
from webapp.batches.housekeeping import queries_mend
from webapp.batches.models import Batch, Query
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_path, store_check
from webapp.core.files.derived import ITEM_FILES, derived_clear, is_complete
from webapp.core.files.media import derived
from webapp.gallery.housekeeping import items_mend
from webapp.gallery.models import Item, ItemVector
from webapp.jobs.models import Job
from workers.runtime.housekeeping import enqueue_due_work, sweep, tidy
from workers.tasks.batches.queries_match import queries_match
from workers.tasks.gallery.items_prepare import items_prepare

pytestmark = pytest.mark.django_db

OLD = time.time() - 100_000


def ready_item(do, seed=1) -> Item:
    item = block(seed)
    do(items_prepare, {"items": [item.pk]})
    return item


def age(path):
    os.utime(path, (OLD, OLD))


class TestForgottenWork:
    def test_items_of_an_upload_that_was_cut_short_are_prepared(self, release):
        item = block(1)
        enqueue_due_work()
        assert not Job.objects.exists(), "the upload may be about to ask itself"
        Item.objects.update(created=timezone.now() - timedelta(minutes=2))
        enqueue_due_work()
        enqueue_due_work()
        assert Job.objects.filter(kind="items.prepare").count() == 1
        run_all()
        item.refresh_from_db()
        assert item.state == "ready"

    def test_queries_of_an_upload_that_was_cut_short_are_matched(self, release, owner):
        query = ask(factories.batch(owner), 1)
        Query.objects.update(created=timezone.now() - timedelta(minutes=2))
        enqueue_due_work()
        enqueue_due_work()
        run_all()
        query.refresh_from_db()
        assert query.state == "ready"

    def test_items_whose_job_was_given_up_are_told_why(self, release):
        item = block(1)
        Job.objects.create(
            kind="items.prepare",
            queue="batch",
            payload={"items": [item.pk]},
            state="running",
            attempts=5,
            lease_expires=timezone.now() - timedelta(seconds=1),
        )
        sweep()
        item.refresh_from_db()
        assert (item.state, item.error_code) == ("rejected", "worker_lost")
        assert item.hint


class TestMissingFiles:
    def test_a_deleted_folder_of_pictures_is_made_again(self, release, do, owner, data):
        items = [ready_item(do, seed) for seed in (1, 2)]
        query = ask(factories.batch(owner), 3)
        do(queries_match, {"queries": [query.pk]})
        vectors = set(ItemVector.objects.values_list("pk", flat=True))
        shutil.rmtree(data / "derived")
        assert (items_mend(), queries_mend()) == (2, 1)
        assert (items_mend(), queries_mend()) == (0, 0), "they were asked for already"
        run_all()
        assert all(is_complete("items", item.pk, ITEM_FILES) for item in items)
        assert is_complete("queries", query.pk, ("page.webp", "input.png"))
        assert set(ItemVector.objects.values_list("pk", flat=True)) == vectors
        assert (items_mend(), queries_mend()) == (0, 0)

    @pytest.mark.parametrize("name", ITEM_FILES)
    def test_one_missing_or_empty_file_is_enough(self, release, do, name):
        item = ready_item(do)
        derived("items", item.pk, name).write_bytes(b"")
        assert items_mend() == 1

    def test_an_item_without_a_vector_gets_one(self, release, do):
        item = ready_item(do)
        ItemVector.objects.all().delete()
        assert items_mend() == 1
        run_all()
        assert item.vectors.exists()

    def test_nothing_is_asked_of_items_that_are_refused(self, release, do):
        item = ready_item(do)
        Item.objects.filter(pk=item.pk).update(state="rejected")
        ItemVector.objects.all().delete()
        assert items_mend() == 0


class TestClearingAway:
    def test_files_of_what_is_gone_go_and_the_others_stay(self, release, do, data):
        kept, gone = ready_item(do, 1), ready_item(do, 2)
        folders = {item.pk: derived("items", item.pk, "x").parent for item in (kept, gone)}
        pk = gone.pk
        gone.delete()
        derived_clear("items", Item)
        assert folders[pk].exists(), "somebody may be reading it"
        for folder in folders.values():
            age(folder)
        derived_clear("items", Item)
        assert not folders[pk].exists()
        assert is_complete("items", kept.pk, ITEM_FILES)

    def test_a_deleted_batch_s_drawings_go_and_another_s_stay(self, owner, data):
        kept, gone = factories.batch(owner), factories.batch(owner)
        paths = {batch.pk: derived("batches", batch.pk, "map.json") for batch in (kept, gone)}
        for path in paths.values():
            path.parent.mkdir(parents=True)
            path.write_text("{}")
            age(path.parent)
        pk = gone.pk
        gone.delete()
        derived_clear("batches", Batch)
        assert paths[kept.pk].exists()
        assert not paths[pk].exists()

    def test_a_stored_file_is_never_cleared_away(self, release, do, data):
        """Even when no row names it: a database that was set up anew must not cost the uploads."""
        item = ready_item(do)
        path, cut_short = blob_path(item.sha256), data / "blobs" / "aside" / "tmp123"
        cut_short.write_bytes(b"half")
        for each in (path, cut_short):
            age(each)
        Item.objects.all().delete()
        tidy()
        assert path.exists()
        assert not cut_short.exists()

    def test_jobs_done_long_ago_are_forgotten_and_failed_ones_kept(self, release):
        long_ago = timezone.now() - timedelta(days=30)
        for state in ("done", "failed"):
            Job.objects.create(kind="x", queue="batch", state=state, finished=long_ago)
        Job.objects.create(kind="x", queue="batch", state="done", finished=timezone.now())
        tidy()
        assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "failed"]

    def test_tidying_an_empty_installation_does_nothing(self, db, data):
        tidy()
        enqueue_due_work()
        sweep()
        assert not Job.objects.exists()


class TestAnotherHostsFolder:
    """A data folder that is not mounted, or another's, is no reason to touch what was ready."""

    def test_nothing_is_enqueued_refused_or_deleted(self, release, do, owner, settings, tmp_path):
        item = ready_item(do)
        query = ask(factories.batch(owner), 1)
        do(queries_match, {"queries": [query.pk]})
        Job.objects.all().delete()
        elsewhere = tmp_path / "not-mounted"
        elsewhere.mkdir()
        settings.ENV = replace(settings.ENV, data=elsewhere)
        assert items_mend() == queries_mend() == 0
        assert not Job.objects.filter(kind__in=["items.prepare", "queries.match"]).exists()
        item.refresh_from_db()
        query.refresh_from_db()
        assert (item.state, query.state) == ("ready", "ready")
        assert item.vectors.exists()

    def test_no_model_is_promoted_over_files_that_are_not_there(self, release, do, settings, tmp_path):
        ready_item(do)
        settings.ENV = replace(settings.ENV, data=tmp_path)
        with pytest.raises(StoreTrouble, match="folder of stored files is missing"):
            store_check()
