"""All that is ever written by asking for a drawing."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from webapp.batches.models import Batch
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.overview.maps.drawings import set_key
from webapp.overview.models import Drawing

DRAWING_MAKE = JobKind("drawing.make", queue="batch")  # {"drawing": pk of Drawing}
_MOST_MAPS = 50


@transaction.atomic
def drawing_request(*, batch: Batch, kind: str) -> Drawing:
    """Ask for a drawing, unless it is being made already."""
    Batch.objects.select_for_update().filter(pk=batch.pk).first()  # one at a time for a batch
    drawing, _ = Drawing.objects.get_or_create(
        batch=batch, kind=kind, defaults={"state": Drawing.State.READY}
    )
    return _requested(drawing)


@transaction.atomic
def map_request(*, batches: Iterable[int]) -> Drawing:
    """Ask for a map of several batches together, unless it is being made already.

    Of such maps the newest fifty are kept: any of them can be made again.
    """
    pks = sorted(set(batches))
    values = {"state": Drawing.State.READY, "batches": pks, "kind": Drawing.Kind.MAP}
    drawing, _ = Drawing.objects.get_or_create(key=set_key(pks), defaults=values)
    drawing = _requested(Drawing.objects.select_for_update().get(pk=drawing.pk))
    older = Drawing.objects.filter(batch=None).exclude(state=Drawing.State.WAITING).order_by("-asked")
    Drawing.objects.filter(pk__in=list(older.values_list("pk", flat=True)[_MOST_MAPS:])).delete()
    return drawing


def _requested(drawing: Drawing) -> Drawing:
    if drawing.state == Drawing.State.WAITING:
        return drawing
    drawing.state, drawing.asked = Drawing.State.WAITING, timezone.now()
    drawing.error_code = drawing.error = drawing.hint = ""
    drawing.save()
    job_enqueue(
        kind=DRAWING_MAKE,
        payload={"drawing": drawing.pk},
        subject=f"drawing:{drawing.pk}",
    )
    return drawing


def drawing_finish(
    *, drawing: Drawing, fingerprint: str, queries: int, items: int, total: int | None = None
) -> None:
    """The file lies in its place. total: pictures that there were, where they are more than ``queries``."""
    values = {"fingerprint": fingerprint, "queries": queries, "items": items, "made": timezone.now()}
    values["total"] = queries if total is None else total
    Drawing.objects.filter(pk=drawing.pk).update(state=Drawing.State.READY, **values)


def drawing_fail(*, pk: int, code: str, error: str, hint: str = "") -> None:
    """It could not be drawn; an earlier one stays."""
    Drawing.objects.filter(pk=pk, state=Drawing.State.WAITING).update(
        state=Drawing.State.FAILED, error_code=code[:40], error=error, hint=hint
    )
