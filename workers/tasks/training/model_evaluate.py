"""A candidate and the live model, asked the same labelled queries about the same gallery."""

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.errors import BadImage
from retrieval.evaluate.answers import LabelledQuery, ModelAnswers, answer_queries
from retrieval.evaluate.comparison import compare
from retrieval.io.images import read_image
from retrieval.rank import ArrayGallery, Reading
from retrieval.register import ItemForm
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_path
from webapp.gallery.models import Item, ItemVector
from webapp.registry.models import ModelVersion
from webapp.training.evaluations.queries import SnapshotQuery, evaluation_queries
from webapp.training.evaluations.slices import KINDS
from webapp.training.models import Evaluation, Finished
from webapp.training.services import MODEL_EVALUATE, evaluation_fail, evaluation_finish
from workers.live.forms import further_turn, stored_forms
from workers.live.vectors import read_vectors
from workers.live.weights import candidate_refused, check_weights, load_embedder
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.search.index_build import embed_missing


def model_evaluate(payload: dict, progress: JobProgress) -> None:
    """Measure ``payload["evaluation"]``.

    Raises:
        Refused: the snapshot's test side has no query whose match is in the gallery.
        BadSnapshot: the snapshot's files are not what was frozen.
    """
    evaluation = (
        Evaluation.objects.select_related("candidate", "live", "snapshot")
        .filter(pk=payload["evaluation"], state=Finished.WAITING)
        .first()
    )
    if evaluation is None:
        return
    check_weights(evaluation.candidate)
    with candidate_refused():
        for model in (evaluation.live, evaluation.candidate):
            embed_missing(model, progress)
    queries, pictures = _readable(evaluation_queries(evaluation.snapshot, evaluation.split))
    if not queries:
        raise Refused(
            f"the test set of {evaluation.snapshot} has no query whose match is in the gallery",
            hint="label more queries, create another snapshot and evaluate on that",
            code="nothing_to_ask",
        )
    with candidate_refused():
        live, candidate = (
            _answers(model, queries, pictures, progress) for model in (evaluation.live, evaluation.candidate)
        )
    results = compare(queries, live, candidate)
    with progress.writing():
        evaluation_finish(evaluation=evaluation, results=results)


def _readable(queries: list[SnapshotQuery]) -> tuple[list[LabelledQuery], list[np.ndarray]]:
    """Those whose pictures are there and can be read, and the pictures, (H, W) uint8."""
    kept, pictures = [], []
    for one in queries:
        try:
            pictures.append(read_image(blob_path(one.sha256).read_bytes(), name=one.name))
        except (FileNotFoundError, BadImage):
            continue
        kind = " ".join(sorted(KINDS.intersection(one.slices)))
        blind = "blind" in one.slices
        kept.append(
            LabelledQuery(
                one.query_id, one.name, one.items, one.slices, kind, blind, one.carvings, one.character
            )
        )
    return kept, pictures


class _Gallery(ArrayGallery):
    """A model's vectors in memory, and the forms beside the items' other files."""

    def forms(self, readings: Sequence[Reading]) -> Mapping[int, ItemForm]:
        """See `Gallery.forms`."""
        return stored_forms(readings)


def _answers(
    model: ModelVersion, queries: list[LabelledQuery], pictures: list[np.ndarray], progress: JobProgress
) -> ModelAnswers:
    """Ask a model everything, by exact search over all its vectors of ready items."""
    ids, vectors = read_vectors(model)
    rows = ItemVector.objects.filter(model=model, item__state=Item.State.READY)
    columns = ("pk", "item", "mirrored", "item__character", "turn", "item__turn")
    readings = {
        pk: Reading(item, mirrored, character, further_turn(turn, kept))
        for pk, item, mirrored, character, turn, kept in rows.values_list(*columns)
    }
    kept = np.array([pk in readings for pk in ids.tolist()], bool)
    ids = ids[kept]
    gallery = _Gallery(vectors[kept], [readings[pk] for pk in ids.tolist()], ids)
    return answer_queries(load_embedder(model), gallery, queries, pictures, report=progress.report)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    evaluation_fail(pk=payload["evaluation"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=MODEL_EVALUATE, run=model_evaluate, on_give_up=_on_give_up)
