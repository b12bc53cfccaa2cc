"""`python -m retrieval block`: a whole block's scan as its face, its print, and its characters one by one."""

import argparse
import csv
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.blocks.cutting import MOST_FACES, cut_characters
from retrieval.blocks.pictures import raking_light
from retrieval.blocks.reading import BlockReader, Character, ReadFace
from retrieval.blocks.scan import Scan, open_scan
from retrieval.blocks.units import UNITS
from retrieval.embed.embedder import Embedder
from retrieval.io.encode import colour_png, height_png, png, stl
from retrieval.locate import Localiser, crop_box
from retrieval.locate.types import Box

log = logging.getLogger(__name__)
HEAD = ("name", "column", "place", "x_mm", "y_mm", "w_mm", "h_mm", "score")
ITEMS = "items"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("mesh", type=Path, metavar="MESH", help="scan of a whole block")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder to make")
    parser.add_argument("--unit", choices=UNITS, help="of the file's numbers (default: found by its size)")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a model other than the shipped one")
    parser.add_argument(
        "--triangles", type=int, default=MOST_FACES, metavar="N", help="of a character, at most"
    )


def run(args: argparse.Namespace) -> int:
    """Read one block into a folder, which appears whole or not at all. Raises BadInput."""
    _check_paths(args)
    scan = open_scan(args.mesh)
    reader = BlockReader(Localiser.load(), Embedder.load(args.weights))
    read = reader.read(scan, unit=args.unit)
    with write_aside(args.out) as aside:
        for name, data in block_files(scan, read, args.triangles):
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    _report(read, args.out)
    return 0


def _check_paths(args: argparse.Namespace) -> None:
    if not args.mesh.is_file():
        raise BadInput(f"there is no file {args.mesh}", hint="check the path")
    if not args.out.absolute().parent.is_dir():
        raise BadInput(
            f"there is no folder {args.out.parent} to make {args.out.name} in", hint="make it first"
        )
    if args.out.exists() and (not args.out.is_dir() or any(args.out.iterdir())):
        raise BadInput(f"{args.out} is there already", hint="name a folder that is not there, or is empty")


def block_files(scan: Scan, read: ReadFace, most: int = MOST_FACES) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of all that is written of a block.

    most: triangles of a character's mesh, at most.
    """
    yield "items.csv", items_table(read).encode()
    yield "face.json", (json.dumps(_facts(read), indent=1) + "\n").encode()
    yield "face.png", colour_png(raking_light(read.face))
    yield "ink.png", png(read.ink)
    meshes = cut_characters(scan, read, most=most)
    for character, mesh in zip(read.characters, meshes, strict=True):
        yield f"{ITEMS}/{character.name}.stl", stl(mesh)
        yield f"{ITEMS}/{character.name}-print.png", png(print_of(read, character))
        yield f"{ITEMS}/{character.name}-depth.png", height_png(character.height)


def print_of(read: ReadFace, character: Character) -> np.ndarray:
    """(h, w) uint8, one character cut out of a face's print."""
    box, pitch = character.box, read.face.pitch
    return crop_box(read.ink, Box(box.x / pitch, box.y / pitch, box.w / pitch, box.h / pitch), read.angle)


def items_table(read: ReadFace) -> str:
    """The CSV file of a block's characters, in reading order."""
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEAD)
    for character in read.characters:
        box = character.box
        places = (round(side, 2) for side in (box.x, box.y, box.w, box.h))
        table.writerow((character.name, character.column, character.place, *places, round(box.score, 3)))
    return text.getvalue()


def _facts(read: ReadFace) -> dict:
    face = read.face
    return {
        "width_mm": round(face.size[0], 2),
        "height_mm": round(face.size[1], 2),
        "pitch_mm": round(face.pitch, 4),
        "depth_mm": round(face.depth, 3),
        "warp_mm": round(face.bend, 3),
        "unit": face.unit.name,
        "unit_assumed": face.unit.assumed,
        "quarter_turns": read.way.quarters,
        "mirrored": read.way.mirrored,
        "sure": round(read.way.sure, 4),
        "skew_degrees": round(read.angle, 2),
        "characters": len(read.characters),
        "to_grid": np.round(face.to_grid, 9).tolist(),
        "notes": list(face.notes),
    }


def _report(read: ReadFace, folder: Path) -> None:
    face = read.face
    width, height = face.size
    log.info(
        "face of %.0f x %.0f mm, carved %.1f mm deep, %.1f mm of warp taken out",
        width,
        height,
        face.depth,
        face.bend,
    )
    if face.unit.assumed:
        log.info(
            "the file names no unit; by its size it was taken as %s (--unit says another)", face.unit.name
        )
    turn = (
        "as scanned" if not read.way.quarters else f"after {90 * read.way.quarters} degrees counterclockwise"
    )
    log.info("it reads %s, %s", turn, "mirrored, as carved" if read.way.mirrored else "not mirrored")
    for note in face.notes:
        log.info("%s", note)
    log.info("%d characters: %s", len(read.characters), folder)
