"""`python -m retrieval suspects`: labelled crops whose label is likely wrong, the likeliest first."""

import argparse
import csv
import logging
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.data.crops import read_crops
from retrieval.label_errors.crops import suspect_crops
from retrieval.models import load_weights, shipped_weights

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--crops", type=Path, required=True, help="zip of labelled crops")
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="table to write, worst first")
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")


def run(args: argparse.Namespace) -> int:
    """One row a crop: path, codepoint, suggested codepoint, score. Raises BadSet, BadModel, BadInput."""
    if not args.out.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {args.out.parent} to write {args.out.name} in")
    crops = read_crops(args.crops)
    found = suspect_crops(crops, load_weights(args.weights))
    order = np.argsort(-found.score, kind="stable")
    with write_aside(args.out) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", "codepoint", "suggested", "score"))
        for place in order.tolist():
            codes = (f"U+{int(code):04X}" for code in (crops.codepoints[place], found.suggested[place]))
            table.writerow((crops.paths[place], *codes, f"{found.score[place]:.4f}"))
    suspected, wrong = int((found.score > 0).sum()), int(found.wrong.sum())
    log.info("%d crops, %d suspected, some %d wrong: %s", len(order), suspected, wrong, args.out)
    return 0
