"""Pages of models: bring one in, measure it, promote it, go back; for curators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from common.objectives import OBJECTIVES
from webapp.batches.models import Query
from webapp.batches.pictures import picture_url as query_picture
from webapp.core.errors import Refused
from webapp.core.files.media import send_file, session_or_token
from webapp.core.http import whole_number
from webapp.core.permissions import require_curator
from webapp.datasets.models import Export, Snapshot
from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url as item_picture
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import live_release, model_path, releases_kept
from webapp.training import services
from webapp.training.evaluations.frozen import frozen_sets
from webapp.training.evaluations.slices import SLICES
from webapp.training.gates import MOST_CALIBRATION_ERROR, MOST_LOSS, gates_of
from webapp.training.models import Evaluation, Finished, Promotion, TrainingRun
from webapp.training.runs.recipes import RECIPES
from webapp.training.runs.services import runs_all
from webapp.training.selectors import evaluations_all, files_unread, models_all, releases_all

_A_PAGE = 20
_RELEASES_SHOWN = 12
_FILES_SHOWN = 5
_RUNS_SHOWN = 8
_CASES_SHOWN = 24


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The live release, every model, what was measured, and the way back."""
    require_curator(request.user)
    live = live_release()
    page = Paginator(models_all(), _A_PAGE).get_page(request.GET.get("page"))
    evaluations = list(evaluations_all()[:_A_PAGE])
    promotion = Promotion.objects.select_related("model").order_by("-pk").first()
    files = list(files_unread()[:_FILES_SHOWN])
    runs = list(runs_all()[:_RUNS_SHOWN])
    training = any(run.state in TrainingRun.OPEN for run in runs)
    kept = {release.pk for release in releases_kept()}
    shown = {
        "live": live,
        "page": page,
        "evaluations": evaluations,
        "promotion": promotion,
        "files": files,
        "releases": [(release, release.pk in kept) for release in releases_all()[:_RELEASES_SHOWN]],
        "snapshots": Snapshot.objects.filter(state=Snapshot.State.READY).order_by("-number")[:_A_PAGE],
        "splits": Export.Split.choices,
        "recipes": RECIPES.values(),
        "objectives": OBJECTIVES.values(),
        "runs": runs,
        "training": training,
        "working": training or _is_working(evaluations, promotion, files),
    }
    answer = render(request, "training/models.html", shown)
    if request.htmx and not shown["working"]:
        answer["HX-Refresh"] = "true"  # the page looks after what is being done; now all of it has changed
    return answer


@require_POST
def add_file(request: HttpRequest) -> HttpResponse:
    """Bring a model in: the weights file that ``python -m retrieval train`` wrote.

    Raises:
        Refused: no file was sent.
    """
    require_curator(request.user)
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused("no file was sent", hint="choose the weights file, then send it", code="bad_upload")
    services.model_file_add(user=request.user, stream=sent, name=sent.name)
    return redirect("training:models")


@session_or_token
@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """A model as one file: weights, recipe, calibration and training record."""
    require_curator(request.user)
    model = get_object_or_404(ModelVersion, pk=pk)
    return send_file(
        model_path(model), fixed=True, download_as=f"{model.name}-{model.sha256[:8]}.safetensors"
    )


