"""`python -m retrieval alignment`: how many boxes of a page get the right character of a known text."""

import argparse
import csv
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath

import numpy as np

from common.errors import BadInput
from common.intervals import wilson_interval
from common.publish import write_aside
from common.transcriptions import PageText
from retrieval.align import CharacterVectors, align
from retrieval.data.characters import held_out_page
from retrieval.embed import Embedder
from retrieval.io.files import Files, open_files
from retrieval.io.images import read_image
from retrieval.locate.crops import crop_box
from retrieval.locate.types import Box
from retrieval.models import shipped_weights
from retrieval.report.measure import rounded

log = logging.getLogger(__name__)
_SEED = 12
_FAULTS = 0.05  # of the boxes, missing or extra
_FEWEST = 20  # labelled boxes; a page with fewer is not measured


@dataclass(frozen=True)
class LabelledPage:
    """A page whose characters are known.

    boxes, characters: N, in reading order. vectors: (N, D), of the boxes. between: (N, D), of boxes half a
    character lower, such as a bad cut makes. begins: N, which begin a column.
    """

    name: str
    characters: tuple[str, ...]
    begins: tuple[bool, ...]
    vectors: np.ndarray
    between: np.ndarray


@dataclass(frozen=True)
class Case:
    """Boxes with the text that they are laid along. wanted: of each box, the text's place; -1 for none."""

    vectors: np.ndarray
    begins: Sequence[bool]
    text: PageText
    wanted: Sequence[int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "pages", type=Path, metavar="FOLDER", help="pages, and a CSV of labelled boxes for each"
    )
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")
    parser.add_argument("--json", type=Path, default=Path("docs/results/alignment.json"), help="the numbers")
    parser.add_argument("--vectors", type=Path, help="npz to keep the boxes' vectors in, for a second run")


def run(args: argparse.Namespace) -> int:
    """Measure and write. Raises BadInput, BadModel."""
    embedder = Embedder.load(args.weights, "cpu")
    if embedder.learned is None:
        raise BadInput(f"{embedder.name} learned no characters", hint="take the shipped weights")
    directions, codepoints = embedder.learned
    known = CharacterVectors([chr(code) for code in codepoints.tolist()], directions)
    pages = list(labelled_pages(open_files(args.pages), embedder, args.vectors))
    if not pages:
        raise BadInput(f"{args.pages} holds no pages with labelled boxes", hint="check the path")
    held_out = [page for page in pages if held_out_page(page.name)]
    found = {"all pages": _measured(pages, known), "held-out pages": _measured(held_out, known)}
    text = json.dumps(rounded({"model": embedder.fingerprint, "sets": found}), indent=1)
    with write_aside(args.json) as aside:
        aside.write_text(text + "\n", encoding="utf-8")
    log.info("wrote %s\n%s", args.json, table(json.loads(text)["sets"]))
    return 0


def labelled_pages(files: Files, embedder: Embedder, keep: Path | None = None) -> Iterator[LabelledPage]:
    """Pages with a table ``x0,y0,x1,y1,character`` each. Boxes without a character are left out."""
    kept = dict(np.load(keep)) if keep and keep.is_file() else {}
    for name in sorted(files.names):
        stem = PurePosixPath(name).stem
        if not name.endswith(".csv"):
            continue
        rows = [row for row in csv.DictReader(files.read(name).decode().splitlines()) if row["character"]]
        if len(rows) < _FEWEST:
            continue
        boxes = [_box(row) for row in rows]
        if stem not in kept:
            grey = read_image(files.read(f"{name[:-4]}.jpg"), name=name)
            lower = [Box(box.x, box.y + box.h / 2, box.w, box.h) for box in boxes]
            vectors = embedder.embed_prints([crop_box(grey, box) for box in [*boxes, *lower]])
            kept[stem] = vectors
        log.info("%s: %d boxes", stem, len(boxes))
        begins = [place == 0 or box.y < boxes[place - 1].y for place, box in enumerate(boxes)]
        here, between = np.split(kept[stem], 2)
        yield LabelledPage(stem, tuple(row["character"] for row in rows), tuple(begins), here, between)
    if keep:
        np.savez(keep, **kept)


def _box(row: dict[str, str]) -> Box:
    x, y, right, bottom = (float(row[side]) for side in ("x0", "y0", "x1", "y1"))
    return Box(x, y, right - x, bottom - y)


