"""`python -m retrieval page-matches`: from whole pages to suggestions, against boxes that people drew."""

import argparse
import csv
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.evaluate.methods.by_name import EMBEDDING, Method, open_method
from retrieval.evaluate.ranking import fill_gallery
from retrieval.io.sets import BenchSet, read_set
from retrieval.locate import Box, Localiser, crop_box
from retrieval.locate.crops import MARGIN
from retrieval.locate.scores import matched
from retrieval.report.measure import rounded
from retrieval.train.localiser.real_pages import RealPage, read_real_pages

log = logging.getLogger(__name__)
_DEPTH = 5
_BOTH_WAYS = "boxes drawn by people", "boxes found"


@dataclass(frozen=True)
class Wanted:
    """A character of a page whose carvings are in the gallery.

    drawn: its box as it is known.
    found: the box that was found on it; None for none.
    angle: the skew that was found.
    items: the gallery's items of the character.
    """

    page: RealPage
    drawn: Box
    found: Box | None
    angle: float
    items: frozenset[int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("pages", type=Path, metavar="FOLDER", help="held-out pages with labelled boxes")
    parser.add_argument("set", type=Path, metavar="SET", help="labelled set whose items are the gallery")
    parser.add_argument("--weights", type=Path, help="a localiser other than the shipped one")
    parser.add_argument("--every", type=int, default=1, help="measure on one page in so many (default: 1)")
    parser.add_argument(
        "--margins", default=f"{MARGIN:g}", help="of crops, in shares of the box; with commas"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes that read meshes (default: 1)")
    parser.add_argument(
        "--json", type=Path, default=Path("docs/results/page_matches.json"), help="the numbers"
    )


def run(args: argparse.Namespace) -> int:
    """Measure and write. Raises BadInput, BadModel."""
    bench = read_set(args.set)
    localiser = Localiser.load(args.weights)
    gallery = fill_gallery(open_method(EMBEDDING), bench.items, bench.read_item, jobs=args.jobs)
    items = _items_of(bench, gallery.items)
    wanted = list(wanted_characters(args.pages, localiser, items, args.every))
    if not wanted:
        raise BadInput(f"{args.pages} holds no labelled characters of {bench.name}", hint="check both paths")
    margins = [float(margin) for margin in args.margins.split(",")]
    results = {
        "localiser": localiser.fingerprint,
        "set": bench.name,
        "pages": len({one.page.name for one in wanted}),
        "characters": len(wanted),
        "missed": sum(one.found is None for one in wanted),
        "margins": {f"{margin:g}": measure(gallery.method, wanted, margin) for margin in margins},
    }
    with write_aside(args.json) as aside:
        aside.write_text(json.dumps(rounded(results), indent=1) + "\n", encoding="utf-8")
    log.info("wrote %s\n%s", args.json, json.dumps(rounded(results["margins"]), indent=1))
    return 0


def _items_of(bench: BenchSet, names: Sequence[str]) -> Mapping[str, frozenset[int]]:
    """The numbers of a character's items in the gallery."""
    found: dict[str, set[int]] = {}
    for number, name in enumerate(names):
        if name in bench.characters:
            found.setdefault(chr(int(bench.characters[name][2:], 16)), set()).add(number)
    return {character: frozenset(numbers) for character, numbers in found.items()}


def wanted_characters(
    folder: Path, localiser: Localiser, items: Mapping[str, frozenset[int]], every: int
) -> Iterator[Wanted]:
    """The characters of held-out pages that the gallery has. every: one page in so many."""
    for page in read_real_pages(folder, held_out=True)[::every]:
        characters = _characters(folder / f"{page.name}.csv")
        if not any(character in items for character in characters):
            continue
        read = localiser.locate(page.grey)
        found = np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in read.boxes]).reshape(-1, 4)
        at = {true: got for got, true in matched(found, page.boxes, 0.5).tolist()}
        for number, character in enumerate(characters):
            if character in items:
                x0, y0, x1, y1 = page.boxes[number].tolist()
                own = read.boxes[at[number]] if number in at else None
                yield Wanted(page, Box(x0, y0, x1 - x0, y1 - y0), own, read.angle, items[character])


def _characters(table: Path) -> list[str]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return [row.get("character") or "" for row in csv.DictReader(file)]


def measure(gallery: Method, wanted: Sequence[Wanted], margin: float) -> dict[str, dict[str, float]]:
    """How often an item of the character is the first, and among the first five, with either boxes.

    A character that was not found counts as wrong. gallery: filled. margin: of the crops.
    """
    scores = {}
    for way in _BOTH_WAYS:
        boxes = [one.drawn if way == _BOTH_WAYS[0] else one.found for one in wanted]
        crops = [
            crop_box(one.page.grey, box, one.angle if box is one.found else 0.0, margin=margin)
            for one, box in zip(wanted, boxes, strict=True)
            if box is not None
        ]
        hits = iter(gallery.rank(crops, _DEPTH).ids) if crops else iter(())
        ranked = [next(hits).tolist() if box is not None else [] for box in boxes]
        pairs = list(zip(ranked, wanted, strict=True))
        scores[way] = {
            "first": float(np.mean([bool(row[:1]) and row[0] in one.items for row, one in pairs])),
            "among five": float(np.mean([not one.items.isdisjoint(row) for row, one in pairs])),
        }
    return scores