@require_POST
def evaluate(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a model measured beside the live one."""
    require_curator(request.user)
    number = whole_number(request.POST.get("snapshot", ""))
    made = services.evaluation_request(
        user=request.user,
        candidate=get_object_or_404(ModelVersion, pk=pk),
        snapshot=get_object_or_404(Snapshot, number=number),
        split=request.POST.get("split", Export.Split.BLOCK),
    )
    return redirect("training:evaluation", made.pk)


@require_safe
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """What was measured: gates, scores, kinds of query, and the matches that would be won and lost."""
    require_curator(request.user)
    evaluation = get_object_or_404(evaluations_all(), pk=pk)
    shown = {"evaluation": evaluation, "most_loss": MOST_LOSS, "most_error": MOST_CALIBRATION_ERROR}
    if evaluation.state == Finished.READY:
        live = live_release()
        shown |= {
            "gates": gates_of(evaluation.results, frozen_sets(evaluation)),
            "slices": [
                {**one, "words": SLICES.get(one["name"], one["name"])} for one in evaluation.results["slices"]
            ],
            "scores": _scores(evaluation.results),
            "carvings": _carvings(evaluation.results),
            "corrected": _corrected(evaluation.results),
            "won": _cases(evaluation.results["won"]),
            "lost": _cases(evaluation.results["lost"]),
            "stale": live is None or live.model_id != evaluation.live_id,
        }
    return render(request, "training/evaluation.html", shown)


@require_POST
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a model answer, by what was measured or for a reason."""
    require_curator(request.user)
    evaluation = request.POST.get("evaluation", "")
    services.promotion_request(
        user=request.user,
        model=get_object_or_404(ModelVersion, pk=pk),
        evaluation=get_object_or_404(Evaluation, pk=whole_number(evaluation)) if evaluation else None,
        reason=request.POST.get("reason", ""),
    )
    return redirect("training:models")


@require_POST
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an earlier release answer again."""
    require_curator(request.user)
    release = get_object_or_404(Release.objects.select_related("model", "index"), pk=pk)
    services.release_roll_back(user=request.user, release=release, reason=request.POST.get("reason", ""))
    messages.success(request, _("%(model)s is live again.") % {"model": release.model})
    return redirect("training:models")


def _is_working(evaluations, promotion, files) -> bool:
    waiting = [one.state == Finished.WAITING for one in (*evaluations, *([promotion] if promotion else []))]
    return any(waiting) or any(file.state == file.State.WAITING for file in files)


_CARVINGS = {"carving": gettext_lazy("the same carving"), "character": gettext_lazy("any of its character")}
_SCORES = {"mrr_at_5": "MRR@5", "recall_at_1": "recall@1", "recall_at_5": "recall@5"}


def _corrected(results: dict) -> dict | None:
    """The scores corrected for the blind slice; None for an evaluation of before they were measured."""
    corrected = results.get("corrected")
    if corrected is None:
        return None
    rows = [{"name": words, **corrected[name]} for name, words in _SCORES.items() if name in corrected]
    return {**corrected, "rows": rows}


def _carvings(results: dict) -> dict | None:
    """MRR@5 of the very carving and of its character; None where no query was said to be the same carving."""
    carvings = results.get("carvings")
    if carvings is None:
        return None
    rows = [{"name": words, **carvings[name]} for name, words in _CARVINGS.items()]
    return {"queries": carvings["queries"], "rows": rows}


def _scores(results: dict) -> list[dict]:
    return [
        {
            "name": words,
            "live": results["live"][name],
            "candidate": results["candidate"][name],
            "gain": results["gain"][name],
        }
        for name, words in _SCORES.items()
    ]


def _cases(cases: list[dict]) -> list[dict]:
    """Queries won or lost, with the pictures of what each model put first and of what is right."""
    some = cases[:_CASES_SHOWN]
    queries = {query.pk: query for query in Query.objects.filter(pk__in=[one["query_id"] for one in some])}
    wanted = {pk for one in some for pk in (*one["items"], one["live_first"], one["candidate_first"])}
    items = {item.pk: item for item in Item.objects.filter(pk__in=wanted)}
    return [
        {
            **one,
            "image": query_picture(queries[one["query_id"]]) if one["query_id"] in queries else "",
            "batch": queries[one["query_id"]].batch_id if one["query_id"] in queries else None,
            "right": _print(items, one["items"][0]),
            "live_picture": _print(items, one["live_first"]),
            "candidate_picture": _print(items, one["candidate_first"]),
        }
        for one in some
    ]


def _print(items: dict[int, Item], pk: int) -> str:
    return item_picture(items[pk], "print") if pk in items else ""
