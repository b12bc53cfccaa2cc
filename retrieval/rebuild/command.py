"""`python -m retrieval rebuild`: a page made a block again, from the carvings of a gallery."""

import argparse
import json
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from tqdm import tqdm

from common.errors import BadInput
from common.publish import write_aside
from retrieval.embed.embedder import Embedder
from retrieval.io.encode import colour_png
from retrieval.io.files import open_files
from retrieval.rebuild.files import ENDINGS, mesh_file
from retrieval.rebuild.gallery import Gallery
from retrieval.rebuild.making import Rebuilt, rebuild
from retrieval.rebuild.page_file import read_page_file
from retrieval.rebuild.pictures import sheet_pdf, sources_picture
from retrieval.rebuild.plan import Making, RebuildPlan

log = logging.getLogger(__name__)
_BESIDE = (".json", ".pdf", ".png")  # record, sheet, sources over the page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    usual = Making()
    parser.add_argument("page", type=Path, metavar="PAGE.json", help="page with its characters")
    parser.add_argument(
        "--gallery", type=Path, required=True, metavar="FOLDER", help="carvings: meshes, or blocks as read"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="block.glb, .stl or .3mf")
    parser.add_argument(
        "--thickness", type=float, default=usual.thickness_mm, metavar="MM", help="of the wood"
    )
    parser.add_argument("--depth", type=float, metavar="MM", help="of the carving (default: the gallery's)")
    parser.add_argument("--triangles", type=int, default=usual.triangles, metavar="N", help="at most")
    parser.add_argument("--readable", action="store_true", help="not mirrored: for study, not for printing")
    parser.add_argument("--tool-marks", action="store_true", help="let the ground show the gouge's marks")


def run(args: argparse.Namespace) -> int:
    """Make one block, its record and its sheet; the mesh comes last. Raises BadInput."""
    ending = args.out.suffix[1:].lower()
    if ending not in ENDINGS:
        raise BadInput(f"{args.out.name} is no name of a block's file", hint="end it with .glb, .stl or .3mf")
    if not args.out.absolute().parent.is_dir():
        raise BadInput(
            f"there is no folder {args.out.parent} to write {args.out.name} in", hint="make it first"
        )
    making = _making(args)
    page = read_page_file(args.page)
    _spare_sources(args.out, (args.page, page.print_path))
    gallery = Gallery(open_files(args.gallery), cache(Embedder.load))
    spots, items = gallery.with_carvings(page.spots)
    plan = RebuildPlan(page.name, page.print, page.pixels_per_mm, spots, items)
    with tqdm(total=len(spots), unit="character", disable=None) as bar:
        rebuilt = rebuild(plan, making, progress=lambda done, _: bar.update(done - bar.n))
    _write(rebuilt, args.out, ending)
    _report(rebuilt, args.out)
    return 0


def _making(args: argparse.Namespace) -> Making:
    if not 0 < args.thickness <= 500:
        raise BadInput(f"{args.thickness:g} mm is no thickness of a block", hint="give up to 500 mm")
    if args.depth is not None and not 0 < args.depth <= 20:
        raise BadInput(f"{args.depth:g} mm is no depth of a carving", hint="give up to 20 mm")
    return Making(args.thickness, args.triangles, not args.readable, args.depth, args.tool_marks)


def _spare_sources(out: Path, sources: Sequence[Path]) -> None:
    """Refuse a name under which the page or its print would be written over. Raises BadInput."""
    written = {out.with_suffix(ending).resolve() for ending in (out.suffix, *_BESIDE)}
    for source in sources:
        if source.resolve() in written:
            raise BadInput(
                f"{source.name} would be written over by what is made as {out.name}",
                hint="give the block another name than the page's and its print's",
            )


def _write(rebuilt: Rebuilt, out: Path, ending: str) -> None:
    """Every file is written before the first gets its name; the mesh gets its own last."""
    record, sheet, sources = (out.with_suffix(beside) for beside in _BESIDE)
    files = {
        out: mesh_file(rebuilt.mesh, ending),
        record: (json.dumps(rebuilt.record, ensure_ascii=False, indent=1) + "\n").encode(),
        sheet: sheet_pdf(rebuilt.face, rebuilt.made),
        sources: colour_png(sources_picture(rebuilt.face, rebuilt.made)),
    }
    with ExitStack() as stack:
        for path, data in files.items():
            stack.enter_context(write_aside(path)).write_bytes(data)


def _report(rebuilt: Rebuilt, out: Path) -> None:
    record = rebuilt.record
    counts = record["sources"]
    log.info(
        "%d characters: %d of the same carving, %d of the same character, %d raised from the print",
        len(record["characters"]),
        counts["same_carving"],
        counts["same_character"],
        counts["from_print"],
    )
    log.info("its print meets %.1f %% of the page's strokes", 100 * rebuilt.meets)
    log.info(
        "%s x %s mm, %s triangles: %s", record["width_mm"], record["height_mm"], record["triangles"], out
    )
