"""Pictures and meshes that were refused for a fault of the model or the index are asked again."""

from collections.abc import Collection

from webapp.batches.models import Query
from webapp.batches.services import queries_retry
from webapp.core.errors import MODEL_TROUBLES
from webapp.gallery.models import Item
from webapp.gallery.services import items_retry

# A broken calibration, say, ended in an error that nobody had foreseen: another model may do without it.
OF_ANOTHER_MODEL = MODEL_TROUBLES | {"unexpected"}


def refused_ask_again(*, codes: Collection[str] = MODEL_TROUBLES) -> int:
    """Have everything matched or prepared again that was refused with one of the codes. Returns how many."""
    items = Item.objects.filter(state=Item.State.REJECTED, error_code__in=codes)
    retried = items_retry(pks=list(items.values_list("pk", flat=True)))
    return retried + queries_retry(queries=Query.objects.filter(error_code__in=codes))
