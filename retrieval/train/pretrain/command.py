"""`python -m retrieval train NAME`: draw, train, measure, calibrate, and write the weights."""

import argparse
import dataclasses
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from common.errors import BadInput
from retrieval.data.crops import read_crops
from retrieval.models import Weights, save_weights
from retrieval.preprocess import Recipe
from retrieval.synth.fonts import SYSTEM_FOLDERS
from retrieval.synth.glyphs import Glyphs
from retrieval.train.data.glyph_cache import glyph_cache
from retrieval.train.data.mesh_cache import draw_part, load_meshes
from retrieval.train.data.training_data import Material, gather
from retrieval.train.data.validation_set import Development, develop
from retrieval.train.pretrain.config import TrainConfig, config_names, load_config
from retrieval.train.pretrain.pretraining import Run
from retrieval.train.runtime.distributed import Ranks, joined
from retrieval.train.runtime.loop import Progress

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("config", help=f"a configuration: {', '.join(config_names())}, or a .toml file")
    parser.add_argument(
        "--folder", type=Path, default=Path("var/train"), help="caches and checkpoints live here"
    )
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--crops", type=Path, help="zip of labelled crops of a real print")
    parser.add_argument("--out", type=Path, help="weights file to write (default: FOLDER/NAME.safetensors)")
    parser.add_argument("--minutes", type=float, help="end after so much training time, if that comes sooner")
    parser.add_argument("--device", help="cpu or cuda (default: the GPU where there is one)")


def run(args: argparse.Namespace, report: Callable[[Progress], None] | None = None) -> int:
    """Do it all. Interrupted at any point, the same command goes on from there. Raises BadInput, BadModel."""
    config = load_config(args.config)
    device = args.device or ("cuda" if torch.cuda.is_available() else "cpu")
    out = args.out or args.folder / f"{config.name}.safetensors"
    with joined(device) as ranks:
        config = _with_workers(config, device, ranks)
        with ranks.first_before_others():
            glyphs = cached_glyphs(config, args.folder, args.fonts, args.crops)
            material = gather(glyphs, args.crops)
            _draw_meshes(config, args.folder, material)
        weights = _trained(config, material, ranks.device(device), args, ranks, report or _log_progress)
    if ranks.first:
        finished = develop(weights, Development.draw(glyphs, material.crops, seed=config.seed))
        save_weights(out, finished)
        log.info("wrote %s (%.1f MB): %s", out, out.stat().st_size / 1e6, finished.record["development"])
    return 0


def _trained(
    config: TrainConfig,
    material: Material,
    device: str,
    args: argparse.Namespace,
    ranks: Ranks,
    report: Callable[[Progress], None],
) -> Weights:
    """Train, or go on training, and return the weights, not yet calibrated."""
    rendered = load_meshes(args.folder / "meshes", material.classes)
    recipe = Recipe(size=config.shape.size)
    if ranks.first:
        log.info("%s", _expectation(config, material, device, ranks.world))
    torch.set_num_threads(config.threads)
    training = Run(
        config, recipe, material, rendered, args.folder, device=device, minutes=args.minutes, ranks=ranks
    )
    net = training.train(report)
    return Weights(
        net.cpu().eval(),
        config.name,
        recipe,
        {},
        training.record,
        characters=training.characters,
        codepoints=torch.from_numpy(material.classes.astype(np.int32)),
    )


def _with_workers(config: TrainConfig, device: str, ranks: Ranks) -> TrainConfig:
    """A GPU learns faster than one process draws: all cores but one for each GPU draw."""
    if not device.startswith("cuda") or not config.workers:
        return config
    cores = (os.cpu_count() or 2) // ranks.beside
    return dataclasses.replace(config, workers=max(config.workers, cores - 1))


def cached_glyphs(config: TrainConfig, folder: Path, fonts: Sequence[Path], crops: Path | None) -> Glyphs:
    """The glyphs of a configuration in a training folder, drawn first where they are not there yet.

    fonts: folders beside the system's. crops: zip of labelled crops, whose characters are taken too.
    Raises BadInput where no typeface is found, BadSet for crops that cannot be read.
    """
    drawing = config.drawing
    glyphs = glyph_cache(
        folder / f"glyphs-{drawing.common}-{drawing.beyond}-{drawing.faces_each}",
        [*SYSTEM_FOLDERS, *fonts],
        {int(code) for code in read_crops(crops).codepoints} if crops else set(),
        common=drawing.common,
        beyond=drawing.beyond,
        faces_each=drawing.faces_each,
        seed=config.seed,
    )
    if not len(glyphs.fields):
        raise BadInput(
            "no typeface was found to draw characters from",
            hint="install the fonts-* packages named in docs/retrieval.md, or name a folder with --fonts",
        )
    return glyphs


def _draw_meshes(config: TrainConfig, folder: Path, material: Material) -> None:
    for number in range(config.drawing.mesh_parts):
        draw_part(folder / "meshes", material, number, count=config.drawing.meshes_a_part, seed=config.seed)


def _expectation(config: TrainConfig, material: Material, device: str, processes: int) -> str:
    a_second = 300 * processes if device == "cpu" else 1000 * (os.cpu_count() or 1)
    hours = config.images / a_second / 3600
    where = f"{processes} x {device}" if processes > 1 else device
    return (
        f"training {config.name}: {len(material.classes)} characters, {config.images:,} images, on {where}; "
        f"about {hours:.1f} hours; interrupt it at will, the same command goes on where it was"
    )


def _log_progress(progress: Progress) -> None:
    log.info(
        "batch %d, %.1f %%, %.1f min, loss %.3f",
        progress.batch, 100 * progress.share, progress.seconds / 60, progress.loss,
    )  # fmt: skip
