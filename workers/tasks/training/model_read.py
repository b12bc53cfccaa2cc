"""Imports of models: an uploaded weights file is read, and becomes a candidate."""

from retrieval.embed import Embedder
from retrieval.embed.self_test import self_test
from retrieval.errors import BadModel
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_path
from webapp.registry.services import model_register
from webapp.training.models import ModelFile
from webapp.training.services import MODEL_READ, model_file_accept, model_file_refuse
from workers.live.shipped import facts_of
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress


def model_read(payload: dict, progress: JobProgress) -> None:
    """Read the weights file ``payload["file"]``, try it, and register its model; refuse what is none."""
    file = ModelFile.objects.filter(pk=payload["file"], state=ModelFile.State.WAITING).first()
    if file is None:
        return
    path = blob_path(file.sha256)
    try:
        embedder = Embedder.load(path, "cpu", name=file.name)
        self_test(embedder)
        facts = facts_of(embedder, file.sha256)
        with progress.writing():
            model_file_accept(file=file, model=model_register(path=path, facts=facts))
    except (BadModel, Refused) as error:
        with progress.writing():
            model_file_refuse(pk=file.pk, code=str(error.code), error=str(error), hint=error.hint)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    model_file_refuse(pk=payload["file"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=MODEL_READ, run=model_read, on_give_up=_on_give_up)
