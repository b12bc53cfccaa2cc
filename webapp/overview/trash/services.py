"""Taking a batch out of the trash, with all that follows from its answers."""

from django.db import transaction

from webapp.batches.models import Batch
from webapp.batches.trash import batch_restore
from webapp.review.consensus.standings import batch_recount


@transaction.atomic
def batch_take_out(*, batch: Batch, curator) -> Batch:
    """Restore a batch, and let its labels count and serve again.

    Raises:
        PermissionDenied: not a curator.
        Conflict: it is not in the trash any more.
    """
    restored = batch_restore(batch=batch, curator=curator)
    batch_recount(batch=restored)
    return restored
