"""Damage to what a release is made of: it answers all the same, and a second try works."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command

from retrieval.models import Net, Shape, Weights, save_weights
from retrieval.preprocess import Recipe
from tests import factories
from tests.workers.conftest import register, weights_file
from tests.workers.tasks.batches.test_match import (
    ask,
    by_comparing_everything,
    run_all,
    some_item,
    suggested,
    unit,
)
from tests.workers.tasks.search.test_reindex import _small_is_large, gallery  # noqa: F401 - fixtures
from webapp.config.env import ROOT
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_path
from webapp.gallery.models import ItemVector
from webapp.jobs.models import Job
from webapp.registry.selectors import index_path, live_release, model_path
from webapp.registry.services import release_make_live
from webapp.search.refused_again import refused_ask_again
from webapp.training import services
from webapp.training.models import Finished
from workers.live import cache
from workers.runtime.housekeeping import mend_index, mend_weights
from workers.runtime.runner import run_job
from workers.tasks.batches.queries_match import queries_match
from workers.tasks.search.index_build import index_build

pytestmark = pytest.mark.django_db


def cut_short(path, keep=0.5):
    """Leave the first part of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])


def answered(do, owner, seed):
    """A new query, answered by what is live."""
    query = ask(factories.batch(owner), seed)
    do(queries_match, {"queries": [query.pk]})
    query.refresh_from_db()
    return query


class TestTheIndex:
    @pytest.mark.parametrize("name", ["index.bin", "manifest.json"])
    def test_cut_short_it_is_not_believed_and_built_again(self, gallery, do, owner, name):  # noqa: F811
        do(index_build, {})
        damaged = live_release()
        cut_short(index_path(damaged.index) / name)
        cache.forget()
        assert cache.live().index is None
        query = answered(do, owner, 1)
        assert suggested(query) == by_comparing_everything(query)
        assert mend_index() is True
        run_all()
        assert live_release().index_id != damaged.index_id
        assert cache.live().index is not None
        assert mend_index() is False

    def test_a_process_that_has_it_goes_on(self, gallery, do, owner):  # noqa: F811
        do(index_build, {})
        assert cache.live().index is not None
        cut_short(index_path(live_release().index) / "index.bin")
        query = answered(do, owner, 1)
        assert suggested(query) == by_comparing_everything(query)


class TestTheWeights:
    def test_a_process_that_has_them_goes_on(self, gallery, do, owner, release):  # noqa: F811
        assert answered(do, owner, 1).state == "ready"
        cut_short(model_path(release.model))
        assert answered(do, owner, 2).state == "ready"

    def test_another_process_takes_the_uploaded_file(self, gallery, do, owner, release):  # noqa: F811
        whole = model_path(release.model).read_bytes()
        uploaded = blob_path(release.model.sha256)
        uploaded.parent.mkdir(parents=True)
        uploaded.write_bytes(whole)
        cut_short(model_path(release.model))
        cache.forget()
        assert answered(do, owner, 1).state == "ready"
        assert mend_weights() is True
        assert model_path(release.model).read_bytes() == whole

    def test_without_any_copy_work_waits_and_nothing_is_lost(self, gallery, do, owner, release):  # noqa: F811
        whole = model_path(release.model).read_bytes()
        cut_short(model_path(release.model))
        cache.forget()
        assert mend_weights() is False
        query = ask(factories.batch(owner), 1)
        job = Job.objects.create(kind="queries.match", payload={"queries": [query.pk]}, queue="batch")
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.error_code, job.attempts) == ("queued", "bad_model", 0)
        model_path(release.model).write_bytes(whole)
        Job.objects.update(not_before=None)
        run_job(job.pk)
        query.refresh_from_db()
        assert query.state == "ready"

    def test_a_damaged_candidate_is_given_up_and_holds_nobody_up(
        self, release, curator, random_weights, tmp_path
    ):
        damaged, other = register(random_weights[1]), register(weights_file(tmp_path, 3))
        services.promotion_request(user=curator, model=damaged, reason="a test")
        cut_short(model_path(damaged))
        self._run()
        release.refresh_from_db()
        assert release.live
        [promotion] = damaged.promotions.all()
        assert promotion.state == Finished.FAILED
        assert "bring its file in again" in promotion.hint
        services.promotion_request(user=curator, model=other, reason="another one")
        self._run()
        assert live_release().model == other

    def test_nobody_goes_back_to_damaged_weights(self, release, curator, random_weights):
        candidate = register(random_weights[1])
        release_make_live(model=candidate, index=None)
        whole = model_path(release.model).read_bytes()
        cut_short(model_path(release.model))
        with pytest.raises(Refused, match="gone or damaged"):
            services.release_roll_back(user=curator, release=release)
        assert live_release().model == candidate
        model_path(release.model).write_bytes(whole)
        assert services.release_roll_back(user=curator, release=release).model == release.model

    def _run(self):
        for pk in Job.objects.filter(state="queued").values_list("pk", flat=True):
            run_job(pk)


