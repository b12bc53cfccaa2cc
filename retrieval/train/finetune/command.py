"""`python -m retrieval tune RECIPE PAIRS`: fine-tune weights on confirmed matches, and calibrate them.

In its folder a run leaves ``points.jsonl`` (one line at each report), its checkpoints, and at its end
``weights.safetensors``, then ``result.json``, which is there only when all went well; where it cannot go on,
``error.json`` says why.
"""

import argparse
import dataclasses
import errno
import fcntl
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from common.errors import BadInput, MocbanError
from common.publish import write_aside
from retrieval.models import Net, Weights, load_weights, save_weights, shipped_weights
from retrieval.train.finetune.blending import best_blend, memory_of
from retrieval.train.finetune.config import RECIPES, load_recipe
from retrieval.train.finetune.drawn_validation import drawn_set
from retrieval.train.finetune.finetuning import FineTuning
from retrieval.train.finetune.points import Points
from retrieval.train.finetune.training_pairs import TrainingPairs, read_training_pairs
from retrieval.train.finetune.validation import ValidationSide
from retrieval.train.objectives import OBJECTIVES
from retrieval.train.runtime.distributed import Ranks, default_device, joined
from retrieval.train.runtime.graceful_stop import stop_when_closed
from retrieval.train.runtime.loop import RunStopped, TrainingProgress
from retrieval.train.runtime.settings import config_names

log = logging.getLogger(__name__)
_LOCKED_SECONDS = 60.0
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    names = ", ".join(config_names(RECIPES))
    parser.add_argument("recipe", help=f"a recipe: {names}, or a .toml file")
    parser.add_argument(
        "pairs", type=Path, help="JSON Lines of training pairs, see retrieval.train.finetune.training_pairs"
    )
    parser.add_argument("--objective", choices=OBJECTIVES, help="what teaches (default: the recipe's)")
    parser.add_argument("--weights", type=Path, help="weights to begin with (default: the shipped ones)")
    parser.add_argument("--folder", type=Path, default=Path("var/tune"), help="everything is written here")
    parser.add_argument("--name", help="what the new model is called (default: the recipe's name)")
    parser.add_argument("--record", type=Path, help="JSON to write into the weights' record")
    parser.add_argument("--device", help="cpu or cuda (default: the GPU where there is one)")
    parser.add_argument(
        "--processes", type=int, default=0, help="processes (default: one a GPU, one on a CPU)"
    )
    parser.add_argument("--drawn", type=Path, help="folder that keeps drawn characters (default: FOLDER)")
    parser.add_argument("--nice", type=int, default=0, help="make way for other programs, up to 19")
    parser.add_argument(
        "--leave-with-input", action="store_true", help="keep all and stop when standard input ends"
    )


def run(args: argparse.Namespace) -> int:
    """Do it all. Interrupted at any point, the same command goes on from there.

    Raises:
        BadInput: recipe or pairs cannot be used.
        BadModel: the weights cannot be used.
    """
    device = args.device or default_device()
    processes = args.processes or (torch.cuda.device_count() if device == "cuda" else 1)
    if processes > 1 and "WORLD_SIZE" not in os.environ:
        _become_several(processes)
    os.nice(args.nice)
    args.folder.mkdir(parents=True, exist_ok=True)
    error = args.folder / "error.json"
    try:
        with joined(device) as ranks, _alone(args.folder, ranks):
            error.unlink(missing_ok=True)
            _run(args, ranks, device)
    except RunStopped:
        log.info("stopped; the same command goes on from here")
    except MocbanError as problem:
        _write(error, {"code": problem.code, "error": str(problem), "hint": problem.hint})
        raise
    except OSError as problem:
        if problem.errno not in _FULL:
            raise
        log.warning("the disk is full: %s", problem)
        _write(error, {"code": "disk_full", "error": "the disk is full", "hint": "make room, then go on"})
        return 1
    return 0


