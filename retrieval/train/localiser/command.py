"""`python -m retrieval train-localiser NAME`: draw pages, train, and write the localiser's weights."""

import argparse
import logging
from pathlib import Path

import numpy as np
import torch

from retrieval.locate.network.net import LocatorNet
from retrieval.locate.network.weights import LocatorWeights, save_localiser
from retrieval.synth.pages import draw_bank
from retrieval.train.localiser.config import CONFIGS, LocaliserConfig, load_localiser_config
from retrieval.train.localiser.learner import LocaliserLearner
from retrieval.train.localiser.real_pages import HELD_OUT, ink_patches, read_real_pages
from retrieval.train.localiser.tiles import PageTiles
from retrieval.train.runtime.loop import TrainingLoop, TrainingProgress
from retrieval.train.runtime.settings import config_names

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    names = ", ".join(config_names(CONFIGS))
    parser.add_argument("config", help=f"a configuration: {names}, or a .toml file")
    parser.add_argument("--folder", type=Path, default=Path("var/train"), help="checkpoints live here")
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--pages", type=Path, help="folder of page scans with boxes (x0,y0,x1,y1)")
    parser.add_argument("--out", type=Path, help="weights file to write (default: FOLDER/NAME.safetensors)")
    parser.add_argument("--minutes", type=float, help="end after so much training time, if that comes sooner")


def run(args: argparse.Namespace) -> int:
    """Do it all. Interrupted at any point, the same command goes on from there. Raises BadInput, BadModel."""
    config = load_localiser_config(args.config)
    args.folder.mkdir(parents=True, exist_ok=True)
    loop = training_loop(config, args.folder, args.fonts, args.pages, minutes=args.minutes)
    loop.train(_log_progress)
    out = args.out or args.folder / f"{config.name}.safetensors"
    record = {**loop.facts(), "real_pages": bool(args.pages), "held_out": list(HELD_OUT)}
    save_localiser(out, LocatorWeights(loop.average.cpu().eval(), config.name, config.recipe, record))
    log.info("wrote %s (%.1f MB)", out, out.stat().st_size / 1e6)
    return 0


def training_loop(
    config: LocaliserConfig, folder: Path, fonts: list[Path], pages: Path | None, *, minutes: float | None
) -> TrainingLoop[LocatorNet]:
    """A run, not begun yet.

    folder: keeps the checkpoint.
    fonts: folders of typefaces beside the system's.
    pages: folder of real pages; drawn ones alone when None.
    minutes: end the run after so much training time, if that comes sooner.
    """
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    real = read_real_pages(pages) if pages else []
    random = np.random.default_rng(config.seed)
    bank = draw_bank(random, fonts=fonts, each=config.glyphs, patches=ink_patches(real))
    log.info("%d glyphs, %d real pages, %d patches", len(bank.fields), len(real), len(bank.patches))
    return TrainingLoop(
        LocaliserLearner(LocatorNet(config.shape)),
        PageTiles(bank, real, config.mix, seed=config.seed),
        config,
        folder / f"{config.name}.checkpoint.safetensors",
        minutes=minutes,
    )


def _log_progress(progress: TrainingProgress) -> None:
    log.info(
        "batch %d, %.1f %%, %.1f min, loss %.3f",
        progress.batch, 100 * progress.share, progress.seconds / 60, progress.loss,
    )  # fmt: skip
