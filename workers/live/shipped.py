"""The first release of an installation, and the change to newer weights that came with an update."""

import hashlib
from typing import TYPE_CHECKING

from webapp.jobs.selectors import jobs_open
from webapp.jobs.services import job_enqueue
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import live_release, model_path
from webapp.registry.services import ModelFacts, model_register, release_make_live
from webapp.search.services import INDEX_BUILD

if TYPE_CHECKING:
    from retrieval.embed import Embedder


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
    registered = ModelVersion.objects.filter(sha256=sha256).first()
    if registered and model_path(registered).exists():
        return registered
    return model_register(path=path, facts=facts_of(Embedder.load(path), sha256))


def facts_of(embedder: "Embedder", sha256: str) -> ModelFacts:
    """What a loaded model says of itself. sha256: of its file."""
    return ModelFacts(
        name=embedder.name,
        fingerprint=embedder.fingerprint,
        width=embedder.width,
        recipe=embedder.recipe,
        record=embedder.record,
        sha256=sha256,
    )


def release_shipped() -> None:
    """Let the shipped model answer: at once where nothing does yet, else once it has embedded every item.

    One that was live before is left alone: somebody chose another since.
    """
    model, live = shipped_model(), live_release()
    if live is None:
        release_make_live(model=model, index=None)
    elif not Release.objects.filter(model=model).exists() and not _is_on_its_way(model):
        job_enqueue(kind=INDEX_BUILD, payload={"model": model.pk}, subject="index")


def _is_on_its_way(model: ModelVersion) -> bool:
    return jobs_open(INDEX_BUILD).filter(payload__model=model.pk).exists()
