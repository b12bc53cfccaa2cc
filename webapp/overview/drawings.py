"""What a worker drew of a batch: where it lies, whether it is still right, and what it says."""

import json
from pathlib import Path
from typing import Any

from webapp.batches.models import Batch, Query
from webapp.core.media import derived
from webapp.overview.models import Drawing
from webapp.registry.selectors import live_release

FILES = {Drawing.Kind.MAP: "map.json", Drawing.Kind.LIKENESS: "likeness.json"}
LOOSEST = 0.25
"""Cosine distance up to which two pictures are noted as alike."""


def drawing_path(batch_pk: int, kind: str) -> Path:
    """Where the drawing's file lies, once it was made."""
    return derived("batches", batch_pk, FILES[Drawing.Kind(kind)])


def drawing_of(batch: Batch, kind: str) -> Drawing | None:
    """The batch's drawing, asked for or made; None where nobody asked yet."""
    return Drawing.objects.filter(batch=batch, kind=kind).first()


def drawing_read(batch: Batch, kind: str) -> dict[str, Any] | None:
    """What the drawing says; None where there is none, or its file is gone or damaged."""
    try:
        found = json.loads(drawing_path(batch.pk, kind).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def is_stale(drawing: Drawing | None) -> bool:
    """Whether it should be made (again): it is not there, of another model, or of other pictures."""
    if drawing is None or drawing.made is None or not drawing_path(drawing.batch_id, drawing.kind).is_file():
        return True
    release = live_release()
    if release is None:
        return False
    known = Query.objects.filter(
        batch=drawing.batch_id, state=Query.State.READY, vector_model=release.model, vector__isnull=False
    )
    return drawing.fingerprint != release.model.fingerprint or drawing.queries != known.count()


def clusters_of(pairs: list[tuple[int, int, float]], within: float) -> list[list[int]]:
    """Groups of queries of which one, the first, is no farther than ``within`` from each other one.

    Whoever has the most neighbours left begins a group: no chain of small steps joins what is far apart.
    pairs: (query, query, cosine distance).
    """
    near: dict[int, set[int]] = {}
    for one, other, distance in pairs:
        if distance <= within:
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    taken: set[int] = set()
    groups = []
    for pk in sorted(near, key=lambda pk: (-len(near[pk]), pk)):
        group = sorted(near[pk] - taken)
        if pk not in taken and group:
            groups.append([pk, *group])
            taken.update(groups[-1])
    return groups
