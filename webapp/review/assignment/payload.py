"""Assigned cards and extended leases as pages and programs get them."""

from dataclasses import asdict
from typing import Any

from webapp.batches.models import Batch, Query
from webapp.review.assignment.leases import Assignment, Extension
from webapp.review.cards.payload import cards_of


def assignment_body(assignment: Assignment, batch: Batch, user) -> dict[str, Any]:
    """The cards themselves, how many more wait, and when the leases run out."""
    queries = Query.objects.filter(pk__in=assignment.ids)
    cards = cards_of(queries, user, batch=batch, order=assignment.ids)
    return {"cards": cards, "left": assignment.left, "until": assignment.until.isoformat()}


def extension_body(extension: Extension) -> dict[str, Any]:
    """The ids of the cards whose leases go on, and of those that are lost."""
    return asdict(extension)
