"""Vectors and files of training that nobody needs any more are removed."""

from datetime import timedelta

from webapp.core.files.old_files import UNUSED_SECONDS, data_entries, remove_if_old
from webapp.gallery.models import ItemVector
from webapp.jobs.selectors import jobs_open
from webapp.registry.selectors import releases_kept
from webapp.search.services import INDEX_BUILD
from webapp.training.models import TrainingRun
from webapp.training.selectors import models_in_use

_VECTORS_KEPT = timedelta(days=1)


def vectors_clear() -> int:
    """Remove items' vectors by models that nobody will go back to, a day after they were last measured.

    They can be made again. Returns how many were removed.
    """
    kept = {release.model_id for release in releases_kept()} | models_in_use(since=_VECTORS_KEPT)
    payloads = jobs_open(INDEX_BUILD).values_list("payload", flat=True)
    kept |= {payload["model"] for payload in payloads if "model" in payload}
    removed, _ = ItemVector.objects.exclude(model__in=kept).delete()
    return removed


def run_files_clear() -> None:
    """Remove what training runs that are over left behind."""
    over = TrainingRun.objects.filter(state__in=[TrainingRun.State.DONE, TrainingRun.State.STOPPED])
    kept = {str(pk) for pk in TrainingRun.objects.exclude(pk__in=over).values_list("pk", flat=True)}
    for path in data_entries("training"):
        if path.name.isdigit() and path.name not in kept:
            remove_if_old(path, seconds=UNUSED_SECONDS)
