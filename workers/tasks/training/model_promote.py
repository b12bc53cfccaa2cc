"""Promotions: a model embeds the gallery, and goes live with an index of its own."""

from webapp.training.models import Finished, Promotion
from webapp.training.services import MODEL_PROMOTE, promotion_fail, promotion_finish
from workers.live.weights import candidate_refused, check_weights
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.search.index_build import build_and_release, embed_missing


def model_promote(payload: dict, progress: JobProgress) -> None:
    """Embed the gallery by a model, build its index aside, and let both answer in one transaction.

    Killed at any point, the next try goes on with the vectors that there are; until the transaction is
    committed, what was live answers. Items that came meanwhile are embedded right after.

    Raises:
        Refused: the model's weights are gone, damaged or useless, or its index does not find what is there.
    """
    promotion = (
        Promotion.objects.select_related("model", "created_by")
        .filter(pk=payload["promotion"], state=Finished.WAITING)
        .first()
    )
    if promotion is None:
        return
    check_weights(promotion.model)
    with candidate_refused():
        embed_missing(promotion.model, progress)
        build_and_release(
            promotion.model,
            progress,
            lambda release: promotion_finish(promotion=promotion, release=release),
            created_by=promotion.created_by,
        )
    embed_missing(promotion.model, progress)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Make way for another promotion."""
    promotion_fail(pk=payload["promotion"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=MODEL_PROMOTE, run=model_promote, on_give_up=_on_give_up)
