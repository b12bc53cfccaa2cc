"""`python -m retrieval pages`: how well the localiser finds and orders the characters of pages."""

import argparse
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from common.publish import write_aside
from retrieval.locate import Localiser, PageBoxes
from retrieval.locate.scores import PageScore, order_score, score_page
from retrieval.locate.strokes import not_thin
from retrieval.report.pages.sheet import page_sheet
from retrieval.report.pages.table import pages_page
from retrieval.report.sheets import save_sheet
from retrieval.synth.pages import draw_bank, draw_page
from retrieval.train.localiser.real_pages import HELD_OUT, RealPage, read_loose_boxes, read_real_pages
from retrieval.train.localiser.targets import THINNEST

log = logging.getLogger(__name__)

_SEED = 77  # of drawn pages; training has another
_TURNED = (-4.0, -3.0, -2.0, 2.0, 3.0, 4.0)
_SHOWN = 4


@dataclass(frozen=True)
class TruePage:
    """A page to measure on.

    set: it belongs to.
    name: of the page.
    grey: (H, W) uint8.
    boxes: (N, 4) float, left, top, right, bottom, in reading order where that is known.
    ordered: places in ``boxes`` whose reading order is known.
    labelled: left and right end of the part in which every character has a box.
    """

    set: str
    name: str
    grey: np.ndarray
    boxes: np.ndarray
    ordered: np.ndarray
    labelled: tuple[float, float]


@dataclass(frozen=True)
class Measured:
    """A page's result. tau, edit: of the reading order; None where it is not known."""

    page: TruePage
    found: PageBoxes
    score: PageScore
    tau: float | None
    edit: float | None
    seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("pages", type=Path, metavar="FOLDER", help="page scans with boxes (x0,y0,x1,y1)")
    parser.add_argument("--weights", type=Path, help="a localiser other than the shipped one")
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--drawn", type=int, default=40, help="drawn pages to measure on (default: 40)")
    parser.add_argument("--json", type=Path, default=Path("docs/results/pages.json"), help="the numbers")
    parser.add_argument(
        "--page", type=Path, default=Path("docs/locating.md"), help="the page that tells of them"
    )
    parser.add_argument(
        "--picture", type=Path, default=Path("docs/pictures/pages/worst.webp"), help="the worst pages"
    )


def run(args: argparse.Namespace) -> int:
    """Measure, and write numbers, page and picture. Raises BadInput, BadModel."""
    localiser = Localiser.load(args.weights)
    measured = []
    for page in true_pages(args.pages, args.fonts, args.drawn):
        measured.append(measure(localiser, page))
        log.info("%s %s: %.3f", page.set, page.name, measured[-1].score.f1[0.5])
    results = {
        "localiser": localiser.fingerprint,
        "record": dict(localiser.weights.record),
        "held_out": list(HELD_OUT),
        "sets": summaries(measured),
    }
    worst = sorted((one for one in measured if one.score.f1[0.5] < 1), key=lambda one: one.score.f1[0.5])
    shown = [one for one in worst if not one.page.set.endswith("turned")][:_SHOWN]
    save_sheet(page_sheet([(one.page.grey, one.page.boxes, one.found) for one in shown]), args.picture)
    _write(args.json, json.dumps(results, indent=1) + "\n")
    _write(
        args.page, pages_page(results, [(one.page.set, one.page.name, one.score.f1[0.5]) for one in shown])
    )
    return 0


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")


