"""How far a box is: from where it was found to where its label is settled."""

from collections.abc import Mapping
from typing import Any

from webapp.batches.models import Query
from webapp.pages.models import Box

STATES = ("waiting", "rejected", "suggested", "answered", "disputed", "settled", "not_character")
STATE_FIELDS = ("pk", "state", "answered", "disputed", "settled")
"""Columns of a query that ``box_state`` goes by."""


def box_state(box: Box, query: Mapping[str, Any] | None) -> str:
    """One of ``STATES``. query: the row of its crop, with ``STATE_FIELDS``; None where it has none yet."""
    if box.not_character:
        return "not_character"
    if query is None or query["state"] == Query.State.WAITING:
        return "waiting"
    if query["state"] == Query.State.REJECTED:
        return "rejected"
    for name in ("settled", "disputed", "answered"):
        if query[name]:
            return name
    return "waiting" if box.stale else "suggested"  # what was found is of the crop before