class TestAModelThatIsUseless:
    """One that went live before models were tried: NaN, under a digest that fits."""

    @pytest.fixture
    def useless(self, release, tmp_path):
        path, net = tmp_path / "useless.safetensors", Net(Shape()).eval()
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.fill_(float("nan"))
        save_weights(path, Weights(net, "useless", Recipe(), {}))
        cache.forget()
        return release_make_live(model=register(path), index=None)

    def test_pictures_wait_until_another_answers(self, release, useless, owner, curator):
        query = ask(factories.batch(owner), 1)
        job = Job.objects.create(kind="queries.match", payload={"queries": [query.pk]}, queue="batch")
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.error_code, job.attempts) == ("queued", "useless_model", 0)
        services.release_roll_back(user=curator, release=release)
        Job.objects.update(not_before=None)
        run_all()
        query.refresh_from_db()
        assert query.state == "ready"

    @pytest.mark.parametrize("code", ["bad_vectors", "unexpected"])
    def test_what_was_refused_for_it_is_asked_again(self, release, useless, owner, curator, code):
        query = factories.query(factories.batch(owner), state="rejected", error_code=code, error="NaN")
        item = factories.item(state="rejected", error_code=code, error="NaN")
        services.release_roll_back(user=curator, release=release)
        run_all()
        query.refresh_from_db()
        item.refresh_from_db()
        assert (query.state, query.error_code, item.state) == ("ready", "", "ready")

    def test_housekeeping_asks_again_and_no_other_refusal(self, release, owner):
        batch = factories.batch(owner)
        query = factories.query(batch, state="rejected", error_code="bad_vectors")
        kept = factories.query(batch, state="rejected", error_code="image_damaged")
        assert refused_ask_again() == 1
        assert refused_ask_again() == 0
        run_all()
        query.refresh_from_db()
        kept.refresh_from_db()
        assert (query.state, kept.state) == ("ready", "rejected")

    def test_rebuild_says_so_and_mends_all_after_it(self, release, useless, owner, curator):
        query = factories.query(factories.batch(owner), state="rejected", error_code="bad_vectors")
        with pytest.raises(CommandError, match="cannot be used"):
            call_command("rebuild", processes=0)
        services.release_roll_back(user=curator, release=release)
        call_command("rebuild", processes=0)
        query.refresh_from_db()
        assert query.state == "ready"


def test_vectors_of_another_width_are_never_compared(release, do, owner, tmp_path):
    """The rows of two widths lie in one table: each model reads its own."""
    torch.manual_seed(3)
    path = tmp_path / "narrow.safetensors"
    save_weights(path, Weights(Net(Shape(width=24)).eval(), "narrow", Recipe(), {}))
    random, narrow = np.random.default_rng(1), register(path)
    for vector in unit(random, release.model.width, 6):
        item = some_item(release.model, vector)
        reading = unit(random, 24, 1)[0].astype("<f4").tobytes()
        ItemVector.objects.create(item=item, model=narrow, mirrored=False, vector=reading)
    for model, width in (
        (release.model, release.model.width),
        (narrow, 24),
        (release.model, release.model.width),
    ):
        release_make_live(model=model, index=None)
        assert answered(do, owner, width).suggestions.count() == 5
        assert cache.live().unindexed.vectors.shape == (6, width)


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="it has a database of its own")
def test_a_reindexer_killed_between_its_files_and_its_row(tmp_path):
    """In real processes: nothing of what was cut off is seen, and its folder is in nobody's way."""
    died = killed("begin", tmp_path)
    assert died.returncode == -9, died.stderr[-2000:]
    assert [path.name for path in (tmp_path / "indexes").iterdir() if not path.name.startswith(".")] == ["1"]
    second = killed("again", tmp_path)
    assert second.returncode == 0, second.stderr[-2000:]
    output = json.loads(second.stdout.splitlines()[-1])
    assert output["before"] == {"releases": 1, "live": 1, "rows": [], "index": False, "found": True}
    assert output["after"] | {"rows": 1} == {
        "releases": 2,
        "live": 1,
        "rows": 1,
        "index": True,
        "found": True,
    }
    assert len(output["after"]["rows"]) == 1


def killed(what, folder):
    return subprocess.run(
        [sys.executable, "-m", "tests.workers.tasks.killed", what],
        cwd=ROOT,
        env={**os.environ, "MOCBAN_DATA": str(folder), "MOCBAN_SECRET_KEY": "not a secret: for tests"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
