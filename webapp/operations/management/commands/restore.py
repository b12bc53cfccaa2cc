"""``manage.py restore FOLDER``: a backup into a new, empty installation."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from webapp.core.errors import AppError
from webapp.operations.backup import restore


class Command(BaseCommand):
    help = "Restore a backup into a new installation; afterwards `setup` and `rebuild` make the rest."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="that `manage.py backup` wrote")

    def handle(self, *, folder: Path, **options) -> None:
        with tqdm(desc="files", unit="file", file=sys.stderr, disable=None) as bar:

            def report(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                files = restore(folder, report=report)
            except AppError as error:
                raise CommandError(f"{error}; {error.hint}") from error
        self.stdout.write(
            f"{files} files and the database are restored. Type: manage.py setup, then manage.py rebuild."
        )
