"""Training runs: a process of their own does the work, and the worker follows it.

Nothing here loads torch: the worker of this queue stays small while nothing is trained.
"""

import hashlib
import time
from functools import lru_cache
from pathlib import Path

from celery.worker import state as worker_state

from webapp.config.env import ROOT
from webapp.core.errors import AppError, DiskFull, Refused
from webapp.core.files.disk import full_disk_refused
from webapp.registry.selectors import model_path
from webapp.registry.services import ModelFacts, model_register
from webapp.training.models import TrainingRun
from webapp.training.runs.services import (
    TRAIN_RUN,
    run_begin,
    run_clear,
    run_fail,
    run_finish,
    run_folder,
    run_interrupted,
    run_report,
    run_wanted,
)
from webapp.training.runs.training_pairs import write_training_pairs
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.runtime.training_process import TrainingProcess, TrainingSpec

_LOOK_SECONDS, _REPORT_SECONDS = 0.3, 1.0
_STEPS = 1000


class TrainingProcessLost(AppError):
    """The training process ended without a word. It goes on from its last checkpoint."""

    code = "worker_lost"
    status = 500
    retryable = True


def train_run(payload: dict, progress: JobProgress) -> None:
    """Train ``payload["run"]``, or go on training it, until it is over or somebody wants it otherwise.

    Killed at any point, the next try goes on from the last checkpoint to the same numbers.

    Raises:
        Refused: there is nothing to learn from, the weights to begin with are gone, or training cannot go on.
        BadSnapshot: the snapshot's files are not what was frozen.
        DiskFull: there was no room; it goes on once there is.
        TrainingProcessLost: the training process was killed, or crashed.
        SystemExit: the worker is being stopped; what was learned is kept.
    """
    run = run_begin(pk=payload["run"])
    if run is None:
        return
    training = TrainingProcess(run_folder(run), _spec(run))
    result = training.result()
    if result is None:
        result = _prepared_and_trained(run, training, progress)
    if result is not None:
        _register(run, training, result, progress)


def _spec(run: TrainingRun) -> TrainingSpec:
    if run.base is None or not model_path(run.base).is_file():
        raise Refused(
            f"the weights of {run.base or 'the model that it begins with'} are gone",
            hint="restore models/ from the backup, or start a new run",
            code="model_missing",
        )
    snapshot = run.snapshot
    name = f"{run.recipe} {snapshot.number}.{run.pk}"
    frozen = {"number": snapshot.number, "digest": snapshot.digest, "split": run.split}
    record = {"run": run.pk, "snapshot": frozen, "code": code_version()}
    return TrainingSpec(run.recipe, run.objective, model_path(run.base), name, record)


def _prepared_and_trained(run: TrainingRun, training: TrainingProcess, progress: JobProgress) -> dict | None:
    """The facts of the new model; None where the run was stopped before there is one."""
    with full_disk_refused("the training run"):
        training.folder.mkdir(parents=True, exist_ok=True)
        if not training.pairs.exists():
            write_training_pairs(training.pairs, run)
        with training:
            status = _followed(run, training, progress)
    result = training.result()
    if result is not None or (status == 0 and _stop(run, progress)):
        return result
    raise _reason(training, status)


def _followed(run: TrainingRun, training: TrainingProcess, progress: JobProgress) -> int:
    """Write down how far the process is until it ends, and pass on what is wanted.

    Returns its exit status.
    """
    reported, status = 0.0, None
    while status is None:
        status = training.wait(_LOOK_SECONDS)
        if worker_state.should_stop is not None or worker_state.should_terminate is not None:
            raise SystemExit(0)
        if run_wanted(run) != TrainingRun.Wanted.GO:
            training.request_stop()
        if status is not None or time.monotonic() - reported > _REPORT_SECONDS:
            points = training.points()
            progress.report(round(_STEPS * (points[-1]["share"] if points else 0.0)), _STEPS)
            run_report(run=run, points=points, log=training.log())
            reported = time.monotonic()
    return status


def _stop(run: TrainingRun, progress: JobProgress) -> bool:
    """Let the run be what was wanted of it; a stopped one keeps no files. Returns whether it is to end."""
    with progress.writing():
        state = run_interrupted(run=run)
    if state == TrainingRun.State.STOPPED:
        run_clear(run)
    return state != TrainingRun.State.RUNNING


def _reason(training: TrainingProcess, status: int) -> AppError:
    """Why it ended without a result."""
    error = training.error()
    if error and error["code"] == "disk_full":
        return DiskFull("the disk is full: the training run waits", hint="make room on the server's disk")
    if error:
        return Refused(error["error"], hint=error["hint"], code=error["code"])
    words = f"the training process ended with {status}"
    training.log_line(f"{words}; going on from its last checkpoint")
    return TrainingProcessLost(
        words, hint="look in the run's log; with too little memory, train on another machine"
    )


def _register(run: TrainingRun, training: TrainingProcess, result: dict, progress: JobProgress) -> None:
    """The model, its row and what is to be measured appear together; the run's files go once it is done."""
    if run_wanted(run) == TrainingRun.Wanted.STOP:
        _stop(run, progress)
        return
    with training.weights.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    facts = ModelFacts(
        result["name"], result["fingerprint"], result["width"], result["recipe"], result["record"], sha256
    )
    with full_disk_refused("the new model"), progress.writing():
        run_report(run=run, points=training.points(), log=training.log())
        run_finish(run=run, model=model_register(path=training.weights, facts=facts))
    run_clear(run)


@lru_cache
def code_version() -> dict[str, str]:
    """Which code trains: the digest of the library's sources, which any change of them changes."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "retrieval").rglob("*.py")) + sorted((ROOT / "retrieval").rglob("*.toml")):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + Path(path).read_bytes())
    return {"retrieval": digest.hexdigest()[:16]}


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    """What it learned so far is kept."""
    run_fail(pk=payload["run"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=TRAIN_RUN, run=train_run, on_give_up=_on_give_up)
