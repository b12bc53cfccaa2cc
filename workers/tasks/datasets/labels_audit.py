"""Audits: labels weighed by what the live model sees, and by each other. Nothing is changed by it."""

from collections.abc import Callable

import numpy as np

from retrieval.errors import BadImage
from retrieval.io.images import read_image
from retrieval.label_errors.audit import ClassedGallery, LabelAudit, QueryLabel
from retrieval.label_errors.audit import DoubtfulLabel as FoundDoubt
from webapp.batches.models import Query
from webapp.core.files.blobs import blob_path
from webapp.datasets.audits.labels import AuditLabel, DoubtfulLabel, labels_to_audit
from webapp.datasets.audits.services import LABELS_AUDIT, audit_fail, audit_finish, newest_answers
from webapp.datasets.models import Audit
from webapp.gallery.models import Item
from webapp.registry.models import ModelVersion
from webapp.review.models import Decision
from workers.live.cache import all_vectors, live
from workers.live.release import LiveRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress

Report = Callable[[int, int], None]

_AT_ONCE = 500
_TOGETHER = 64
_OF_CARVING = ("", Decision.Relation.SAME_CARVING)


def labels_audit(payload: dict, progress: JobProgress) -> None:
    """Weigh the labels of ``payload["audit"]``. Harmless when done twice.

    Raises:
        NoRelease: nothing is live yet.
        BadSnapshot: the snapshot's files are not what was frozen.
    """
    audits = Audit.objects.select_related("batch", "snapshot")
    audit = audits.filter(pk=payload["audit"], state=Audit.State.WAITING).first()
    if audit is None:
        return
    loaded, began = live(), newest_answers()
    labels = list(labels_to_audit(audit))
    vectors, there = read_queries(labels, loaded, progress.report)
    kept = [one for one, is_there in zip(labels, there, strict=True) if is_there]
    doubted, wrong = weigh_labels(kept, vectors[there], loaded, progress.report)
    with progress.writing():
        audit_finish(
            audit=audit,
            model=loaded.release.model,
            rows=doubted,
            labels=len(kept),
            left_out=len(labels) - len(kept),
            wrong=wrong,
            began=began,
        )


def weigh_labels(
    labels: list[AuditLabel], vectors: np.ndarray, loaded: LiveRelease, report: Report
) -> tuple[list[DoubtfulLabel], int]:
    """The labels that are doubted, one row a label, and how many are counted as wrong.

    vectors: (N, D) float32 of unit length, the labels' pictures'.
    """
    everything = all_vectors()
    ready = dict(Item.objects.filter(state=Item.State.READY).values_list("pk", "character"))
    audit = LabelAudit(
        [QueryLabel(one.items, one.sha256, one.relation in _OF_CARVING) for one in labels],
        vectors,
        ClassedGallery.of(everything.vectors, everything.items, ready),
        confidence=loaded.embedder.confidence,
        learned=loaded.embedder.learned,
        report=report,
    )
    found, wrong = audit.doubtful()
    return [_row(one, labels) for one in found], wrong


def _row(found: FoundDoubt, labels: list[AuditLabel]) -> DoubtfulLabel:
    return DoubtfulLabel(
        labels[found.place],
        found.kind.value,
        found.doubt,
        found.item,
        found.character,
        None if found.other is None else labels[found.other].query,
    )


def read_queries(
    labels: list[AuditLabel], loaded: LiveRelease, report: Report
) -> tuple[np.ndarray, np.ndarray]:
    """(N, D) float32 vectors by the live model, and (N,) bool whether there is one.

    Those embedded by another model are embedded anew from their pictures, and not kept.
    """
    model: ModelVersion = loaded.release.model
    vectors, there = np.zeros((len(labels), model.width), np.float32), np.zeros(len(labels), bool)
    missing = []
    for start in range(0, len(labels), _AT_ONCE):
        some = {one.query: start + offset for offset, one in enumerate(labels[start : start + _AT_ONCE])}
        rows = Query.objects.filter(pk__in=some, vector_model=model).exclude(vector=None)
        for pk, vector in rows.values_list("pk", "vector"):
            if vector is not None:
                vectors[some[pk]], there[some[pk]] = np.frombuffer(bytes(vector), "<f4"), True
        missing += [place for place in some.values() if not there[place]]
    for start in range(0, len(missing), _TOGETHER):
        places, pictures = [], []
        for place in missing[start : start + _TOGETHER]:
            picture = _picture(labels[place])
            if picture is not None:
                places.append(place)
                pictures.append(picture)
        if places:
            vectors[places], there[places] = loaded.embedder.embed_prints(pictures), True
        report(min(start + _TOGETHER, len(missing)), len(missing))
    return vectors, there


def _picture(one: AuditLabel) -> np.ndarray | None:
    try:
        return read_image(blob_path(one.sha256).read_bytes(), name=one.sha256)
    except (FileNotFoundError, BadImage):
        return None


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    audit_fail(pk=payload["audit"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=LABELS_AUDIT, run=labels_audit, on_give_up=_on_give_up)
