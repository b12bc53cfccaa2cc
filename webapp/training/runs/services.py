"""All that is ever done to a training run, and where its files lie.

A page writes what is wanted; the worker that holds the job writes how it is. Only where no worker has the run
is a wish its state at once.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.objectives import OBJECTIVES, USUAL
from webapp.core.errors import AppError, Conflict, Refused
from webapp.datasets.models import Export, Snapshot
from webapp.hooks.events import event_record, links_to
from webapp.hooks.models import EventKind
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release
from webapp.training.models import Evaluation, TrainingRun
from webapp.training.runs.recipes import RECIPES
from webapp.training.services import evaluation_request

TRAIN_RUN = JobKind("train.run", queue="training")  # {"run": pk of TrainingRun}
State, Wanted = TrainingRun.State, TrainingRun.Wanted
EARLIER_SETS = 3
"""So many earlier snapshots' test sides are asked as well, the newest first."""


def runs_all() -> QuerySet[TrainingRun]:
    """Every run, the newest first."""
    return TrainingRun.objects.select_related("snapshot", "base", "model", "created_by").order_by("-pk")


def run_folder(run: TrainingRun) -> Path:
    """Where its checkpoints and its log lie, while it has any."""
    return settings.ENV.data / "training" / str(run.pk)


def run_evaluations(run: TrainingRun) -> QuerySet[Evaluation]:
    """What was measured of the model that came of a run: its own snapshot first, then earlier ones."""
    found = Evaluation.objects.select_related("candidate", "live", "snapshot")
    return found.filter(candidate=run.model).exclude(candidate=None).order_by("-snapshot__number", "-pk")


@transaction.atomic
def run_request(
    *,
    user,
    snapshot: Snapshot,
    recipe: str,
    split: str = Export.Split.BLOCK,
    objective: str = USUAL,
) -> TrainingRun:
    """Have a worker fine-tune the live model on a snapshot's training side. Runs go one after another.

    Raises:
        Refused: there is no such recipe, split or objective.
        Conflict: the snapshot is not frozen, or nothing is live.
    """
    if recipe not in RECIPES:
        raise Refused(
            f"{recipe!r} is not a recipe", hint=f"use one of {', '.join(RECIPES)}", code="bad_recipe"
        )
    if objective not in OBJECTIVES:
        raise Refused(
            f"{objective!r} is no objective", hint=f"use one of {', '.join(OBJECTIVES)}", code="bad_objective"
        )
    if split not in Export.Split.values:
        raise Refused(f"{split!r} is not a split", hint="use block or character", code="bad_split")
    if snapshot.state != Snapshot.State.READY:
        raise Conflict(f"{snapshot} is not ready", hint="choose another one", code="not_ready")
    live = live_release()
    if live is None:
        raise Conflict("there is no live release yet", hint="run manage.py setup", code="no_release")
    made = TrainingRun.objects.create(
        snapshot=snapshot,
        recipe=recipe,
        objective=objective,
        split=split,
        base=live.model,
        created_by=user,
    )
    _enqueue(made)
    return made


@transaction.atomic
def run_pause(*, run: TrainingRun) -> None:
    """Have it keep what it learned, and make way.

    Raises:
        Conflict: it is neither waiting nor running.
    """
    _wish(run, Wanted.PAUSE, {State.WAITING: State.PAUSED, State.RUNNING: State.RUNNING})


@transaction.atomic
def run_resume(*, run: TrainingRun) -> None:
    """Have it go on from where it was.

    Raises:
        Conflict: it neither pauses nor failed.
    """
    before = _wish(
        run,
        Wanted.GO,
        {State.PAUSED: State.WAITING, State.FAILED: State.WAITING, State.RUNNING: State.RUNNING},
    )
    if before != State.RUNNING:
        TrainingRun.objects.filter(pk=run.pk).update(finished=None, **TrainingRun.NO_ERROR)
        _enqueue(run)


@transaction.atomic
def run_stop(*, run: TrainingRun) -> None:
    """Have it end for good; nothing of it is kept.

    Raises:
        Conflict: it is over.
    """
    nobody_has_it: dict[str, str] = dict.fromkeys((State.WAITING, State.PAUSED, State.FAILED), State.STOPPED)
    before = _wish(run, Wanted.STOP, {**nobody_has_it, State.RUNNING: State.RUNNING})
    if before != State.RUNNING:
        TrainingRun.objects.filter(pk=run.pk).update(finished=timezone.now())
        transaction.on_commit(lambda: run_clear(run))
        _record_ended(run.pk, State.STOPPED)


def run_clear(run: TrainingRun) -> None:
    """Remove its files. Harmless when done twice."""
    shutil.rmtree(run_folder(run), ignore_errors=True)


