"""`python -m retrieval printed`: which of a folder's blocks printed each page of another."""

import argparse
import csv
import logging
from pathlib import Path, PurePosixPath

from common.errors import BadInput
from common.file_types import Kind, endings_of
from common.publish import write_aside
from retrieval.blocks.printed.layover import Placed
from retrieval.blocks.printed.shelf import Match, Shelf, placed_face, placed_page
from retrieval.blocks.reading import BlockReader
from retrieval.blocks.scan import open_scan
from retrieval.blocks.units import UNITS
from retrieval.embed.embedder import Embedder
from retrieval.io.files import open_files
from retrieval.io.images import read_image
from retrieval.io.sets import picture_names
from retrieval.locate import Localiser

log = logging.getLogger(__name__)
HEAD = ("page", "block", "inliers", "p", "residual_mm")
_MAX_PIXELS = 200_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("pages", type=Path, metavar="PAGES", help="folder (or zip) of page scans")
    parser.add_argument("blocks", type=Path, metavar="BLOCKS", help="folder of scans of whole blocks")
    parser.add_argument("--out", type=Path, default=Path("table.csv"), metavar="CSV", help="table to write")
    parser.add_argument("--unit", choices=UNITS, help="of the scans' numbers (default: found by their size)")


def run(args: argparse.Namespace) -> int:
    """One row a page. Raises BadInput where there is nothing to read."""
    if not args.out.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {args.out.parent} to write {args.out.name} in")
    if not args.blocks.is_dir():
        raise BadInput(f"there is no folder {args.blocks}", hint="name the folder of the blocks' scans")
    files = open_files(args.pages)
    names = picture_names(files.names)
    if not names:
        raise BadInput(f"{args.pages} holds no pictures", hint="check the path")
    reader = BlockReader(Localiser.load(), Embedder.load())
    shelf = Shelf(_faces(args.blocks, args.unit, reader))
    rows = []
    for name in names:
        try:
            grey = read_image(files.read(name), name=name, max_pixels=_MAX_PIXELS)
        except BadInput as error:
            log.info("left out: %s", error)
            continue
        page = placed_page(PurePosixPath(name).stem, grey, reader.localiser, reader.embedder)
        rows.append(page_row(page.name, shelf.matches(page)))
        log.info("%s: %s", page.name, rows[-1][1] or "no block")
    with write_aside(args.out) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        table.writerows(rows)
    log.info("%d of %d pages have a block: %s", sum(bool(row[1]) for row in rows), len(rows), args.out)
    return 0 if rows else 1


def _faces(folder: Path, unit: str | None, reader: BlockReader) -> list[Placed]:
    """The faces of all blocks of a folder that can be read. Raises BadInput where none can."""
    endings, faces = endings_of(Kind.MESH), []
    for path in sorted(path for path in folder.iterdir() if path.suffix[1:].lower() in endings):
        try:
            read = reader.read(open_scan(path), unit=unit)
        except BadInput as error:
            log.info("left out: %s", error)
            continue
        faces.append(placed_face(path.stem, read, reader.embedder))
        log.info("%s: %d characters", path.name, len(read.characters))
    if not faces:
        raise BadInput(f"{folder} holds no block that can be read", hint="see the reasons above")
    return faces


def page_row(page: str, matches: list[Match]) -> tuple:
    """One row of the table; without a block, the numbers are those of the best that was tried."""
    if not matches:
        return (page, "", 0, 1, "")
    best = matches[0]
    block = best.block if best.is_believed else ""
    laid = best.laid
    return (page, block, len(laid.pairs), f"{laid.p:.3g}", round(laid.residual, 3))
