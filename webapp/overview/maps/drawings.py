"""What a worker drew of batches: where it lies, whether it is still right, and what it says."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from webapp.batches.models import Batch, Query
from webapp.core.files.media import derived
from webapp.overview.models import Drawing
from webapp.registry.selectors import live_release

FILES = {Drawing.Kind.MAP: "map.json", Drawing.Kind.LIKENESS: "likeness.json"}
LOOSEST = 0.25
"""Cosine distance up to which two pictures are noted as alike."""


MOST_QUERIES = 10_000
"""Pictures on a map: of more than these, so many are drawn, picked fairly."""
MOST_BATCHES = 200
"""Batches on one map: a page's address still holds their numbers."""


def drawing_path(batch_pk: int, kind: str) -> Path:
    """Where the drawing's file lies, once it was made."""
    return derived("batches", batch_pk, FILES[Drawing.Kind(kind)])


def path_of(drawing: Drawing) -> Path:
    """Where this drawing's file lies, once it was made."""
    if drawing.batch_id is not None:
        return drawing_path(drawing.batch_id, drawing.kind)
    return derived("maps", drawing.pk, FILES[Drawing.Kind(drawing.kind)])


def set_key(batches: Iterable[int]) -> str:
    """One name for one set of batches."""
    return hashlib.sha256(",".join(map(str, sorted(set(batches)))).encode()).hexdigest()


def drawing_of(batch: Batch, kind: str) -> Drawing | None:
    """The batch's drawing, requested or made; None where it was never requested."""
    return Drawing.objects.filter(batch=batch, kind=kind).first()


def map_of(batches: Iterable[int]) -> Drawing | None:
    """The map of these batches together; None where it was never requested."""
    return Drawing.objects.filter(key=set_key(batches), kind=Drawing.Kind.MAP).first()


def batches_of(drawing: Drawing) -> list[int]:
    """Whose pictures it shows."""
    return [drawing.batch_id] if drawing.batch_id is not None else list(drawing.batches)


def drawing_read(batch: Batch, kind: str) -> dict[str, Any] | None:
    """What a batch's drawing says; None where there is none, or its file is gone or damaged."""
    return file_read(drawing_path(batch.pk, kind))


def file_read(path: Path) -> dict[str, Any] | None:
    """What a drawing's file says; None where it is gone or damaged."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def is_stale(drawing: Drawing | None) -> bool:
    """Whether it should be made (again): it is not there, of another model, or of other pictures."""
    if drawing is None or drawing.made is None or not path_of(drawing).is_file():
        return True
    release = live_release()
    if release is None:
        return False
    current = Query.objects.filter(
        batch__in=batches_of(drawing),
        state=Query.State.READY,
        vector_model=release.model,
        vector__isnull=False,
    )
    return drawing.fingerprint != release.model.fingerprint or drawing.total != current.count()


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
