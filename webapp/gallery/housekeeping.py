"""Items whose files or vectors are missing are prepared again."""

from collections.abc import Iterable

from django.db.models import QuerySet

from webapp.core.files.blobs import blob_path
from webapp.core.files.derived import ITEM_FILES, is_complete
from webapp.gallery.models import Item, ItemVector
from webapp.gallery.services import ITEMS_PREPARE, items_prepare_again
from webapp.jobs.selectors import jobs_open_members
from webapp.registry.selectors import live_release


def items_mend() -> int:
    """Have ready items prepared again whose files or vectors are missing. Returns how many.

    Those whose mesh is missing from the store are left as they are: they answer on with what they have.
    """
    ready = Item.objects.filter(state=Item.State.READY).order_by("pk")
    incomplete = {pk for pk in ready.values_list("pk", flat=True).iterator() if not _is_complete(pk)}
    open_jobs = jobs_open_members(ITEMS_PREPARE, "items")
    missing = sorted(_with_mesh((incomplete | set(_without_vector(ready))) - open_jobs))
    if missing:
        items_prepare_again(pks=missing)
    return len(missing)


def _with_mesh(pks: set[int]) -> list[int]:
    rows = Item.objects.filter(pk__in=pks).values_list("pk", "sha256")
    return [pk for pk, sha256 in rows.iterator() if blob_path(sha256).is_file()]


def _is_complete(pk: int) -> bool:
    return is_complete("items", pk, ITEM_FILES)


def _without_vector(items: QuerySet[Item]) -> Iterable[int]:
    release = live_release()
    if release is None:
        return []
    embedded = ItemVector.objects.filter(model=release.model_id).values("item")
    return items.exclude(pk__in=embedded).values_list("pk", flat=True)
