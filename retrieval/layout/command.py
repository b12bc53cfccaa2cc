"""`python -m retrieval map`: a folder of pictures laid out on a plane by what they show."""

import argparse
import csv
import logging
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.embed import Embedder
from retrieval.io.files import open_files
from retrieval.io.images import read_image
from retrieval.io.sets import picture_names
from retrieval.layout.maps import map_places
from retrieval.models import shipped_weights

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("pictures", type=Path, metavar="FOLDER", help="folder (or zip) of pictures")
    parser.add_argument("--out", type=Path, default=Path("map.csv"), metavar="CSV", help="table to write")
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")


def run(args: argparse.Namespace) -> int:
    """One row a picture: its name, and x and y from 0 to 10,000. Raises BadInput, BadModel."""
    if not args.out.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {args.out.parent} to write {args.out.name} in")
    files = open_files(args.pictures)
    pictures: dict[str, np.ndarray] = {}
    for name in picture_names(files.names):
        try:
            pictures[name] = read_image(files.read(name), name=name)
        except BadInput as error:
            log.info("left out: %s", error)
    if not pictures:
        raise BadInput(f"{args.pictures} holds no picture that can be read", hint="check the path")
    places = map_places(Embedder.load(args.weights).embed_prints(list(pictures.values())), _ignore)
    with write_aside(args.out) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("picture", "x", "y"))
        table.writerows((name, *place) for name, place in zip(pictures, places.tolist(), strict=True))
    log.info("%d pictures laid out: %s", len(pictures), args.out)
    return 0


def _ignore(done: int, total: int) -> None:
    """Nobody waits for this report."""
