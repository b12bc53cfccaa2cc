"""`python -m retrieval train NAME`: draw, train, measure, calibrate, and write the weights."""

import argparse
import dataclasses
import logging
import os
from collections.abc import Callable
from pathlib import Path

import torch

from retrieval.models import Weights, save_weights
from retrieval.preprocess import Recipe
from retrieval.train.data.glyph_cache import cached_glyphs
from retrieval.train.data.mesh_cache import draw_meshes, load_meshes
from retrieval.train.data.training_data import TrainingData, gather_training_data
from retrieval.train.data.validation_set import ValidationSet
from retrieval.train.pretrain.calibration import RECORDED_AS, calibrated
from retrieval.train.pretrain.config import CONFIGS, PretrainConfig, load_pretrain_config
from retrieval.train.pretrain.pretraining import Pretraining
from retrieval.train.runtime.distributed import Ranks, default_device, joined
from retrieval.train.runtime.loop import TrainingProgress
from retrieval.train.runtime.settings import config_names

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    names = ", ".join(config_names(CONFIGS))
    parser.add_argument("config", help=f"a configuration: {names}, or a .toml file")
    parser.add_argument(
        "--folder", type=Path, default=Path("var/train"), help="caches and checkpoints live here"
    )
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--crops", type=Path, help="zip of labelled crops of a real print")
    parser.add_argument("--out", type=Path, help="weights file to write (default: FOLDER/NAME.safetensors)")
    parser.add_argument("--minutes", type=float, help="end after so much training time, if that comes sooner")
    parser.add_argument("--device", help="cpu or cuda (default: the GPU where there is one)")


def run(args: argparse.Namespace, report: Callable[[TrainingProgress], None] | None = None) -> int:
    """Do it all. Interrupted at any point, the same command goes on from there.

    report: called every 50 batches; goes to the log when None.

    Raises:
        BadInput: the configuration is unknown, or no typeface is found.
        BadModel: the checkpoint cannot be used.
    """
    config = load_pretrain_config(args.config)
    device = args.device or default_device()
    out = args.out or args.folder / f"{config.name}.safetensors"
    with joined(device) as ranks:
        config = _with_workers(config, device, ranks)
        with ranks.first_before_others():
            glyphs = cached_glyphs(config.glyphs, args.folder, args.fonts, args.crops, seed=config.seed)
            data = gather_training_data(glyphs, args.crops)
            draw_meshes(args.folder / "meshes", data, config.meshes, seed=config.seed)
        weights = _trained(config, data, device, args, ranks, report or _log_progress)
    if ranks.first:
        finished = calibrated(weights, ValidationSet.draw(glyphs, data.crops, seed=config.seed))
        save_weights(out, finished)
        log.info("wrote %s (%.1f MB): %s", out, out.stat().st_size / 1e6, finished.record[RECORDED_AS[0]])
    return 0


def _trained(
    config: PretrainConfig,
    data: TrainingData,
    device: str,
    args: argparse.Namespace,
    ranks: Ranks,
    report: Callable[[TrainingProgress], None],
) -> Weights:
    """Train, or go on training, and return the weights, not yet calibrated."""
    if ranks.first:
        log.info("%s", _expectation(config, data, device, ranks.world))
    torch.set_num_threads(config.threads)
    training = Pretraining(
        config,
        Recipe(size=config.shape.size),
        data,
        load_meshes(args.folder / "meshes", data.classes),
        args.folder,
        device=ranks.device(device),
        minutes=args.minutes,
        ranks=ranks,
    )
    training.loop.train(report)
    return training.weights()


def _with_workers(config: PretrainConfig, device: str, ranks: Ranks) -> PretrainConfig:
    """A GPU learns faster than one process draws: all cores but one for each GPU draw."""
    if not device.startswith("cuda") or not config.workers:
        return config
    cores = (os.cpu_count() or 2) // ranks.beside
    return dataclasses.replace(config, workers=max(config.workers, cores - 1))


def _expectation(config: PretrainConfig, data: TrainingData, device: str, processes: int) -> str:
    a_second = 300 * processes if device == "cpu" else 1000 * (os.cpu_count() or 1)
    hours = config.images / a_second / 3600
    where = f"{processes} x {device}" if processes > 1 else device
    return (
        f"training {config.name}: {len(data.classes)} characters, {config.images:,} images, on {where}; "
        f"about {hours:.1f} hours; interrupt it at will, the same command goes on where it was"
    )


def _log_progress(progress: TrainingProgress) -> None:
    log.info(
        "batch %d, %.1f %%, %.1f min, loss %.3f",
        progress.batch, 100 * progress.share, progress.seconds / 60, progress.loss,
    )  # fmt: skip
