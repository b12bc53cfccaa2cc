"""Places in a bar of parts."""

from dataclasses import dataclass

from django import template

from webapp.batches.models import Batch
from webapp.review.consensus.batch_parts import BatchParts, batch_parts, batches_parts

register = template.Library()
_ORDER = ("settled", "answered", "disputed", "suggested", "waiting")


@dataclass(frozen=True)
class Piece:
    """One part of the bar. start, share: per cent of its width."""

    key: str
    start: str
    share: str


@register.filter
def pieces(parts: BatchParts) -> list[Piece]:
    """The parts that are not empty, from left to right."""
    found, start = [], 0.0
    for key in _ORDER:
        share = 100 * getattr(parts, key) / max(1, parts.total)
        if share:
            found.append(Piece(key, f"{start:.3f}", f"{share:.3f}"))
        start += share
    return found


@register.simple_tag
def parts_of(batches: list[Batch]) -> dict[int, BatchParts]:
    """The parts of several batches, in one database query."""
    return batches_parts(batches)


@register.simple_tag
def parts_of_one(batch: Batch) -> BatchParts:
    """The parts of one batch."""
    return batch_parts(batch)


@register.filter
def of_batch(parts: dict[int, BatchParts], batch: Batch) -> BatchParts:
    """The batch's own among ``parts``."""
    return parts.get(batch.pk, BatchParts())