@transaction.atomic
def run_begin(*, pk: int) -> TrainingRun | None:
    """The run that a worker is to train now, marked as running; None where that is no more wanted."""
    run = TrainingRun.objects.select_for_update().filter(pk=pk, state__in=TrainingRun.OPEN).first()
    if run is None:
        return None
    run.state, run.started = State.RUNNING, run.started or timezone.now()
    run.save(update_fields=["state", "started"])
    return run


def run_wanted(run: TrainingRun) -> str:
    """What is wanted of it now; ``stop`` where its row is gone."""
    return TrainingRun.objects.filter(pk=run.pk).values_list("wanted", flat=True).first() or Wanted.STOP


def run_report(*, run: TrainingRun, points: Sequence[dict], log: str) -> None:
    """Write down how far it is. points: of its curves, in order."""
    values = {"points": list(points), "log": log}
    if points:
        values |= {"share": points[-1]["share"], "seconds": points[-1]["seconds"]}
    TrainingRun.objects.filter(pk=run.pk, state=State.RUNNING).update(**values)


@transaction.atomic
def run_interrupted(*, run: TrainingRun) -> str:
    """Its training process stopped, as was requested: it is what was wanted of it. Returns its state now."""
    row = TrainingRun.objects.select_for_update().filter(pk=run.pk, state=State.RUNNING).first()
    if row is None:
        return State.STOPPED
    states: dict[str, str] = {Wanted.PAUSE: State.PAUSED, Wanted.STOP: State.STOPPED}
    row.state = states.get(row.wanted, State.RUNNING)
    row.finished = timezone.now() if row.state == State.STOPPED else None
    row.save(update_fields=["state", "finished"])
    if row.state == State.STOPPED:
        _record_ended(row.pk, row.state)
    return row.state


@transaction.atomic
def run_finish(*, run: TrainingRun, model: ModelVersion) -> None:
    """Its model is a candidate: have it measured beside the live one, on its own test side and earlier ones.

    What could not be enqueued is named on the run's page; the model stands all the same.
    """
    open_run = TrainingRun.objects.filter(pk=run.pk, state=State.RUNNING)
    if not open_run.update(
        state=State.DONE,
        wanted=Wanted.GO,
        share=1.0,
        model=model,
        finished=timezone.now(),
        **TrainingRun.NO_ERROR,
    ):
        return
    run.model = model
    try:
        _measure(run, model)
    except AppError as problem:
        TrainingRun.objects.filter(pk=run.pk).update(
            error_code=problem.code[:40], error=str(problem), hint=problem.hint
        )
    _record_ended(run.pk, State.DONE, model)


@transaction.atomic
def run_fail(*, pk: int, code: str, error: str, hint: str) -> None:
    """It could not go on. Its files stay: it may be resumed."""
    failed = TrainingRun.objects.filter(pk=pk, state__in=TrainingRun.OPEN).update(
        state=State.FAILED,
        wanted=Wanted.GO,
        error_code=code[:40],
        error=error,
        hint=hint,
        finished=timezone.now(),
    )
    if failed:
        _record_ended(pk, State.FAILED)


def _record_ended(pk: int, state: str, model: ModelVersion | None = None) -> None:
    """Record the event, in the caller's transaction."""
    links = links_to(f"models/runs/{pk}/", f"training-runs/{pk}/")
    data = {"run": pk, "state": str(state), "model": model and model.pk, **links}
    event_record(kind=EventKind.TRAINING_ENDED, data=data)


def _measure(run: TrainingRun, model: ModelVersion) -> None:
    earlier = Snapshot.objects.filter(state=Snapshot.State.READY, number__lt=run.snapshot.number)
    sets, digests = [run.snapshot], {run.snapshot.digest}
    for snapshot in earlier.order_by("-number"):
        if len(sets) <= EARLIER_SETS and snapshot.digest not in digests:
            sets.append(snapshot)
            digests.add(snapshot.digest)
    for snapshot in sets:
        evaluation_request(user=run.created_by, candidate=model, snapshot=snapshot, split=run.split)


def _wish(run: TrainingRun, wanted: str, becomes: dict[str, str]) -> str:
    """Write what is wanted. becomes: the state by what it is now. Returns what it was.

    Raises:
        Conflict: it is in no state in which that can be wanted.
    """
    row = TrainingRun.objects.select_for_update().get(pk=run.pk)
    if row.state not in becomes:
        raise Conflict(
            f"{run} is {row.get_state_display()}",
            hint="reload the page",
            code="run_over",
            retryable=False,
        )
    before, row.state, row.wanted = row.state, becomes[row.state], wanted
    row.save(update_fields=["state", "wanted"])
    run.refresh_from_db()
    return before


def _enqueue(run: TrainingRun) -> None:
    job_enqueue(
        kind=TRAIN_RUN,
        payload={"run": run.pk},
        subject=f"training:{run.pk}",
        owner=run.created_by_id,
    )
