"""Pages whose tiles are missing get them again."""

from webapp.core.files.blobs import blob_path
from webapp.core.files.derived import is_complete
from webapp.jobs.selectors import jobs_open
from webapp.jobs.services import jobs_enqueue
from webapp.pages.models import Page
from webapp.pages.reading import PAGE_READ
from webapp.pages.tiles import REPORT, ROOM


def pages_mend() -> int:
    """Have the tiles of pages made again whose files are missing. Returns of how many.

    Those whose picture is missing from the store are left as they are.
    """
    busy = {payload["page"] for payload in jobs_open(PAGE_READ).values_list("payload", flat=True)}
    ready = Page.objects.filter(state=Page.State.READY, document__batch__deleted=None).order_by("pk")
    missing = [
        pk
        for pk, sha256 in ready.values_list("pk", "sha256").iterator()
        if pk not in busy and not is_complete(ROOM, pk, [REPORT]) and blob_path(sha256).is_file()
    ]
    payloads = [{"page": pk, "again": True, "tiles": True} for pk in missing]
    jobs_enqueue(kind=PAGE_READ, payloads=payloads, subject="pictures")
    return len(missing)
