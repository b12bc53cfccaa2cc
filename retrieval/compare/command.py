"""`python -m retrieval compare NAME`: train what has to be trained, score every method, write one table."""

import argparse
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import torch

from retrieval.compare.config import CONFIGS, ComparedMethod, Comparison, load_comparison
from retrieval.compare.learned_method import LearnedMethod, as_trained
from retrieval.compare.prepared_set import PreparedSet
from retrieval.compare.results import (
    measured_rows,
    merged,
    quoted_rows,
    read_rows,
    with_tables,
    write_results,
)
from retrieval.embed import Embedder
from retrieval.evaluate.methods.by_name import MODEL, Method, open_method
from retrieval.evaluate.methods.model_method import ModelMethod
from retrieval.evaluate.run import score
from retrieval.io.sets import BenchSet, read_set
from retrieval.models import load_weights, shipped_weights
from retrieval.preprocess import Recipe
from retrieval.train.data.drawn_inputs import DrawnInputs, chosen_classes, draw_inputs
from retrieval.train.data.glyph_cache import cached_glyphs
from retrieval.train.data.mesh_cache import draw_meshes, load_meshes
from retrieval.train.data.training_data import gather_training_data
from retrieval.train.methods.config import MethodConfig
from retrieval.train.methods.method_training import TrainedMethod, train_method
from retrieval.train.runtime.distributed import Ranks, default_device, joined
from retrieval.train.runtime.settings import config_names

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("config", help=f"a comparison: {', '.join(config_names(CONFIGS))}, or a .toml file")
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

    Under torchrun all processes train, and the first one scores.

    Raises:
        BadInput: a method or a setting is unknown.
        BadSet: a set cannot be read.
        BadModel: a weights file is damaged.
    """
    comparison = load_comparison(args.config)
    chosen = comparison.chosen(args.only)
    benches = [read_set(path) for path in args.sets]
    if args.page:
        with_tables(args.page, "")
    args.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(comparison.schedule.threads)
    device = args.device or default_device()
    with joined(device) as ranks:
        trainer = MethodTrainer(comparison, args, device, ranks)
        table = _Table(comparison, args, benches, trainer.recipe) if ranks.first else None
        for method in chosen:
            trained = trainer.train(method.training) if method.training else None
            if table:
                table.score(method, trained)
    return 0


class MethodTrainer:
    """Where methods get their weights; inputs are drawn only when there is something to train."""

    def __init__(self, comparison: Comparison, args: argparse.Namespace, device: str, ranks: Ranks) -> None:
        """args: of the command. device: cpu or cuda. ranks: which of several processes this is."""
        self._comparison, self._args, self._device, self._ranks = comparison, args, device, ranks
        # Glyphs may be those of a training run; inputs, meshes and weights are of this comparison alone.
        self._folder = args.folder / comparison.name

    @cached_property
    def recipe(self) -> Recipe:
        """How pictures and height maps become inputs, for every trained method."""
        return Recipe(size=self._comparison.shape.size)

    def train(self, method: MethodConfig) -> TrainedMethod:
        """A method's weights, trained where the folder has none. Every process has to call it.

        Raises:
            BadInput: an objective or an option is unknown.
            BadModel: a file is damaged.
        """
        return train_method(
            method,
            self._comparison.schedule,
            self._comparison.shape,
            lambda: self._drawn,
            self._comparison.inputs.characters,
            self._folder,
            device=self._ranks.device(self._device),
            ranks=self._ranks,
        )

    @cached_property
    def _drawn(self) -> DrawnInputs:
        comparison, args, seed = self._comparison, self._args, self._comparison.schedule.seed
        with self._ranks.first_before_others():
            glyphs = cached_glyphs(comparison.glyphs, args.folder, args.fonts, args.crops, seed=seed)
            data = gather_training_data(glyphs, args.crops)
            data = chosen_classes(data, comparison.inputs.characters, seed)
            draw_meshes(self._folder / "meshes", data, comparison.meshes, seed=seed)
            rendered = load_meshes(self._folder / "meshes", data.classes)
            log.info("inputs of %d characters", len(data.classes))
            folder = self._folder / "inputs"
            return draw_inputs(folder, data, rendered, comparison.inputs, self.recipe, seed=seed)


class _Table:
    """The rows of all methods, written anew after each."""

    def __init__(
        self, comparison: Comparison, args: argparse.Namespace, benches: Sequence[BenchSet], recipe: Recipe
    ) -> None:
        self._comparison, self._page, self._recipe = comparison, args.page, recipe
        self._out = args.out or args.folder / "results.json"
        self._sets = [PreparedSet.read(bench, args.folder, jobs=args.jobs) for bench in benches]
        self._rows = read_rows(self._out)

    def score(self, method: ComparedMethod, trained: TrainedMethod | None) -> None:
        """Score a method, and write the table."""
        self._rows = merged(self._rows, list(self._rows_of(method, trained)), self._comparison)
        write_results(self._out, self._comparison, self._rows, self._page)
        log.info("%s: wrote %s and %s", method.name, self._out, self._page or self._out.with_suffix(".md"))

    def _rows_of(self, method: ComparedMethod, trained: TrainedMethod | None) -> Iterator[dict]:
        """The rows of one method: by every search, on every set."""
        if method.quoted:
            yield from quoted_rows(method)
            return
        for search in method.searches:
            for prepared in self._sets:
                gallery = prepared.gallery(_opened(method, search, trained, self._recipe))
                report = score(prepared.bench, gallery)
                log.info(
                    "%s on %s: MRR@5 %.3f",
                    f"{method.name} {search}".strip(), prepared.bench.name, report.all.mrr_at_5.mean,
                )  # fmt: skip
                yield from measured_rows(method, search, report, trained.record if trained else None)


def _opened(method: ComparedMethod, search: str, trained: TrainedMethod | None, recipe: Recipe) -> Method:
    """An empty gallery of a method."""
    if trained is not None:
        memory = method.memory if isinstance(method.memory, tuple) else None
        return LearnedMethod(method.name, trained, recipe, search, memory)
    if method.method == MODEL and search:
        shipped = load_weights(shipped_weights())
        return LearnedMethod(method.name, as_trained(shipped), shipped.recipe, search)
    if method.method == MODEL and method.memory is False:
        return ModelMethod(embedder=_without_memory())
    return open_method(method.method)


def _without_memory() -> Embedder:
    """The shipped model, its vectors not drawn to the learned characters."""
    weights = load_weights(shipped_weights())
    return Embedder(replace(weights, characters=None))
