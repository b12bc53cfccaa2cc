"""`python -m retrieval locate`: the characters of a folder's pages, as a table of boxes."""

import argparse
import csv
import logging
from pathlib import Path, PurePosixPath

from common.errors import BadInput
from common.publish import write_aside
from retrieval.io.files import open_files
from retrieval.io.images import read_image
from retrieval.io.sets import picture_names
from retrieval.locate.localiser import Localiser
from retrieval.locate.types import PageBoxes

log = logging.getLogger(__name__)
HEAD = ("page", "x", "y", "w", "h", "score", "column", "order")
_MAX_PIXELS = 200_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("pages", type=Path, metavar="FOLDER", help="folder (or zip) of page scans")
    parser.add_argument("--out", type=Path, default=Path("boxes.csv"), metavar="CSV", help="table to write")
    parser.add_argument("--weights", type=Path, help="a localiser other than the shipped one")


def run(args: argparse.Namespace) -> int:
    """One row a character. A page that cannot be read is named, and the rest goes on. Raises BadInput."""
    if not args.out.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {args.out.parent} to write {args.out.name} in")
    files = open_files(args.pages)
    names = picture_names(files.names)
    if not names:
        raise BadInput(f"{args.pages} holds no pictures", hint="check the path")
    localiser = Localiser.load(args.weights)
    found = read = 0
    with write_aside(args.out) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for name in names:
            try:
                grey = read_image(files.read(name), name=name, max_pixels=_MAX_PIXELS)
            except BadInput as error:
                log.info("left out: %s", error)
                continue
            rows = page_rows(PurePosixPath(name).stem, localiser.locate(grey))
            table.writerows(rows)
            read, found = read + 1, found + len(rows)
            log.info("%s: %d characters", name, len(rows))
    log.info("%d characters on %d pages: %s", found, read, args.out)
    return 0 if read else 1


def page_rows(page: str, boxes: PageBoxes) -> list[tuple]:
    """One row of the table a character, in reading order."""
    return [
        (
            page,
            *(round(v, 1) for v in (box.x, box.y, box.w, box.h)),
            round(box.score, 3),
            box.column,
            box.order,
        )
        for box in boxes.boxes
    ]
