"""`python -m retrieval learning`: what answers bring at once, replayed on labelled sets."""

import argparse
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path

import numpy as np

from common.publish import write_aside
from common.suggestions import ONE_PERSON, SHARED
from retrieval.embed import Embedder
from retrieval.evaluate.paired import paired_gain
from retrieval.io.sets import BenchSet, read_set
from retrieval.models import shipped_weights
from retrieval.rank import RULE, ArrayGallery
from retrieval.report.charts import Panel, svg
from retrieval.report.learning.replay import LearningCurve, Session, replay
from retrieval.report.matched import read_and_embed
from retrieval.report.measure import rounded

log = logging.getLogger(__name__)

_STEPS, _ORDERS, _SEED = 20, 20, 1872
_WRONG = 0.05
_FLOOR = 0.8  # where the chart's upright axis begins
_TABLE = slice(None, None, 4)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("sets", type=Path, nargs="+", metavar="SET", help="labelled sets to replay")
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")
    parser.add_argument("--json", type=Path, default=Path("docs/results/learning.json"), help="the numbers")
    parser.add_argument("--chart", type=Path, default=Path("docs/pictures/learning.svg"), help="the curves")
    parser.add_argument("--orders", type=int, default=_ORDERS, help="random orders (default: 20)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that read meshes")


def run(args: argparse.Namespace) -> int:
    """Measure and write. Raises BadInput, BadSet, BadModel."""
    embedder, found = Embedder.load(args.weights), {}
    for path in args.sets:
        bench = read_set(path)
        log.info("%s: reading %d meshes", bench.name, len(bench.items))
        found[bench.name] = measured(session_of(bench, embedder, jobs=args.jobs), orders=args.orders)
    results = rounded(
        {
            "model": embedder.fingerprint,
            "rule": {**asdict(RULE), "trust": ONE_PERSON, "shared": SHARED},
            "wrong": _WRONG,
            "sets": found,
        }
    )
    _write(args.json, json.dumps(results, indent=1) + "\n")
    _write(args.chart, svg([_panel(name, one) for name, one in results["sets"].items()]))
    for name, one in results["sets"].items():
        log.info("%s\n%s", name, table(one))
    return 0


def session_of(bench: BenchSet, embedder: Embedder, *, jobs: int = 0) -> Session:
    """A set as a session. Raises BadSet where not one item can be read."""
    embedded = read_and_embed(bench, embedder, jobs=jobs)
    gallery = ArrayGallery(embedded.vectors, embedded.readings)
    distances, codepoints = embedded.matched().distances, embedded.items.codepoints
    return Session(embedded.prints, gallery, distances, embedded.right, codepoints)


def measured(session: Session, *, orders: int) -> dict:
    """The curves: in the set's own order and in random ones, with right answers and with some wrong."""
    count, random = len(session.prints), np.random.default_rng(_SEED)
    after = sorted({step * count // _STEPS for step in range(_STEPS)})
    ways = [random.permutation(count).tolist() for _ in range(orders)]
    wrong = [frozenset(random.permutation(count)[: round(_WRONG * count)].tolist()) for _ in ways]
    right_ones = [replay(session, order, after) for order in ways]
    wrong_ones = [replay(session, order, after, wrong=some) for order, some in zip(ways, wrong, strict=True)]
    in_order = replay(session, list(range(count)), after)
    return {
        "queries": count,
        "orders": orders,
        "points": _points(right_ones),
        "points_wrong": _points(wrong_ones),
        "points_in_order": _points([in_order]),
    }


def _points(curves: list[LearningCurve]) -> list[dict]:
    """MRR@5 of the queries left after so many answers, without and with what was learned from them.

    Each query counts by its mean over the orders in which it was left.
    """
    plain = curves[0].scores[0]  # before the first answer nothing was learned
    points = []
    for row, after in enumerate(curves[0].after):
        scores = np.stack([curve.scores[row] for curve in curves])
        points.append({"answers": after, **_gain(plain, scores)})
        met = np.where(np.stack([curve.met[row] for curve in curves]), scores, np.nan)
        if after:
            points[-1]["met"] = _gain(plain, met)
    return points


def _gain(plain: np.ndarray, scores: np.ndarray) -> dict:
    """scores: (orders, Q), NaN where the query was answered, or does not count."""
    counted = np.isfinite(scores)
    counts = counted.any(axis=0)
    if not counts.any():
        return {"queries": 0.0, "without": None, "with": None, "gain": None}
    weights = counted.sum(axis=0)[counts]
    new = np.nansum(scores, axis=0)[counts] / weights
    gain = paired_gain(plain[counts], new)
    return {
        "queries": float(counted.sum(axis=1).mean()),
        "without": float(plain[counts].mean()),
        "with": float(new.mean()),
        "gain": asdict(gain),
    }


def table(one: dict) -> str:
    """The curve's points as a table in Markdown."""
    lines = [
        "| answers | queries left | MRR@5 without | with | gain, 95 % interval | of them met before | gain | "
        "with 5 % wrong answers |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows = zip(one["points"], one["points_wrong"], strict=True)
    for right, wrong in [*rows][_TABLE] + [(one["points"][-1], one["points_wrong"][-1])]:
        met = right.get("met") or {"queries": 0.0, "gain": None}
        cells = [
            f"{right['answers']}",
            f"{right['queries']:.0f}",
            f"{right['without']:.3f}",
            f"**{right['with']:.3f}**",
            _interval_text(right["gain"]),
            f"{met['queries']:.0f}",
            _interval_text(met["gain"]),
            _interval_text(wrong["gain"]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _interval_text(gain: dict | None) -> str:
    return f"{_signed(gain['mean'])} [{_signed(gain['low'])}, {_signed(gain['high'])}]" if gain else ""


def _signed(value: float) -> str:
    return f"{value:+.3f}" if round(value, 3) else "0.000"


def _panel(name: str, one: dict) -> Panel:
    def line(points: list[dict], key: str) -> list[tuple[float, float]]:
        return [(point["answers"] / one["queries"], point[key]) for point in points]

    lines = {
        "the same queries without learning": line(one["points"], "without"),
        "learning from each answer": line(one["points"], "with"),
        "the same, 5 % of the answers wrong": line(one["points_wrong"], "with"),
    }
    return Panel(
        f"{name}, MRR@5 of the queries left", "share answered", "MRR@5", lines, floor=_FLOOR, diagonal=False
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")
