"""``manage.py sample``: carved characters, prints and a page, to try everything on."""

import time

from django.core.management.base import BaseCommand, CommandError

from webapp.accounts.models import User
from webapp.batches.services import QUERIES_MATCH
from webapp.config.env import ROOT
from webapp.core.errors import AppError
from webapp.gallery.services import ITEMS_PREPARE
from webapp.jobs.leases import job_claim_next
from webapp.pages.boxes.crops import BOXES_CROP
from webapp.pages.reading import PAGE_READ
from workers.runtime.runner import run_lease
from workers.sample.fill import is_wanted, sample_fill
from workers.sample.typefaces import FontsMissing


class Command(BaseCommand):
    help = "Fill the installation with a sample gallery, a batch and a page, as a person would by uploads."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is anything")
        parser.add_argument("--work", action="store_true", help="do the jobs here: no workers are running")

    def handle(self, *, if_empty: bool, work: bool, **options) -> None:
        if if_empty and not is_wanted():
            return
        owner = User.objects.filter(role=User.Role.CURATOR, is_active=True).order_by("pk").first()
        if owner is None:
            raise CommandError("there is no curator yet; type: manage.py setup")
        started = time.monotonic()
        try:
            batch = sample_fill(
                owner=owner, root=ROOT, say=self.stdout.write, work=_do_waiting_jobs if work else None
            )
        except (AppError, FontsMissing) as error:
            raise CommandError(str(error)) from None
        seconds = time.monotonic() - started
        self.stdout.write(
            f"the batch “{batch.name}” is there after {seconds:.0f} s, open /batches/{batch.pk}/"
        )


def _do_waiting_jobs() -> None:
    while lease := job_claim_next([ITEMS_PREPARE, PAGE_READ, BOXES_CROP, QUERIES_MATCH]):
        run_lease(lease)
