"""What the beat asks for: lost bells, work that is due, files that are missing, files that nobody needs."""

import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from webapp.batches.models import Batch, Query
from webapp.batches.services import batches_enqueue_forgotten
from webapp.datasets.models import Export
from webapp.gallery.models import Item, ItemVector
from webapp.gallery.services import items_enqueue_forgotten, items_prepare_again
from webapp.hooks.deliveries import events_forget
from webapp.jobs import kinds
from webapp.jobs.models import Job
from webapp.jobs.services import jobs_enqueue, jobs_forget, jobs_give_up, jobs_ring_again
from webapp.overview.models import Drawing
from webapp.registry.selectors import index_path, live_release, releases_kept
from webapp.registry.services import model_mend
from webapp.review.consensus.exemplar_backfill import exemplars_catch_up
from webapp.search.exemplars import exemplars_embed_when_due, exemplars_spread_when_due
from webapp.search.services import QUERIES_A_JOB, index_request, queries_search_again_when_short
from webapp.training.models import TrainingRun
from webapp.training.selectors import models_in_use
from workers.derived import ITEM_FILES, QUERY_FILES, is_whole
from workers.runtime.runner import give_up

_JOBS_KEPT = timedelta(days=7)
_VECTORS_KEPT = timedelta(days=1)
_UNUSED_SECONDS = 3600.0
_UNCLAIMED_SECONDS = 86_400.0


def sweep() -> None:
    """Give up what lost its worker too often, and ring for what nobody heard of."""
    jobs_give_up(given_up=give_up)
    jobs_ring_again()


def care() -> None:
    """Ask for whatever work is due."""
    items_enqueue_forgotten()
    batches_enqueue_forgotten()
    queries_search_again_when_short()
    index_request()
    exemplars_spread_when_due()
    exemplars_embed_when_due()


def tidy() -> None:
    """Have missing files made again, and clear away those that nobody needs."""
    mend_items()
    mend_queries()
    mend_index()
    mend_weights()
    exemplars_catch_up()
    jobs_forget(older_than=_JOBS_KEPT)
    events_forget()
    clear_derived()
    clear_indexes()
    clear_vectors()
    clear_exports()
    clear_cut_short()
    clear_training()


def mend_items() -> int:
    """Ask for ready items again whose files or vectors are missing. Returns for how many."""
    asked = _asked_for(kinds.ITEMS_PREPARE, "items")
    ready = Item.objects.filter(state=Item.State.READY).order_by("pk")
    found = set(_vectorless(ready)) | set(_not_whole(ready, "items", ITEM_FILES))
    missing = sorted(found - asked)
    if missing:
        items_prepare_again(pks=missing)
    return len(missing)


def mend_queries() -> int:
    """Ask for the pictures of ready queries whose files are missing. Returns for how many."""
    asked = _asked_for(kinds.QUERIES_MATCH, "queries")
    ready = Query.objects.filter(state=Query.State.READY).order_by("pk")
    missing = [pk for pk in _not_whole(ready, "queries", QUERY_FILES) if pk not in asked]
    parts = [missing[i : i + QUERIES_A_JOB] for i in range(0, len(missing), QUERIES_A_JOB)]
    jobs_enqueue(
        kind=kinds.QUERIES_MATCH,
        payloads=[{"queries": part, "pictures": True} for part in parts],
        queue="batch",
        subject="pictures",
    )
    return len(missing)


def mend_index() -> bool:
    """Ask for a new index where the live one's files are gone or damaged. Returns whether it was."""
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
    from workers.live.weights import weights_copies

    models = [release.model for release in releases_kept()]
    whole = [model_mend(model=model, copies=weights_copies(model)) for model in models]
    return all(whole)


def clear_derived() -> None:
    """Remove derived files whose item, query, batch or map of several batches is gone."""
    for room, model in (("items", Item), ("queries", Query), ("batches", Batch), ("maps", Drawing)):
        names = {path.name: path for path in _entries("derived", room)}
        numbers = {int(name) for name in names if name.isdigit()}
        present = {pk for some in _slices(sorted(numbers)) for pk in _present(model, some)}
        for name, path in names.items():
            if (name.isdigit() and int(name) not in present) or name.startswith("."):
                _remove_if_old(path, _UNUSED_SECONDS)


def clear_indexes() -> None:
    """Remove indexes that nobody will go back to; a worker may still be reading one of a moment ago."""
    kept = {str(release.index_id) for release in releases_kept() if release.index_id}
    for path in _entries("indexes"):
        if path.name not in kept:
            _remove_if_old(path, _UNUSED_SECONDS)


def clear_vectors() -> int:
    """Remove items' vectors by models that nobody will go back to, a day after they were last measured.

    They can be made again. Returns how many were removed.
    """
    asked = Job.objects.filter(kind=kinds.INDEX_BUILD, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    kept = {release.model_id for release in releases_kept()} | models_in_use(since=_VECTORS_KEPT)
    kept |= {payload["model"] for payload in asked.values_list("payload", flat=True) if "model" in payload}
    removed, _ = ItemVector.objects.exclude(model__in=kept).delete()
    return removed


def clear_exports() -> None:
    """Remove files of exports that are gone."""
    names = {path.stem: path for path in _entries("exports")}
    present = {str(pk) for pk in Export.objects.values_list("pk", flat=True)}
    for name, path in names.items():
        if name not in present:
            _remove_if_old(path, _UNCLAIMED_SECONDS)


def clear_cut_short() -> None:
    """Remove what uploads and snapshots that were cut short had written aside.

    A whole blob is never removed, even when no row names it: it may be somebody else's only copy.
    """
    for path in _entries("blobs", "aside"):
        _remove_if_old(path, _UNCLAIMED_SECONDS)
    for path in _entries("snapshots"):
        if path.name.startswith("."):
            _remove_if_old(path, _UNCLAIMED_SECONDS)


def clear_training() -> None:
    """Remove what training runs that are over left behind."""
    over = TrainingRun.objects.filter(state__in=[TrainingRun.State.DONE, TrainingRun.State.STOPPED])
    kept = {str(pk) for pk in TrainingRun.objects.exclude(pk__in=over).values_list("pk", flat=True)}
    for path in _entries("training"):
        if path.name.isdigit() and path.name not in kept:
            _remove_if_old(path, _UNUSED_SECONDS)


def _asked_for(kind: str, key: str) -> set[int]:
    """Members of all jobs of a kind that wait or run."""
    waiting = Job.objects.filter(kind=kind, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return {pk for payload in waiting.values_list("payload", flat=True) for pk in payload[key]}


def _vectorless(ready) -> Iterable[int]:
    release = live_release()
    if release is None:
        return []
    embedded = ItemVector.objects.filter(model=release.model_id).values("item")
    return ready.exclude(pk__in=embedded).values_list("pk", flat=True)


def _not_whole(ready, room: str, names: tuple[str, ...]) -> Iterator[int]:
    for pk in ready.values_list("pk", flat=True).iterator():
        if not is_whole(room, pk, names):
            yield pk


def _present(model, pks: list[int]) -> Iterable[int]:
    return model.objects.filter(pk__in=pks).values_list("pk", flat=True)


def _slices(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), 10_000):
        yield values[start : start + 10_000]


def _entries(*parts: str) -> list[Path]:
    try:
        return list(settings.ENV.data.joinpath(*parts).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _remove_if_old(path: Path, seconds: float) -> None:
    try:
        if time.time() - path.stat().st_mtime < seconds:
            return
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    except FileNotFoundError:
        pass  # somebody else was faster
