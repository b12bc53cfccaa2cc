"""All that a curator ever does to models: brings them in, has them measured, promotes them, goes back."""

from django.db import IntegrityError, transaction

from webapp.core.errors import Conflict, Refused
from webapp.core.files.blobs import blob_path, blob_put
from webapp.core.files.uploads import ByteStream
from webapp.datasets.models import Export, Snapshot
from webapp.hooks.events import event_record, links_to
from webapp.hooks.models import EventKind
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import index_path, live_release
from webapp.registry.services import model_mend, release_make_live
from webapp.search.services import queries_again_request
from webapp.training.evaluations.frozen import frozen_sets
from webapp.training.gates import gates_of
from webapp.training.models import Evaluation, Finished, ModelFile, Promotion

MODEL_READ = JobKind("model.read", queue="batch")  # {"file": pk of ModelFile}
MODEL_EVALUATE = JobKind("model.evaluate", queue="batch")  # {"evaluation": pk of Evaluation}
MODEL_PROMOTE = JobKind("model.promote", queue="batch")  # {"promotion": pk of Promotion}
_MOST_WEIGHTS_BYTES = 1 << 30
_MOST_REASON = 2000


def model_file_add(*, user, stream: ByteStream, name: str) -> ModelFile:
    """Store an uploaded weights file, and have a worker read it.

    Raises:
        TooLarge: it has more than 1 GB.
        DiskFull: there is no room for it.
    """
    blob = blob_put(stream, name=name, max_bytes=_MOST_WEIGHTS_BYTES)
    with transaction.atomic():
        made = ModelFile.objects.create(name=name[:255], sha256=blob.sha256, uploaded_by=user)
        job_enqueue(
            kind=MODEL_READ,
            payload={"file": made.pk},
            subject=f"model:{made.pk}",
            owner=made.uploaded_by_id,
        )
    return made


def model_file_accept(*, file: ModelFile, model: ModelVersion) -> None:
    """The file is a model's."""
    ModelFile.objects.filter(pk=file.pk).update(state=ModelFile.State.READY, model=model)


def model_file_refuse(*, pk: int, code: str, error: str, hint: str) -> None:
    """The file is no model that can be used here. One that was accepted stays so."""
    ModelFile.objects.filter(pk=pk, state=ModelFile.State.WAITING).update(
        state=ModelFile.State.REJECTED, error_code=code[:40], error=error, hint=hint
    )


@transaction.atomic
def evaluation_request(
    *, user, candidate: ModelVersion, snapshot: Snapshot, split: str = Export.Split.BLOCK
) -> Evaluation:
    """Have a worker ask a candidate and the live model the same queries of a snapshot's test side.

    Raises:
        Refused: there is no such split, or the candidate is the live model.
        Conflict: the snapshot is not frozen, or nothing is live.
    """
    if split not in Export.Split.values:
        raise Refused(f"{split!r} is not a split", hint="use block or character", code="bad_split")
    if snapshot.state != Snapshot.State.READY:
        raise Conflict(f"{snapshot} is not ready", hint="choose another one", code="not_ready")
    live = live_release()
    if live is None:
        raise Conflict("there is no live release yet", hint="run manage.py setup", code="no_release")
    if live.model_id == candidate.pk:
        raise Refused(f"{candidate} is the live model itself", hint="choose another", code="already_live")
    made = Evaluation.objects.create(
        candidate=candidate, live=live.model, snapshot=snapshot, split=split, created_by=user
    )
    job_enqueue(
        kind=MODEL_EVALUATE,
        payload={"evaluation": made.pk},
        subject=f"evaluation:{made.pk}",
        owner=made.created_by_id,
    )
    return made


def evaluation_finish(*, evaluation: Evaluation, results: dict) -> None:
    """Write down what was measured."""
    Evaluation.objects.filter(pk=evaluation.pk).update(
        state=Finished.READY, results=results, **Evaluation.NO_ERROR
    )


def evaluation_fail(*, pk: int, code: str, error: str, hint: str) -> None:
    """It could not be measured."""
    waiting = Evaluation.objects.filter(pk=pk, state=Finished.WAITING)
    waiting.update(state=Finished.FAILED, error_code=code[:40], error=error, hint=hint)


