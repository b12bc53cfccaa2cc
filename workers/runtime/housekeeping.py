"""What the beat starts now and then: lost messages, work that is due, files to mend or to clear away."""

from contextlib import suppress
from datetime import timedelta

from webapp.accounts.services import logins_tidy
from webapp.batches.housekeeping import queries_mend
from webapp.batches.models import Batch, Query
from webapp.batches.services import batches_enqueue_forgotten
from webapp.batches.trash import batches_purge_due, blobs_free
from webapp.blocks.cuts import cuts_enqueue_forgotten
from webapp.blocks.models import Scan
from webapp.blocks.reading import scans_enqueue_forgotten, scans_mend
from webapp.blocks.uploads.pieces import uploads_clear
from webapp.core.files.blobs import blobs_clear_unfinished
from webapp.core.files.derived import derived_clear
from webapp.datasets.exports.services import exports_clear
from webapp.datasets.snapshots.files import snapshots_clear_unfinished
from webapp.datasets.snapshots.manifest import BadSnapshot
from webapp.datasets.snapshots.selectors import snapshot_digests
from webapp.documents.box_imports.labels import box_imports_go_on
from webapp.gallery.housekeeping import items_mend
from webapp.gallery.models import Item
from webapp.gallery.services import items_enqueue_forgotten
from webapp.hooks.deliveries import events_forget
from webapp.jobs.housekeeping import jobs_forget, jobs_give_up, jobs_notify_again
from webapp.overview.models import Drawing
from webapp.pages.boxes.crops import boxes_crop_forgotten
from webapp.pages.housekeeping import pages_mend
from webapp.pages.models import Page
from webapp.pages.services import pages_enqueue_forgotten
from webapp.printed.models import PageMatch
from webapp.printed.pictures import ROOM as MATCHES
from webapp.printed.searches import pages_search_when_due
from webapp.registry.selectors import index_path, live_release, releases_kept
from webapp.registry.services import indexes_clear, model_mend
from webapp.review.consensus.exemplar_backfill import exemplars_catch_up
from webapp.search.exemplars import (
    exemplars_embed_when_due,
    exemplars_leave_trash_out,
    exemplars_spread_when_due,
)
from webapp.search.refused_again import refused_ask_again
from webapp.search.services import index_request, queries_search_again_when_short
from webapp.training.housekeeping import run_files_clear, vectors_clear
from workers.runtime.runner import give_up

_JOBS_KEPT = timedelta(days=7)
_DERIVED = {
    "items": Item,
    "queries": Query,
    "batches": Batch,
    "maps": Drawing,
    "pages": Page,
    "scans": Scan,
    MATCHES: PageMatch,
}


def sweep() -> None:
    """Give up jobs that lost their worker too often, and notify workers again of those that nobody took."""
    jobs_give_up(on_give_up=give_up)
    jobs_notify_again()


def enqueue_due_work() -> None:
    """Enqueue whatever work is due."""
    items_enqueue_forgotten()
    batches_enqueue_forgotten()
    pages_enqueue_forgotten()
    scans_enqueue_forgotten()
    queries_search_again_when_short()
    index_request()
    exemplars_leave_trash_out()
    exemplars_spread_when_due()
    exemplars_embed_when_due()
    box_imports_go_on()
    pages_search_when_due()


def tidy() -> None:
    """Have missing files made again, and clear away those that nobody needs."""
    items_mend()
    queries_mend()
    pages_mend()
    boxes_crop_forgotten()
    scans_mend()
    cuts_enqueue_forgotten()
    uploads_clear()
    mend_index()
    mend_weights()
    refused_ask_again()
    exemplars_catch_up()
    jobs_forget(older_than=_JOBS_KEPT)
    events_forget()
    logins_tidy()
    for room, model in _DERIVED.items():
        derived_clear(room, model)
    indexes_clear()
    vectors_clear()
    exports_clear()
    blobs_clear_unfinished()
    batches_purge_due()
    free_blobs()
    snapshots_clear_unfinished()
    run_files_clear()


def free_blobs() -> None:
    """Remove the stored files of batches that were deleted for good, where nothing else uses them."""
    # What a damaged snapshot names, nobody can say: then all of them stay.
    with suppress(BadSnapshot):
        blobs_free(kept=snapshot_digests)


def mend_index() -> bool:
    """Enqueue a new index where the live one's files are gone or damaged. Returns whether they were."""
    # Only here: the library's arrays take seconds to load, and the other duties need none of it.
    from retrieval.errors import BadIndex
    from retrieval.index.stored import read_stored

    release = live_release()
    if release is None or release.index is None:
        return False
    model = release.model
    try:
        read_stored(index_path(release.index), width=model.width, fingerprint=model.fingerprint)
    except (BadIndex, OSError):
        return index_request(even_if_not_due=True) is not None
    return False


def mend_weights() -> bool:
    """Put weights in their place again that are gone or damaged, of every release that can be gone back to.

    Returns whether all of them are whole now.
    """
    # Only here, like the index's arrays: torch takes seconds to load.
    from workers.live.weights import weights_copies

    models = [release.model for release in releases_kept()]
    whole = [model_mend(model=model, copies=weights_copies(model)) for model in models]
    return all(whole)
