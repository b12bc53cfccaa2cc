"""``manage.py rebuild``: pictures, vectors and the index made anew from the stored files."""

import sys
import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone
from tqdm import tqdm

from webapp.batches.housekeeping import queries_mend
from webapp.batches.models import Query
from webapp.batches.services import QUERIES_MATCH, queries_retry
from webapp.gallery.models import Item
from webapp.gallery.services import ITEMS_PREPARE, items_prepare_again, items_retry
from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job
from webapp.jobs.selectors import jobs_open
from webapp.pages.housekeeping import pages_mend
from webapp.pages.reading import PAGE_READ
from webapp.registry.selectors import live_release
from webapp.search.services import INDEX_BUILD, index_request
from workers.errors import NoRelease
from workers.live.weights import load_embedder
from workers.runtime.pool import ProcessPool

_KINDS = [ITEMS_PREPARE, QUERIES_MATCH, PAGE_READ, INDEX_BUILD]
_LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = "Make every picture, every vector and the index anew from the stored files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--processes",
            type=int,
            default=settings.ENV.workers,
            help="how many do the work (default %(default)s); 0: this one",
        )

    def handle(self, processes: int, **options) -> None:
        release = live_release()
        if release is None:
            raise CommandError("there is no model yet; run manage.py setup first")
        try:
            load_embedder(release.model)
        except NoRelease as error:
            raise CommandError(f"the live model cannot be used: {error}; {error.hint}") from error
        with ProcessPool(_KINDS, processes) as pool:
            self._items(pool)
            queries_mend()
            pages_mend()
            queries_retry(queries=Query.objects.all())
            self._wait(pool, QUERIES_MATCH)
            self._wait(pool, PAGE_READ)
            index_request(even_if_not_due=True)
            self._wait(pool, INDEX_BUILD)
        refused = Item.objects.filter(state=Item.State.REJECTED).order_by("pk")
        for item in refused:
            self.stderr.write(f"{item.name}: {item.error}")
        ready = Item.objects.filter(state=Item.State.READY).count()
        self.stdout.write(f"{ready} items can be found; {len(refused)} are refused.")

    def _items(self, pool: ProcessPool) -> None:
        pks = list(Item.objects.filter(state=Item.State.READY).order_by("pk").values_list("pk", flat=True))
        items_prepare_again(pks=pks, notify=False)
        refused = Item.objects.filter(state=Item.State.REJECTED)
        items_retry(pks=list(refused.values_list("pk", flat=True)), notify=False)
        self._wait(pool, ITEMS_PREPARE)

    def _all_wait(self, open_jobs: QuerySet[Job]) -> bool:
        """Whether all of them were tried, and wait for something to be mended; says for what."""
        tried = open_jobs.filter(state=Job.State.QUEUED, attempts=0, not_before__gt=timezone.now())
        tried = tried.exclude(error_code="")
        first = tried.first()
        if first is None or tried.count() < open_jobs.count():
            return False
        self.stderr.write(f"{tried.count()} jobs wait until this is mended: {first.error}")
        return True

    def _wait(self, pool: ProcessPool, kind: JobKind) -> None:
        """Until no job of this kind waits or runs."""
        open_jobs = jobs_open(kind)
        with tqdm(total=open_jobs.count(), desc=kind.name, unit="job", file=sys.stderr, disable=None) as bar:
            while left := open_jobs.count():
                bar.total = max(bar.total, left)
                bar.n = bar.total - left
                bar.refresh()
                pool.maintain()
                if self._all_wait(open_jobs):
                    break
                time.sleep(_LOOK_SECONDS if pool.pids() else 0)
            bar.n = bar.total
            bar.refresh()
