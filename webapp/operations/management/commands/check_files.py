"""``manage.py check_files``: whether the files that the database names are there and whole."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from webapp.operations.checking import check_files
from webapp.operations.kept import KeptFile


class Command(BaseCommand):
    help = "Compare the database with the stored files: which are missing, damaged, or named by nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="only see that they are there")
        parser.add_argument("--show", type=int, default=20, metavar="N", help="name so many of each (20)")

    def handle(self, *, quick: bool, show: int, **options) -> None:
        with tqdm(desc="files", unit="file", file=sys.stderr, disable=None) as bar:
            found = check_files(contents=not quick, report=lambda checked: bar.update(checked - bar.n))
        self._name("missing", found.missing, show)
        self._name("damaged", found.damaged, show)
        missing, damaged, unnamed = len(found.missing), len(found.damaged), len(found.unnamed)
        self.stdout.write(
            f"{found.checked} files are named: {missing} are missing, {damaged} damaged; "
            f"{unnamed} more are named by nothing, which is harmless."
        )
        if not found.is_whole:
            raise CommandError("bring these files back from a backup; the work goes on by itself")

    def _name(self, what: str, files: list[KeptFile], show: int) -> None:
        for file in files[:show]:
            self.stdout.write(f"{what}: {file.path} ({file.named_by})")
        if len(files) > show:
            self.stdout.write(f"{what}: {len(files) - show} more")
