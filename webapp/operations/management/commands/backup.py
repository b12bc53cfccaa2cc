"""``manage.py backup FOLDER``: database and files into a folder, while people work."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from webapp.core.errors import AppError
from webapp.operations.backup import backup


class Command(BaseCommand):
    help = "Back up this installation into a folder; a second time, only what is new is copied."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="on another disk; made where it is not there")

    def handle(self, *, folder: Path, **options) -> None:
        with tqdm(desc="files", unit="file", file=sys.stderr, disable=None) as bar:

            def report(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                made = backup(folder, report=report)
            except AppError as error:
                raise CommandError(f"{error}; {error.hint}") from error
        self.stdout.write(
            f"{made.files} files and the database are in {folder}; {made.copied} were copied now."
        )
        for file in made.missing[:20]:
            self.stderr.write(f"missing from this installation: {file.path} ({file.named_by})")
        if made.missing:
            raise CommandError(f"{len(made.missing)} files are missing here and are in no backup made now")
