"""Training runs as a worker does them: to the end, killed, paused, stopped, and with things missing."""

import json
import os

import cv2
import numpy as np
import pytest

from tests import factories, pictures
from webapp.core.errors import DiskFull, Refused
from webapp.core.files.media import derived
from webapp.datasets.snapshots.files import MANIFEST, read_labels, snapshot_folder
from webapp.datasets.snapshots.manifest import BadSnapshot
from webapp.datasets.snapshots.splits import SIDES, side_of
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import model_path
from webapp.training.housekeeping import run_files_clear
from webapp.training.models import Evaluation, TrainingRun
from webapp.training.runs.services import run_folder, run_pause, run_request, run_resume, run_stop
from webapp.training.runs.training_pairs import write_training_pairs
from webapp.training.services import MODEL_EVALUATE
from workers.runtime.training_process import TrainingProcess, TrainingSpec
from workers.tasks.training import train_run as train

pytestmark = pytest.mark.django_db
_QUICK = """
name = "quick"
images = 480
classes = 4
unlabelled = 4
validations = 2
epochs = 99
drawn_characters = false
keep_every = 0.0
"""
_LABELS = 24


@pytest.fixture
def labelled(release, curator, owner):
    """Two dozen pictures, each matched with a block of its own, and frozen."""
    batch = factories.batch(owner)
    for seed in range(_LABELS):
        item = factories.item(seed=seed, character=chr(0x4E00 + seed))
        path = derived("items", item.pk, "height.png")
        path.parent.mkdir(parents=True)
        height = (pictures.glyph(seed, 64) * 60000).astype(np.uint16)
        cv2.imwrite(str(path), height[:, ::-1])
        query = factories.query(batch, seed=seed)
        factories.decision(query, owner, verdict="match", item=item)
    return factories.snapshot(curator)


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """A recipe of forty batches, and a look at the process every tenth of a second."""
    path = tmp_path / "quick.toml"
    path.write_text(_QUICK)
    monkeypatch.setattr(train, "TrainingSpec", lambda recipe, *rest: TrainingSpec(str(path), *rest))
    monkeypatch.setattr(train, "_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(train, "_REPORT_SECONDS", 0.1)


@pytest.fixture
def run(labelled, curator):
    return run_request(user=curator, snapshot=labelled, recipe="corrections")


def again(run):
    run.refresh_from_db()
    return run


def test_trained_killed_paused_and_measured(do, run, quick, monkeypatch):
    """Killed once, paused once, it ends with one model, which is measured, and its files are gone."""
    seen = []

    def meddled(self, seconds, wait=TrainingProcess.wait):
        if not seen and self.points()[1:]:
            seen.append("killed")
            self.kill()
        return wait(self, seconds)

    monkeypatch.setattr(TrainingProcess, "wait", meddled)
    with pytest.raises(train.TrainingProcessLost):
        do(train.train_run, {"run": run.pk})
    assert again(run).state == "running"
    assert "going on from its last checkpoint" in run.log or seen == ["killed"]

    def paused(self, seconds, wait=TrainingProcess.wait):
        if len(seen) == 1 and len(self.points()) > 2:
            seen.append("paused")
            run_pause(run=again(run))
        return wait(self, seconds)

    monkeypatch.setattr(TrainingProcess, "wait", paused)
    do(train.train_run, {"run": run.pk})
    assert again(run).state == "paused"
    assert 0 < run.share < 1
    assert ModelVersion.objects.count() == 1
    run_resume(run=run)
    do(train.train_run, {"run": run.pk})
    assert (again(run).state, run.share, run.error) == ("done", 1.0, "")
    record = run.model.record
    assert record["snapshot"]["digest"] == run.snapshot.digest
    assert (record["batches"], record["images"], record["base"]["name"]) == (40, 480, run.base.name)
    assert record["code"] == train.code_version()
    batches = [point["batch"] for point in run.points]
    assert batches == sorted(set(batches))
    assert sum("mrr" in point for point in run.points) >= 3
    evaluation = Evaluation.objects.get()
    assert (evaluation.candidate, evaluation.live, evaluation.split) == (run.model, run.base, run.split)
    assert Job.objects.filter(kind=MODEL_EVALUATE.name).count() == 1
    assert not run_folder(run).exists()
    do(train.train_run, {"run": run.pk})
    assert ModelVersion.objects.count() == 2


def test_stopped_it_leaves_nothing(do, run, quick, monkeypatch):
    def stopped(self, seconds, wait=TrainingProcess.wait):
        if len(self.points()) > 1 and again(run).wanted == "go":
            run_stop(run=run)
        return wait(self, seconds)

    monkeypatch.setattr(TrainingProcess, "wait", stopped)
    do(train.train_run, {"run": run.pk})
    assert again(run).state == "stopped"
    assert not run_folder(run).exists()
    assert ModelVersion.objects.count() == 1
    do(train.train_run, {"run": run.pk})
    assert again(run).state == "stopped"


class Ended(TrainingProcess):
    """A training process that ends at once, and leaves what a test says."""

    files: dict[str, str] = {}
    status = 0

    def __enter__(self):
        for name, text in self.files.items():
            (self.folder / name).write_text(text)
        return self

    def __exit__(self, *details):
        pass

    def wait(self, seconds):
        return self.status

    def request_stop(self):
        pass


def ended(monkeypatch, status=0, **files):
    """Let each training process be one that ends so."""
    named = {name.replace("_", "."): text for name, text in files.items()}
    monkeypatch.setattr(train, "TrainingProcess", type("E", (Ended,), {"files": named, "status": status}))


def test_a_full_disk_waits(do, run, monkeypatch):
    ended(monkeypatch, 1, error_json=json.dumps({"code": "disk_full", "error": "full", "hint": ""}))
    with pytest.raises(DiskFull):
        do(train.train_run, {"run": run.pk})
    assert again(run).state == "running"


def test_what_the_process_says_is_told(do, run, monkeypatch):
    ended(monkeypatch, 1, error_json=json.dumps({"code": "bad_input", "error": "no pairs", "hint": "label"}))
    with pytest.raises(Refused, match="no pairs"):
        do(train.train_run, {"run": run.pk})


def test_a_crash_is_tried_again(do, run, monkeypatch):
    ended(monkeypatch, -9)
    with pytest.raises(train.TrainingProcessLost):
        do(train.train_run, {"run": run.pk})
    assert "ended with -9; going on from its last checkpoint" in (run_folder(run) / "log.txt").read_text()
    assert train.TrainingProcessLost("").retryable


def test_a_stopped_worker_gives_the_job_back(do, run, monkeypatch):
    ended(monkeypatch)
    monkeypatch.setattr(train.worker_state, "should_stop", 0)
    with pytest.raises(SystemExit):
        do(train.train_run, {"run": run.pk})
    assert again(run).state == "running"


def test_half_a_result_is_none(do, run, monkeypatch):
    ended(monkeypatch, 1, result_json='{"name": "x", "finger')
    with pytest.raises(train.TrainingProcessLost):
        do(train.train_run, {"run": run.pk})
    assert ModelVersion.objects.count() == 1


def test_a_snapshot_changed_by_hand_is_refused(do, run):
    path = snapshot_folder(run.snapshot.number) / MANIFEST
    path.write_text(path.read_text().replace("match", "watch", 1))
    with pytest.raises(BadSnapshot, match="changed or damaged"):
        do(train.train_run, {"run": run.pk})
    train.JOB.on_give_up({"run": run.pk}, code="bad_snapshot", error="changed", hint="put it back")
    assert (again(run).state, run.error) == ("failed", "changed")


@pytest.mark.parametrize("how", ["row", "file"])
def test_weights_that_are_gone_are_named(do, run, how):
    if how == "row":
        TrainingRun.objects.update(base=None)
    else:
        model_path(run.base).unlink()
    with pytest.raises(Refused, match="gone") as caught:
        do(train.train_run, {"run": run.pk})
    assert caught.value.code == "model_missing"


def test_the_test_side_is_never_seen(run, tmp_path):
    """Neither its prints nor its blocks are in the list; the other two sides' are."""
    path = tmp_path / "lessons.jsonl"
    write_training_pairs(path, run)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    labels = list(read_labels(run.snapshot.number, run.snapshot.digest))
    by_side = {side: [one for one in labels if side_of(one, run.split) == side] for side in SIDES}
    assert all(by_side.values())
    listed = {line.get("query") for line in lines} | {line.get("block") for line in lines}
    for label in by_side["test"]:
        assert label.query not in listed
        assert label.matches[0].item not in listed
        assert all(label.query not in line.get("print", "") for line in lines)
    for side in ("train", "validation"):
        values = {line["query"] for line in lines if line.get("side") == side}
        assert values == {label.query for label in by_side[side]}
    write_training_pairs(tmp_path / "again", run)
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_what_a_run_left_behind_is_cleared_away(run, data):
    """Of runs that are over or gone, after an hour; drawn characters serve the next run."""
    kept = [run_folder(run), data / "training" / "drawn.npz"]
    gone = [run_folder(TrainingRun(pk=pk)) for pk in (run.pk + 1, run.pk + 2)]
    TrainingRun.objects.create(
        pk=run.pk + 1, recipe="trial", snapshot=run.snapshot, created_by=run.created_by, state="done"
    )
    for path in (*kept, *gone):
        path.mkdir(parents=True)
        os.utime(path, (0, 0))
    run_files_clear()
    assert [path.exists() for path in (*kept, *gone)] == [True, True, False, False]