def _run(args: argparse.Namespace, ranks: Ranks, device: str) -> None:
    config, base = load_recipe(args.recipe), load_weights(args.weights or shipped_weights())
    config = config.taught_by(args.objective or config.objective)
    torch.set_num_threads(config.threads)
    pairs = read_training_pairs(args.pairs)
    tuning = FineTuning(config, base, pairs, args.folder, device=ranks.device(device), ranks=ranks)
    should_stop = stop_when_closed(sys.stdin.fileno()) if args.leave_with_input else (lambda: False)
    if not ranks.first:
        tuning.loop.train(should_stop=should_stop)
        return
    log.info("%s", _expectation(tuning, pairs, device, ranks.world))
    validation = ValidationSide(base, pairs)
    curves = _Curves(tuning, validation, Points(args.folder / "points.jsonl"))
    tuning.loop.train(curves.report, should_stop=should_stop, started=curves.begin)
    drawn = drawn_set(args.drawn or args.folder) if config.drawn_characters else None
    weights = best_blend(tuning, validation, name=args.name or config.name, drawn=drawn)
    extra = json.loads(args.record.read_text(encoding="utf-8")) if args.record else {}
    _publish(args.folder, dataclasses.replace(weights, record={**weights.record, **extra}))


class _Curves:
    """Writes a point at each report, and now and then scores the validation side."""

    def __init__(self, tuning: FineTuning, validation: ValidationSide, points: Points) -> None:
        self._tuning, self._validation, self._points = tuning, validation, points
        self._memory = memory_of(dataclasses.replace(tuning.base, characters=tuning.directions.characters))
        self._every = max(10, 10 * round(tuning.batches / tuning.config.validations / 10))

    def begin(self, batch: int) -> None:
        """The run goes on after this batch."""
        self._points.begin(batch, lambda: self._measured(self._tuning.base.net))

    def report(self, progress: TrainingProgress) -> None:
        """One more point."""
        point: dict[str, object] = {"batch": progress.batch, "share": round(min(1.0, progress.share), 4)}
        point |= {"seconds": round(progress.seconds, 1), "loss": round(progress.loss, 4)}
        if progress.batch % self._every == 0:
            point |= self._measured(self._tuning.loop.average)
            log.info("batch %d, loss %.3f, MRR@5 %s", progress.batch, progress.loss, point["mrr"])
        self._points.add(point)

    def _measured(self, net: Net) -> dict[str, object]:
        score = self._validation.score(net, self._memory)
        return {"mrr": None if score.mrr is None else round(score.mrr, 4), "kept": round(score.kept, 4)}


def _publish(folder: Path, weights: Weights) -> None:
    """Write the weights, read them again, and only then say that there is a result."""
    path = folder / "weights.safetensors"
    save_weights(path, weights)
    again = load_weights(path)
    _write(
        folder / "result.json",
        {
            "name": again.name,
            "fingerprint": again.fingerprint,
            "width": again.net.shape.width,
            "recipe": again.recipe.to_dict(),
            "record": dict(again.record),
        },
    )
    log.info("wrote %s", path.name)


def _become_several(processes: int) -> None:
    """Start again under torchrun, as so many processes, in this one's place."""
    launch = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *launch, "-m", "retrieval", *sys.argv[1:]])  # noqa: S606


@contextmanager
def _alone(folder: Path, ranks: Ranks) -> Iterator[None]:
    """Lock the folder: a process that a killed worker left behind ends first.

    Raises:
        BadInput: another process still works there.
    """
    if not ranks.first:
        yield
        return
    with (folder / "lock").open("w") as file:
        last = time.monotonic() + _LOCKED_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > last:
                    raise BadInput(
                        f"another process works in {folder}", hint="end it first", code="folder_taken"
                    ) from None
                time.sleep(0.2)
        yield


def _write(path: Path, content: dict[str, object]) -> None:
    try:
        with write_aside(path) as aside:
            aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    except OSError as problem:
        if path.name != "error.json":
            raise
        log.warning("%s cannot be written: %s", path.name, problem)


def _expectation(tuning: FineTuning, pairs: TrainingPairs, device: str, processes: int) -> str:
    where = f"{processes} x {device}" if processes > 1 else device
    missing = f"; {pairs.missing} files could not be read" if pairs.missing else ""
    return (
        f"{tuning.config.name}: {len(pairs.train)} pairs to learn from by {tuning.config.objective}, "
        f"{len(pairs.validation)} to validate on, {len(pairs.other_heights)} other blocks, "
        f"{tuning.batches} batches of {tuning.loop.images_a_batch}, on {where}{missing}"
    )