def _measured(pages: Sequence[LabelledPage], known: CharacterVectors) -> dict:
    """Each case's share of boxes that are right, with its interval, and how well the texts fit."""
    chance = np.random.default_rng(_SEED)
    cases = {
        "clean": [clean(page) for page in pages],
        "clean, without lines": [_without_lines(clean(page)) for page in pages],
        "one box in twenty missing or extra": [faulty(page, chance) for page in pages],
        "one character in twenty wrong": [misspelt(clean(page), chance) for page in pages],
        "all pages at once": [together([clean(page) for page in pages])],
        "all at once, one in twenty missing or extra": [together([faulty(page, chance) for page in pages])],
    }
    found = {name: _scored(some, known) for name, some in cases.items() if some}
    others = [Case(clean(a).vectors, a.begins, clean(b).text, ()) for a, b in pairwise(pages)]
    fits = [align(one.vectors, one.begins, one.text, known).fit for one in others]
    return {"pages": len(pages), "boxes": sum(len(page.characters) for page in pages), "cases": found} | {
        "fit of another page's text": {"highest": max(fits, default=0), "mean": float(np.mean(fits or [0]))}
    }


def _scored(cases: Sequence[Case], known: CharacterVectors) -> dict:
    right = count = 0
    worst, fits = 1.0, []
    for case in cases:
        found = align(case.vectors, case.begins, case.text, known)
        same = sum(box.place == place for box, place in zip(found.boxes, case.wanted, strict=True))
        right, count, worst = right + same, count + len(case.wanted), min(worst, same / len(case.wanted))
        fits.append(found.fit)
    low, high = wilson_interval(right, count)
    return {"right": right / count, "interval": [low, high], "worst page": worst, "lowest fit": min(fits)}


def clean(page: LabelledPage) -> Case:
    """Each box, and its character."""
    text = PageText(page.characters, page.begins)
    return Case(page.vectors, page.begins, text, range(len(page.characters)))


def faulty(page: LabelledPage, chance: np.random.Generator) -> Case:
    """One box in forty missing, and one in forty too many, where a character was cut in two."""
    rows: list[tuple[np.ndarray, bool, int]] = []
    for place, begins in enumerate(page.begins):
        drawn = chance.random()
        if drawn >= _FAULTS / 2:
            rows.append((page.vectors[place], begins, place))
        if drawn >= 1 - _FAULTS / 2:
            rows.append((page.between[place], False, -1))
    vectors, columns, wanted = zip(*rows, strict=True)
    return Case(np.stack(vectors), columns, PageText(page.characters, page.begins), wanted)


def misspelt(case: Case, chance: np.random.Generator) -> Case:
    """One character in twenty exchanged for another of the text."""
    text = [
        str(chance.choice(case.text.characters)) if chance.random() < _FAULTS else one
        for one in case.text.characters
    ]
    return Case(case.vectors, case.begins, PageText(tuple(text), case.text.starts), case.wanted)


def _without_lines(case: Case) -> Case:
    none = (False,) * len(case.text.characters)
    return Case(case.vectors, case.begins, PageText(case.text.characters, none), case.wanted)


def together(cases: Sequence[Case]) -> Case:
    """All of them as one book."""
    texts = [case.text for case in cases]
    offsets = np.cumsum([0, *(len(text.characters) for text in texts)]).tolist()
    return Case(
        np.concatenate([case.vectors for case in cases]),
        [begins for case in cases for begins in case.begins],
        PageText(
            tuple(one for text in texts for one in text.characters),
            tuple(one for text in texts for one in text.starts),
        ),
        [
            place + offset if place >= 0 else -1
            for case, offset in zip(cases, offsets, strict=False)
            for place in case.wanted
        ],
    )


def table(sets: dict) -> str:
    """The numbers as docs/pages.md has them."""
    lines = []
    for name, found in sets.items():
        lines += [f"{name}: {found['pages']} pages, {found['boxes']} boxes", ""]
        lines += ["| text and boxes | boxes right | 95 % interval | worst page | lowest fit |"]
        lines += ["| --- | --- | --- | --- | --- |"]
        for case, one in found["cases"].items():
            low, high = one["interval"]
            lines.append(
                f"| {case} | {one['right']:.4f} | {low:.4f} to {high:.4f} | {one['worst page']:.3f} "
                f"| {one['lowest fit']:.2f} |"
            )
        other = found["fit of another page's text"]
        lines += [
            f"| another page's text | | | | mean {other['mean']:.2f}, highest {other['highest']:.2f} |",
            "",
        ]
    return "\n".join(lines)
