"""`python -m retrieval tune RECIPE LESSONS`: fine-tune weights on confirmed matches, and calibrate them.

In its folder a run leaves ``points.jsonl`` (one line each time it tells how far it is), its checkpoints, and
at its end ``weights.safetensors``, then ``result.json``, which is there only when all went well; where it
cannot go on, ``error.json`` says why.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from common.errors import BadInput, MocbanError
from common.publish import write_aside
from retrieval.embed.memory import Memory
from retrieval.models import Net, Weights, load_weights, save_weights, shipped_weights
from retrieval.train.data.validation_set import Development
from retrieval.train.finetune.config import TuneConfig, load_tune, tune_names
from retrieval.train.finetune.drawn_validation import drawn_set, drawn_worth
from retrieval.train.finetune.finetuning import Tuning
from retrieval.train.finetune.points import Points
from retrieval.train.finetune.training_pairs import Lessons, read_lessons
from retrieval.train.finetune.validation import Validation, Worth
from retrieval.train.runtime.distributed import Ranks, joined
from retrieval.train.runtime.graceful_stop import left_by
from retrieval.train.runtime.loop import Left, Progress

log = logging.getLogger(__name__)
_BLENDS = (0.25, 0.5, 0.75, 1.0)
_MOST_LOSS_DRAWN = 0.01
_LOCKED_SECONDS = 60.0
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("recipe", help=f"a recipe: {', '.join(tune_names())}, or a .toml file")
    parser.add_argument(
        "lessons",
        type=Path,
        help="JSON Lines of training pairs, see retrieval.train.finetune.training_pairs",
    )
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
        "--leave-with-input", action="store_true", help="keep all and leave when standard input ends"
    )


def run(args: argparse.Namespace) -> int:
    """Do it all. Interrupted at any point, the same command goes on from there. Raises BadInput, BadModel."""
    device = args.device or ("cuda" if torch.cuda.is_available() else "cpu")
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
    except Left:
        log.info("left; the same command goes on from here")
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
    config, base = load_tune(args.recipe), load_weights(args.weights or shipped_weights())
    torch.set_num_threads(config.threads)
    lessons = read_lessons(args.lessons)
    tuning = Tuning(config, base, lessons, args.folder, device=ranks.device(device), ranks=ranks)
    if ranks.first:
        log.info("%s", _expectation(tuning, lessons, device, ranks.world))
    validation = Validation(base, lessons) if ranks.first else None
    points = Points(args.folder / "points.jsonl")
    tell = _teller(tuning, config, validation, points) if validation else lambda _: None
    leave = left_by(sys.stdin.fileno()) if args.leave_with_input else (lambda: False)
    smooth = tuning.train(tell, leave)
    if validation:
        drawn = drawn_set(args.drawn or args.folder) if config.drawn else None
        weights = finished(
            tuning, base, smooth.cpu(), validation, config, name=args.name or config.name, drawn=drawn
        )
        told = json.loads(args.record.read_text(encoding="utf-8")) if args.record else {}
        _publish(args.folder, dataclasses.replace(weights, record={**weights.record, **told}))


def _teller(
    tuning: Tuning, config: TuneConfig, validation: Validation, points: Points
) -> Callable[[Progress], None]:
    """Writes a point at each report, and now and then asks the validation side."""
    memory = memory_of(tuning, tuning.base)
    every = max(10, 10 * round(tuning.batches / config.measured / 10))

    def measured(net: Net) -> dict[str, object]:
        worth = validation.worth(net, memory)
        return {"mrr": None if worth.mrr is None else round(worth.mrr, 4), "kept": round(worth.kept, 4)}

    def tell(progress: Progress) -> None:
        point = {"batch": progress.batch, "share": round(min(1.0, progress.share), 4)}
        point |= {"seconds": round(progress.seconds, 1), "loss": round(progress.loss, 4)}
        if progress.batch % every == 0:
            point |= measured(tuning.smooth)
            log.info("batch %d, loss %.3f, MRR@5 %s", progress.batch, progress.loss, point["mrr"])
        points.add(point)

    tuning.on_start = lambda batch: points.begin(batch, lambda: measured(tuning.base.net))
    return tell


def finished(
    tuning: Tuning,
    base: Weights,
    smooth: Net,
    validation: Validation,
    config: TuneConfig,
    *,
    name: str,
    drawn: Development | None = None,
) -> Weights:
    """The weights between the old ones and the tuned ones that do best on the validation side, calibrated.

    Weights between two networks of one run often do better than either, and forget less (arXiv 2109.01903).
    Those that lose over 0.01 of MRR@5 on the drawn characters come into question only where all do.
    """
    memory, was = memory_of(tuning, base), base.calibration.get("confidence")
    before = validation.worth(base.net, memory_of_base(base)).mrr
    drawn_before = drawn_mrr(base, drawn)
    tried = [_tried(tuning, base, smooth, validation, share, drawn) for share in _BLENDS]
    best = _best([one for one in tried if not one.forgets(drawn_before)] or tried[:1], before is not None)
    fitted = validation.calibration(best.weights.net, memory, was)
    calibration = {**base.calibration, **({"confidence": fitted["confidence"]} if fitted else {})}
    told = {
        "queries": len(validation),
        "mrr5 before": _rounded(before),
        "mrr5": _rounded(best.worth.mrr),
        "calibration error, first": fitted["error"] if fitted else None,
        "near the old network": _rounded(best.worth.kept),
    }
    record = tuning.record | {
        "base": {"name": base.name, "fingerprint": base.fingerprint},
        "blend": best.share,
        "validation": told,
    }
    if drawn is not None:
        asked = sum(len(queries.codepoints) for queries in drawn.kinds.values())
        scores = {"mrr5 before": _rounded(drawn_before), "mrr5": _rounded(best.drawn)}
        record["drawn"] = {"queries": asked, **scores}
    log.info("the best is %d %% of the way: %s, drawn %s", 100 * best.share, told, record.get("drawn"))
    return dataclasses.replace(best.weights, name=name, calibration=calibration, record=record)


@dataclasses.dataclass(frozen=True)
class _Tried:
    """Weights so far on the way, and what they are worth. drawn: MRR@5 on drawn characters, None without."""

    share: float
    weights: Weights
    worth: Worth
    drawn: float | None

    def forgets(self, before: float | None) -> bool:
        """Whether they lose too much on the drawn characters."""
        return before is not None and self.drawn is not None and self.drawn < before - _MOST_LOSS_DRAWN


def _tried(
    tuning: Tuning,
    base: Weights,
    smooth: Net,
    validation: Validation,
    share: float,
    drawn: Development | None,
) -> _Tried:
    net = blended(base.net, smooth, share)
    weights = dataclasses.replace(
        base, net=net, characters=tuning.characters, codepoints=tuning.codepoints, fingerprint=""
    )
    worth = validation.worth(net, memory_of(tuning, base))
    return _Tried(share, weights, worth, drawn_mrr(weights, drawn))


def _best(tried: list[_Tried], asked: bool) -> _Tried:
    """By the validation side, the nearer to the old weights where two do as well; halfway without any."""
    if not asked:
        return min(tried, key=lambda one: abs(one.share - 0.5))
    return max(tried, key=lambda one: (round(one.worth.mrr or 0.0, 4), -one.share))


def drawn_mrr(weights: Weights, drawn: Development | None) -> float | None:
    """MRR@5 on the drawn characters; None without any."""
    return None if drawn is None else float(drawn_worth(weights, drawn).mean())


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def blended(old: Net, new: Net, share: float) -> Net:
    """The network that lies so far on the way from the old one to the new one."""
    net = Net(old.shape).eval()
    one, other = old.state_dict(), new.state_dict()
    net.load_state_dict(
        {
            key: torch.lerp(one[key].cpu(), value.cpu(), share) if value.is_floating_point() else value.cpu()
            for key, value in other.items()
        }
    )
    return net


def memory_of(tuning: Tuning, base: Weights) -> Memory | None:
    """The memory as the tuned model will have it."""
    strength = base.calibration.get("memory")
    return Memory(tuning.characters, *strength) if strength and tuning.characters is not None else None


def memory_of_base(base: Weights) -> Memory | None:
    """The memory as the old model has it."""
    strength = base.calibration.get("memory")
    return Memory(base.characters, *strength) if strength and base.characters is not None else None


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
    """Hold the folder: one that was left behind by a killed worker ends first.

    Raises BadInput where another process still works there.
    """
    if not ranks.first:
        yield
        return
    with (folder / "lock").open("w") as file:
        over = time.monotonic() + _LOCKED_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > over:
                    raise BadInput(
                        f"another process works in {folder}", hint="end it first", code="folder_taken"
                    ) from None
                time.sleep(0.2)
        yield


def _write(path: Path, told: dict[str, object]) -> None:
    try:
        with write_aside(path) as aside:
            aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    except OSError as problem:
        if path.name != "error.json":
            raise
        log.warning("%s cannot be written: %s", path.name, problem)


def _expectation(tuning: Tuning, lessons: Lessons, device: str, processes: int) -> str:
    where = f"{processes} x {device}" if processes > 1 else device
    missing = f"; {lessons.missing} files could not be read" if lessons.missing else ""
    return (
        f"{tuning.record['config']}: {len(lessons.train)} pairs to learn from, "
        f"{len(lessons.validation)} to ask, {len(lessons.other_heights)} other blocks, "
        f"{tuning.batches} batches of {tuning.images_a_batch}, on {where}{missing}"
    )
