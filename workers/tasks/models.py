"""Models: an uploaded file read, a candidate measured, a model promoted."""

from retrieval.embed import Embedder
from retrieval.errors import BadModel
from webapp.core.blobs import blob_path
from webapp.core.errors import Refused
from webapp.registry.services import model_register
from webapp.training.models import Finished, ModelFile, Promotion
from webapp.training.services import model_file_accept, model_file_refuse, promotion_finish
from workers.live.shipped import facts_of
from workers.live.weights import check_weights
from workers.runtime.runner import Progress
from workers.tasks.reindex import build_and_release, embed_missing


def model_read(payload: dict, progress: Progress) -> None:
    """Read the weights file ``payload["file"]``, and register its model; refuse what is none."""
    file = ModelFile.objects.filter(pk=payload["file"], state=ModelFile.State.WAITING).first()
    if file is None:
        return
    path = blob_path(file.sha256)
    try:
        facts = facts_of(Embedder.load(path, "cpu"), file.sha256)
        with progress.writing():
            model_file_accept(file=file, model=model_register(path=path, facts=facts))
    except (BadModel, Refused) as error:
        with progress.writing():
            model_file_refuse(pk=file.pk, code=str(error.code), error=str(error), hint=error.hint)


def model_promote(payload: dict, progress: Progress) -> None:
    """Embed the gallery by a model, build its index aside, and let both answer in one transaction.

    Killed at any point, the next try goes on with the vectors that there are; until the transaction is
    committed, what was live answers. Items that came meanwhile are embedded right after.

    Raises:
        Refused: the model's weights are gone, or damaged.
    """
    promotion = (
        Promotion.objects.select_related("model", "created_by")
        .filter(pk=payload["promotion"], state=Finished.WAITING)
        .first()
    )
    if promotion is None:
        return
    check_weights(promotion.model)
    embed_missing(promotion.model, progress)
    build_and_release(
        promotion.model,
        progress,
        lambda release: promotion_finish(promotion=promotion, release=release),
        created_by=promotion.created_by,
    )
    embed_missing(promotion.model, progress)
