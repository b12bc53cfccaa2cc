"""``manage.py import_blocks FOLDER --table FILE.csv``: blocks with their scans, by a table."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from webapp.accounts.models import User
from webapp.blocks.models import Scan
from webapp.blocks.tables import block_rows, rows_apply
from webapp.core.errors import AppError


class Command(BaseCommand):
    help = (
        "Bring woodblocks in by a table with a header: name, and file (a scan below FOLDER) or item (a name "
        "or number in the gallery); inventory_number, title, volume, leaf, material, size, condition, note, "
        "face, unit, x_mm, y_mm, w_mm, h_mm, column, order where known; other columns are kept as further "
        "fields. Workers read the scans. Run again, it changes nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--table", type=Path, required=True, metavar="FILE.csv")
        parser.add_argument("--user", help="the curator in whose name; by default the first one")

    def handle(self, folder: Path, table: Path, user: str | None, **options) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder")
        if not table.is_file():
            raise CommandError(f"there is no file {table}")
        try:
            rows = block_rows(table.read_bytes(), name=table.name)
            for row, made in rows_apply(rows, folder=folder, user=_curator(user)):
                what = f"scan {made.pk}" if isinstance(made, Scan) else f"item {made.item_id}"
                self.stdout.write(f"line {row.line}: {what} of block {made.block_id}, {made.block.name}")
        except AppError as error:
            raise CommandError("; ".join(filter(None, (str(error), error.hint)))) from error


def _curator(name: str | None) -> User:
    people = User.objects.filter(role=User.Role.CURATOR, is_active=True).order_by("pk")
    found = people.filter(username=name).first() if name else people.first()
    if found is None:
        raise CommandError(
            f"there is no curator {name}" if name else "there is no curator; run manage.py person"
        )
    return found
