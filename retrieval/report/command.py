"""`python -m retrieval report`: measure the model, and write the page, its numbers and its pictures."""

import argparse
import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.embed import Embedder
from retrieval.io.sets import read_set
from retrieval.models import shipped_weights
from retrieval.preprocess import Recipe
from retrieval.report.matched import Matched
from retrieval.report.measure import VALIDATION, Measured, measure
from retrieval.report.page import PICTURES, charts, page
from retrieval.report.sheets import batch_sheet, drawing_sheet, save_sheet, worst, worst_sheet
from retrieval.synth.glyphs import Glyphs
from retrieval.train.data.glyph_cache import cached_glyphs
from retrieval.train.data.training_data import gather_training_data
from retrieval.train.data.validation_cache import cached_validation_set
from retrieval.train.pretrain.config import load_pretrain_config

log = logging.getLogger(__name__)

_REAL = "real crops"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--sets", type=Path, nargs="*", default=[], metavar="SET", help="labelled sets, their meshes readable"
    )
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")
    parser.add_argument("--config", default="shipped", help="the configuration that the model learned by")
    parser.add_argument(
        "--folder", type=Path, default=Path("build/train-shipped"),
        help="caches of glyphs and of the validation set, drawn first where they are not there",
    )  # fmt: skip
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--crops", type=Path, help="zip of labelled crops of a real print")
    parser.add_argument("--out", type=Path, default=Path("docs/retrieval.md"), help="the page to write")
    parser.add_argument("--json", type=Path, default=Path("docs/results/retrieval.json"), help="its numbers")
    parser.add_argument(
        "--show", nargs="*", default=[], metavar="NAME",
        help="sets whose pictures are free to be shown: their worst answers lie beside the page",
    )  # fmt: skip
    parser.add_argument(
        "--pictures", type=Path, default=Path("build/report"), help="the worst answers of the other sets"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read meshes")


def run(args: argparse.Namespace) -> int:
    """Measure and write. Raises BadInput, BadSet, BadModel, BadImage."""
    benches = [read_set(path) for path in args.sets]
    unknown = set(args.show) - {bench.name for bench in benches}
    if unknown:
        raise BadInput(f"--show names no set: {', '.join(sorted(unknown))}", hint="name sets given by --sets")
    config = load_pretrain_config(args.config)
    glyphs = cached_glyphs(config.glyphs, args.folder, args.fonts, args.crops, seed=config.seed)
    data = gather_training_data(glyphs, args.crops)
    validation = cached_validation_set(args.folder, glyphs, data.crops, seed=config.seed)
    measured = measure(args.weights, data, validation, benches, jobs=args.jobs)
    pictures = args.out.parent / PICTURES
    worst_rows = _write_worst(measured, args, pictures)
    results = {**measured.results, "worst": worst_rows}
    _write_drawing(glyphs, measured.embedder, pictures)
    for name, text in charts(results).items():
        _write(pictures / name, text)
    _write(args.json, json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    _write(args.out, page(results))
    log.info("wrote %s, %s and %s", args.out, args.json, pictures)
    return 0


def _write_worst(measured: Measured, args: argparse.Namespace, beside: Path) -> dict[str, list[dict]]:
    """Sheets of the worst answers; of those beside the page, what the rows are."""
    rows = {}
    for name, matched in measured.matched.items():
        for part, some in _by_licence(name, matched).items():
            places = worst(some)
            if not places:
                continue
            shown = part in (VALIDATION, *args.show)
            folder = beside if shown else args.pictures
            save_sheet(worst_sheet(some, places), folder / f"worst-{part}.webp")
            if shown:
                rows[part] = _row_texts(some, places, measured.embedder)
    return rows


def _by_licence(name: str, matched: Matched) -> dict[str, Matched]:
    """The validation set's real crops may not be shown, its drawn prints may."""
    if name != VALIDATION:
        return {name: matched}
    kinds = np.array(matched.queries.kinds)
    real, drawn = np.flatnonzero(kinds == _REAL), np.flatnonzero(kinds != _REAL)
    parts = {VALIDATION: matched.among(drawn)}
    return parts | {f"{VALIDATION}-crops": matched.among(real)} if len(real) else parts


def _row_texts(matched: Matched, places: Sequence[int], embedder: Embedder) -> list[dict]:
    ranks = matched.ranks()
    given = embedder.confidence(matched.nearest()[1])
    return [
        {
            "kind": matched.queries.kinds[place],
            "character": f"U+{int(matched.queries.codepoints[place]):04X}",
            "rank": int(ranks[place]),
            "confidence": round(float(given[place, 0]), 4),
        }
        for place in places
    ]


def _write_drawing(glyphs: Glyphs, embedder: Embedder, pictures: Path) -> None:
    save_sheet(drawing_sheet(glyphs), pictures / "drawing.webp")
    save_sheet(batch_sheet(glyphs, Recipe.from_dict(embedder.recipe)), pictures / "batch.webp")


def _write(path: Path, text: str) -> None:
    with write_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")
