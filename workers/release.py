"""The first release of an installation, and the change to newer weights that came with an update."""

import hashlib

from webapp.jobs import kinds
from webapp.jobs.models import Job
from webapp.jobs.services import job_enqueue
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release, model_path
from webapp.registry.services import ModelFacts, model_register, release_make_live


def shipped_model() -> ModelVersion:
    """The row of the shipped weights, registered if they are not yet.

    Raises:
        BadModel: the shipped file is missing or damaged.
    """
    # Only here: torch takes seconds to load, and whoever watches over other processes must stay small.
    from retrieval.embed import Embedder
    from retrieval.models import shipped_weights

    path = shipped_weights()
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    known = ModelVersion.objects.filter(sha256=sha256).first()
    if known and model_path(known).exists():
        return known
    embedder = Embedder.load(path)
    facts = ModelFacts(
        name=embedder.name,
        fingerprint=embedder.fingerprint,
        width=embedder.width,
        recipe=embedder.recipe,
        sha256=sha256,
    )
    return model_register(path=path, facts=facts)


def release_shipped() -> None:
    """Let the shipped model answer: at once where nothing does yet, else once it has embedded every item."""
    model, live = shipped_model(), live_release()
    if live is None:
        release_make_live(model=model, index=None)
    elif live.model_id != model.pk and not _is_asked(model):
        job_enqueue(kind=kinds.INDEX_BUILD, payload={"model": model.pk}, queue="batch", subject="index")


def _is_asked(model: ModelVersion) -> bool:
    open_states = [Job.State.QUEUED, Job.State.RUNNING]
    return Job.objects.filter(kind=kinds.INDEX_BUILD, state__in=open_states, payload__model=model.pk).exists()
