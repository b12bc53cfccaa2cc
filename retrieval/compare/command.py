"""`python -m retrieval compare NAME`: train what has to be trained, score every method, write one table."""

import argparse
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import torch

from retrieval.compare.config import Contest, Contestant, contest_names, load_contest
from retrieval.compare.filled import Filled
from retrieval.compare.learned import LearnedMethod
from retrieval.compare.results import (
    measured_rows,
    merged,
    quoted_rows,
    read_rows,
    with_tables,
    write_results,
)
from retrieval.embed import Embedder
from retrieval.evaluate.methods import MODEL, Method, open_method
from retrieval.evaluate.model_method import ModelMethod
from retrieval.evaluate.run import score
from retrieval.io.sets import read_set
from retrieval.models import load_weights, shipped_weights
from retrieval.preprocess import Recipe
from retrieval.train.data.drawn_inputs import Drawn, chosen_classes, draw_inputs
from retrieval.train.data.mesh_cache import draw_part, load_meshes
from retrieval.train.data.training_data import Material, gather
from retrieval.train.methods.method_training import Trained, trained
from retrieval.train.pretrain.command import cached_glyphs

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("config", help=f"a comparison: {', '.join(contest_names())}, or a .toml file")
    parser.add_argument(
        "--sets", type=Path, nargs="+", required=True, metavar="SET", help="labelled sets, folders or zips"
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="METHOD", help="these methods of the config")
    parser.add_argument(
        "--folder", type=Path, default=Path("var/compare"), help="glyphs, inputs and weights are kept here"
    )
    parser.add_argument(
        "--out", type=Path, help="JSON file to write, and a .md beside it (default: FOLDER/results.json)"
    )
    parser.add_argument(
        "--page",
        type=Path,
        help="Markdown file to put the tables into, between its marks, instead of that .md",
    )
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--crops", type=Path, help="zip of labelled crops of a real print")
    parser.add_argument("--device", help="cpu or cuda, for training (default: the GPU where there is one)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read meshes")


def run(args: argparse.Namespace) -> int:
    """Do it all, one method after the other; what was trained, drawn and scored is kept after each.

    Raises BadInput for unknown methods and settings, BadSet for sets that cannot be read.
    """
    contest = load_contest(args.config)
    chosen = contest.chosen(args.only)
    benches = [read_set(path) for path in args.sets]
    out = args.out or args.folder / "results.json"
    if args.page:
        with_tables(args.page, "")
    args.folder.mkdir(parents=True, exist_ok=True)
    sets = [Filled.read(bench, args.folder, jobs=args.jobs) for bench in benches]
    rows = read_rows(out)
    torch.set_num_threads(contest.training.threads)
    school = School(contest, args)
    for contestant in chosen:
        rows = merged(rows, list(_rows(contestant, sets, school)), contest)
        write_results(out, contest, rows, args.page)
    log.info("wrote %s and %s", out, args.page or out.with_suffix(".md"))
    return 0


class School:
    """Where methods get their weights; inputs are drawn only when there is something to train."""

    def __init__(self, contest: Contest, args: argparse.Namespace) -> None:
        self._contest, self._args = contest, args
        # Glyphs may be those of a training run; inputs, meshes and weights are of this comparison alone.
        self._folder = args.folder / contest.name

    @cached_property
    def recipe(self) -> Recipe:
        """How pictures and height maps become inputs, for every trained method."""
        return Recipe(size=self._contest.training.shape.size)

    def taught(self, contestant: Contestant) -> Trained:
        """A contestant's weights, trained where the folder has none. Raises BadInput, BadModel."""
        device = self._args.device or ("cuda" if torch.cuda.is_available() else "cpu")
        return trained(
            contestant.entry,
            self._contest.schedule,
            self._contest.training.shape,
            lambda: self._drawn,
            self._contest.amounts.characters,
            self._folder,
            device=device,
        )

    @cached_property
    def _drawn(self) -> Drawn:
        contest, folder = self._contest, self._folder
        amounts, seed = contest.amounts, contest.schedule.seed
        material = self._material()
        for number in range(amounts.mesh_parts):
            draw_part(folder / "meshes", material, number, count=amounts.meshes_a_part, seed=seed)
        rendered = load_meshes(folder / "meshes", material.classes)
        log.info("inputs of %d characters", len(material.classes))
        return draw_inputs(folder / "inputs", material, rendered, amounts, self.recipe, seed=seed)

    def _material(self) -> Material:
        contest, args = self._contest, self._args
        glyphs = cached_glyphs(contest.training, args.folder, args.fonts, args.crops)
        return chosen_classes(gather(glyphs, args.crops), contest.amounts.characters, contest.schedule.seed)


def _rows(contestant: Contestant, sets: Sequence[Filled], school: School) -> Iterator[dict]:
    """The rows of one method: by every search, on every set."""
    if contestant.quoted:
        yield from quoted_rows(contestant)
        return
    taught = school.taught(contestant) if contestant.entry else None
    for search in contestant.searches:
        for filled in sets:
            method = _opened(contestant, search, taught, school.recipe)
            report = score(filled.bench, filled.gallery(method))
            log.info(
                "%s on %s: MRR@5 %.3f",
                f"{contestant.name} {search}".strip(),
                filled.bench.name,
                report.all.mrr_at_5.mean,
            )
            yield from measured_rows(contestant, search, report, taught.record if taught else None)


def _opened(contestant: Contestant, search: str, taught: Trained | None, recipe: Recipe) -> Method:
    """An empty gallery of a method."""
    if taught is not None:
        return LearnedMethod(contestant.name, taught, recipe, search, contestant.memory or None)
    if contestant.method == MODEL and contestant.memory is False:
        return ModelMethod(embedder=_without_memory())
    return open_method(contestant.method)


def _without_memory() -> Embedder:
    """The shipped model, its vectors not drawn to the learned characters."""
    weights = load_weights(shipped_weights())
    return Embedder(replace(weights, characters=None))