def promotion_request(
    *, user, model: ModelVersion, evaluation: Evaluation | None = None, reason: str = ""
) -> Promotion:
    """Have a worker embed the gallery by a model, build its index aside, and let both answer.

    evaluation: of this model against the live one. reason: needed where a gate is closed.

    Raises:
        Refused: a gate is closed, or nothing was measured, and no reason is given; or the evaluation is of
            other models.
        Conflict: another promotion is under way, or the model is live already.
    """
    live = live_release()
    if live and live.model_id == model.pk:
        raise Conflict(f"{model} is already live", hint="", code="already_live", retryable=False)
    if len(reason) > _MOST_REASON or "\0" in reason:
        raise Refused(f"a reason has {_MOST_REASON} characters at most", code="bad_reason")
    _check_gates(model, live, evaluation, reason.strip())
    try:
        return _promotion_request(user, model, evaluation, reason.strip())
    except IntegrityError:
        raise Conflict(
            "another model is being promoted",
            hint="wait until that is done, then look at what is live",
            code="promotion_under_way",
        ) from None


@transaction.atomic
def _promotion_request(user, model: ModelVersion, evaluation: Evaluation | None, reason: str) -> Promotion:
    made = Promotion.objects.create(model=model, evaluation=evaluation, reason=reason, created_by=user)
    job_enqueue(
        kind=MODEL_PROMOTE,
        payload={"promotion": made.pk},
        subject=f"promotion:{made.pk}",
        owner=made.created_by_id,
    )
    return made


def _check_gates(
    model: ModelVersion, live: Release | None, evaluation: Evaluation | None, reason: str
) -> None:
    if evaluation is not None:
        if evaluation.state != Finished.READY or evaluation.candidate_id != model.pk:
            raise Refused("that evaluation is of another model", code="bad_evaluation")
        if live is None or evaluation.live_id != live.model_id:
            raise Refused(
                "another model has gone live since this evaluation",
                hint="evaluate the candidate against the model that is live now",
                code="stale_evaluation",
            )
    if reason:
        return
    closed = ["measured"]
    if evaluation and evaluation.results:
        gates = gates_of(evaluation.results, frozen_sets(evaluation))
        closed = [gate.name for gate in gates if not gate.open]
    if closed:
        raise Refused(
            f"{model} does not pass: {', '.join(closed)}",
            hint="give a reason for promoting it anyway, or train a better one",
            code="gate_closed",
        )


@transaction.atomic
def promotion_finish(*, promotion: Promotion, release: Release) -> None:
    """The model answers. What it had not answered is asked again, in the background.

    Hooks are notified of it. Harmless when done twice.
    """
    unfinished = Promotion.objects.filter(pk=promotion.pk).exclude(state=Finished.READY)
    finished = unfinished.update(state=Finished.READY, release=release, **Promotion.NO_ERROR)
    queries_again_request()
    if finished:
        _record(EventKind.MODEL_PROMOTED, promotion, release)


def release_announce(release: Release) -> None:
    """Another model answers though nobody promoted it: the weights of a new version of Mocban."""
    _record(EventKind.MODEL_PROMOTED, None, release)


def _record(kind: str, promotion: Promotion | None, release: Release) -> None:
    links = links_to("models/", f"promotions/{promotion.pk}/" if promotion else "releases/live/")
    data = {"promotion": promotion and promotion.pk, "model": release.model_id, "release": release.pk}
    event_record(kind=kind, data={**data, **links, "sha256": release.model.sha256})


def promotion_fail(*, pk: int, code: str, error: str, hint: str) -> None:
    """The model does not answer; what was live is live still."""
    waiting = Promotion.objects.filter(pk=pk, state=Finished.WAITING)
    waiting.update(state=Finished.FAILED, error_code=code[:40], error=error, hint=hint)


@transaction.atomic
def release_roll_back(*, user, release: Release, reason: str = "") -> Release:
    """Let an earlier release answer again, at once. Its index is used where it still lies there.

    Items that came since are embedded by its model in the background; until then they are not found.

    Raises:
        Refused: its weights are gone, or damaged, and nobody uploaded them.
        Conflict: it is live, or a model is being promoted.
    """
    live = live_release()
    if live and live.pk == release.pk:
        raise Conflict(f"{release} is already live", hint="", code="already_live", retryable=False)
    if Promotion.objects.filter(state=Finished.WAITING).exists():
        raise Conflict(
            "a model is being promoted", hint="wait until that is done", code="promotion_under_way"
        )
    if not model_mend(model=release.model, copies=[blob_path(release.model.sha256)]):
        raise Refused(
            f"the weights of {release} are gone or damaged",
            hint="import their file again",
            code="model_missing",
        )
    index = release.index if release.index and index_path(release.index).is_dir() else None
    made = release_make_live(model=release.model, index=index, created_by=user)
    written = Promotion.objects.create(
        model=release.model, reason=reason[:_MOST_REASON], state=Finished.READY, release=made, created_by=user
    )
    queries_again_request()
    _record(EventKind.MODEL_ROLLED_BACK, written, made)
    return made
