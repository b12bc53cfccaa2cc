"""Gold cards: settled queries by which annotators are measured."""

from django.db import transaction

from webapp.batches.models import Query
from webapp.core.errors import Refused
from webapp.core.permissions import require_curator
from webapp.review.answering.services import query_lock
from webapp.review.models import Gold


@transaction.atomic
def gold_mark(*, query: Query, curator) -> Gold:
    """The query's label is known to be right: annotators are measured by it. Harmless when done twice.

    Raises:
        PermissionDenied: not a curator.
        Refused: no reviewer has settled the query.
    """
    require_curator(curator)
    locked = query_lock(query)
    if not locked.settled:
        raise Refused("only a settled picture can be a gold card", hint="settle it first", code="not_settled")
    return Gold.objects.get_or_create(query=locked, defaults={"marked_by": curator})[0]


def gold_unmark(*, query: Query, curator) -> None:
    """Nobody is measured by the query any more; what was said of it as gold stays written.

    Raises:
        PermissionDenied: not a curator.
    """
    require_curator(curator)
    Gold.objects.filter(query=query).delete()