def true_pages(folder: Path, fonts: Sequence[Path], drawn: int) -> Iterator[TruePage]:
    """Held-out scans, some of them turned as well, then drawn pages."""
    for number, page in enumerate(read_real_pages(folder, held_out=True)):
        known = _known_page(folder, page)
        yield known
        if number % 4 == 0:
            yield turned(known, _TURNED[number // 4 % len(_TURNED)])
    random = np.random.default_rng(_SEED)
    bank = draw_bank(random, fonts=fonts, each=300)
    for number in range(drawn):
        size, side = float(random.uniform(20, 60)), float(random.uniform(900, 1600))
        new = draw_page(random, bank, size=size, side=side)
        text = np.flatnonzero([kind in ("main", "note") for kind in new.kinds])
        boxes = not_thin(new.boxes, THINNEST)  # as people draw single strokes
        yield TruePage("drawn", str(number), new.grey, boxes, text, (0, new.grey.shape[1]))


def _known_page(folder: Path, page: RealPage) -> TruePage:
    """Hand-drawn boxes as they are; equal splits of columns snapped to the ink, in the order of the table."""
    book = next(name for name in HELD_OUT if page.name.startswith(name))
    if book.startswith("Tale"):
        left, _, right, _ = page.labelled
        return TruePage(book, page.name, page.grey, page.boxes, np.arange(len(page.boxes)), (left, right))
    loose = [
        (box.x, box.y, box.x + box.w, box.y + box.h) for box in read_loose_boxes(folder / f"{page.name}.csv")
    ]
    return TruePage(book, page.name, page.grey, np.array(loose), np.zeros(0, int), (0, page.grey.shape[1]))


def turned(page: TruePage, angle: float) -> TruePage:
    """A page laid askew on the scanner. angle: degrees, clockwise."""
    rows, columns = page.grey.shape
    turn = np.deg2rad(angle)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    size = np.ceil(np.abs(matrix) @ (columns, rows)).astype(int)
    shift = size / 2 - matrix @ np.array([columns / 2, rows / 2])
    grey = cv2.warpAffine(
        page.grey,
        np.c_[matrix, shift],
        tuple(size.tolist()),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    middles = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2 @ matrix.T + shift
    halves = (page.boxes[:, 2:] - page.boxes[:, :2]) / 2
    boxes = np.concatenate([middles - halves, middles + halves], axis=1)
    whole = page.labelled == (0, columns)
    ends = (0.0, float(size[0])) if whole else (float(boxes[:, 0].min()) - 4, float(boxes[:, 2].max()) + 4)
    return TruePage(f"{page.set}, turned", f"{page.name} by {angle:g}", grey, boxes, page.ordered, ends)


def measure(localiser: Localiser, page: TruePage) -> Measured:
    """Find a page's characters, and score them."""
    begun = time.process_time()
    found = localiser.locate(page.grey)
    seconds = time.process_time() - begun
    edges = np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in found.boxes]).reshape(-1, 4)
    middles = edges[:, ::2].mean(axis=1)
    own = edges[(middles > page.labelled[0]) & (middles < page.labelled[1])]
    tau, edit = order_score(own, page.boxes[page.ordered]) if len(page.ordered) > 1 else (None, None)
    return Measured(page, found, score_page(own, page.boxes), tau, edit, seconds)


def summaries(measured: Sequence[Measured]) -> dict[str, dict]:
    """The numbers of each set."""
    return {
        name: _summary([one for one in measured if one.page.set == name])
        for name in dict.fromkeys(one.page.set for one in measured)
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if len(values) else None


def _summary(ones: Sequence[Measured]) -> dict:
    worst = min(ones, key=lambda one: one.score.f1[0.5])
    return {
        "pages": len(ones),
        "characters": sum(len(one.page.boxes) for one in ones),
        "f1_50": _mean([one.score.f1[0.5] for one in ones]),
        "f1_70": _mean([one.score.f1[0.7] for one in ones]),
        "small": _mean([one.score.small for one in ones if one.score.small is not None]),
        "count": _mean([one.score.count for one in ones]),
        "worst": round(worst.score.f1[0.5], 4),
        "worst_page": worst.page.name,
        "tau": _mean([one.tau for one in ones if one.tau is not None]),
        "edit": _mean([one.edit for one in ones if one.edit is not None]),
        "seconds": _mean([one.seconds for one in ones]),
    }
