"""``manage.py import_gallery FOLDER``: meshes of a folder into the gallery, until each can be found."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from common.file_types import Kind, labels_of
from webapp.accounts.models import User
from webapp.core.errors import Refused
from webapp.gallery.characters import CharacterRow, characters_apply, characters_read
from webapp.gallery.imports.folder import (
    FolderImport,
    folder_add,
    folder_files,
    folder_import,
    folder_refused,
    folder_unpacking,
    folder_waiting,
)
from webapp.gallery.imports.intake import IMPORT_UNPACK
from webapp.gallery.services import ITEMS_PREPARE
from webapp.jobs.selectors import jobs_open
from webapp.registry.selectors import live_release
from webapp.search.services import INDEX_BUILD, index_request
from workers.runtime.pool import ProcessPool

_KINDS = [IMPORT_UNPACK, ITEMS_PREPARE, INDEX_BUILD]
_LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        f"Bring every mesh below a folder into the gallery ({', '.join(labels_of(Kind.MESH))}, and zips of "
        "them). Ends when every item can be found. Run again, it goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--characters",
            type=Path,
            metavar="FILE.csv",
            help="which item is which character: item,codepoint",
        )
        parser.add_argument("--user", help="the curator in whose name; by default the first one")
        parser.add_argument(
            "--processes",
            type=int,
            default=settings.ENV.workers,
            help="how many prepare meshes (default %(default)s); 0: in this process",
        )

    def handle(self, folder: Path, characters: Path | None, user: str | None, processes: int, **options):
        path = folder.expanduser().resolve()
        if not path.is_dir():
            raise CommandError(f"{folder} is no folder")
        if live_release() is None:
            raise CommandError("there is no model yet; run manage.py setup first")
        rows, errors = _characters(characters)
        started = time.monotonic()
        with ProcessPool(_KINDS, processes) as pool:
            imported = folder_import(path=path, owner=_curator(user))
            self._take(imported, pool)
            errors += self._apply(imported, rows)
            self._index(pool)
        self._report(imported, errors, time.monotonic() - started)

    def _take(self, folder: FolderImport, pool: ProcessPool) -> None:
        """Store the files, and wait until all of their items are prepared, under one bar."""
        files = folder_files(folder.path)
        with tqdm(total=len(files), unit="mesh", file=sys.stderr, disable=None) as bar:
            taken = 0
            for taken in folder_add(folder, files):
                if not taken % 256 or not pool.pids():
                    self._move(bar, folder, pool, len(files) - taken)
            while self._move(bar, folder, pool, 0) or folder_unpacking(folder):
                time.sleep(_LOOK_SECONDS)
            bar.n = bar.total
            bar.refresh()

    def _move(self, bar: tqdm, folder: FolderImport, pool: ProcessPool, to_take: int) -> int:
        """Show how many are done; returns how many of those taken are not."""
        pool.maintain()
        waiting = folder_waiting(folder)
        # Zips hold more meshes than the one file they were counted as.
        bar.total = max(bar.total, len(folder.items) + to_take, folder.upload.items.count() + to_take)
        bar.n = max(0, bar.total - to_take - waiting)
        bar.refresh()
        return waiting

    def _apply(self, folder: FolderImport, rows: list[CharacterRow]) -> list[str]:
        unpacked = dict(folder.upload.items.values_list("name", "pk"))
        report = characters_apply(rows=rows, items=unpacked | folder.items)
        if rows:
            self.stdout.write(f"{report.applied} items were given their character.")
        return report.errors

    def _index(self, pool: ProcessPool) -> None:
        """Have the index built where it is due, and wait for it."""
        index_request()
        open_jobs = jobs_open(INDEX_BUILD)
        if open_jobs.exists():
            self.stdout.write("Building the index.")
        while open_jobs.exists():
            pool.maintain()
            time.sleep(_LOOK_SECONDS)

    def _report(self, folder: FolderImport, errors: list[str], seconds: float) -> None:
        refused = folder_refused(folder)
        for line in refused:
            self.stderr.write(line)
        for line in errors:
            self.stderr.write(f"characters file, {line}")
        ready = folder.upload.items.filter(state="ready").count()
        before = f", {folder.duplicates} files were there before" if folder.duplicates else ""
        self.stdout.write(
            f"{ready} items of this folder can be found{before}; {len(refused)} files were refused. "
            f"{seconds:.1f} s."
        )
        if refused or errors:
            sys.exit(1)


def _characters(path: Path | None) -> tuple[list[CharacterRow], list[str]]:
    if path is None:
        return [], []
    try:
        return characters_read(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None
    except Refused as error:
        raise CommandError(f"{path}: {error}; {error.hint}") from None


def _curator(name: str | None) -> User:
    curators = User.objects.filter(is_active=True, role=User.Role.CURATOR).order_by("pk")
    found = curators.filter(username=name).first() if name else curators.first()
    if found is None:
        raise CommandError(
            f"{name or 'nobody'} is a curator here; run manage.py setup, or name one with --user"
        )
    return found
