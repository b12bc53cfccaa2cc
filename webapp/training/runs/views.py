"""Pages of training runs: start one, watch it, pause it, go on, stop it; for curators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.objectives import OBJECTIVES, USUAL
from webapp.core.http import whole_number
from webapp.core.permissions import require_curator
from webapp.datasets.models import Export, Snapshot
from webapp.training.evaluations.frozen import frozen_sets
from webapp.training.gates import gates_of
from webapp.training.models import Finished, TrainingRun
from webapp.training.runs.curves import curves_of
from webapp.training.runs.recipes import RECIPES
from webapp.training.runs.services import (
    run_evaluations,
    run_pause,
    run_request,
    run_resume,
    run_stop,
    runs_all,
)

_WISHES = {"pause": run_pause, "resume": run_resume, "stop": run_stop}


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Have a worker train a model."""
    require_curator(request.user)
    run = run_request(
        user=request.user,
        snapshot=get_object_or_404(Snapshot, number=whole_number(request.POST.get("snapshot", ""))),
        recipe=request.POST.get("recipe", ""),
        split=request.POST.get("split", Export.Split.BLOCK),
        objective=request.POST.get("objective", USUAL),
    )
    return redirect("training:run", run.pk)


@require_safe
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is, its curves, its log, and what came of it. It looks after itself meanwhile."""
    require_curator(request.user)
    run = get_object_or_404(runs_all(), pk=pk)
    evaluations = list(run_evaluations(run))
    measuring = any(one.state == Finished.WAITING for one in evaluations)
    shown = {
        "run": run,
        "recipe": RECIPES.get(run.recipe),
        "objective": OBJECTIVES.get(run.objective),
        "percent": round(100 * run.share),
        "minutes_left": None if run.seconds_left is None else max(1, round(run.seconds_left / 60)),
        "minutes": round(run.seconds / 60, 1),
        "curves": curves_of(run.points),
        "evaluations": evaluations,
        "gates": _gates(run, evaluations),
        "drawn_before": run.model and run.model.record.get("drawn", {}).get("mrr5 before"),
        "working": run.state in TrainingRun.OPEN or measuring,
    }
    return render(request, "training/run.html", shown)


@require_POST
def wish(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Pause it, go on with it, or stop it."""
    require_curator(request.user)
    _WISHES[what](run=get_object_or_404(runs_all(), pk=pk))
    return redirect("training:run", pk)


def _gates(run: TrainingRun, evaluations: list) -> list:
    """The gates before the run's model, by what its own snapshot showed; none while that is not there."""
    own = [one for one in evaluations if one.snapshot_id == run.snapshot_id and one.state == Finished.READY]
    return gates_of(own[0].results, frozen_sets(own[0])) if own else []
