"""Speed and quality of the library alone."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.table import Row
from tests import pictures

PRINTS = 512
KNOWN = {
    "mocban": "mocban (the shipped weights)",
    "hog": "HOG + cosine",
    "ncc": "template matching",
    "ssim": "SSIM",
}


def embedding() -> Row:
    """Prints through the shipped model, preprocessing included, on one thread."""
    from retrieval.embed import Embedder

    embedder = Embedder.load()
    prints = [np.asarray(pictures.print_of(seed).convert("L")) for seed in range(PRINTS)]
    embedder.embed_prints(prints[:64])
    began = time.monotonic()
    embedder.embed_prints(prints)
    rate = PRINTS / (time.monotonic() - began)
    return Row(
        "embedding of prints", f"{rate:.0f} images/s", "", f"{PRINTS} prints of 128 x 128 px, one thread"
    )


def quality(sets: list[Path], methods: list[str]) -> Iterator[Row]:
    """``python -m retrieval evaluate`` on each benchmark set, by each method."""
    for path in sets:
        for method in methods:
            began = time.monotonic()
            told = evaluated(path, method)
            took = time.monotonic() - began
            command = f"`python -m retrieval evaluate {path.name}" + (
                f" --method {method}`" if method != "mocban" else "`"
            )
            yield Row(
                f"{path.stem}: {KNOWN.get(method, method)}", _scores(told), "", f"{command}, {took:.0f} s"
            )


def evaluated(path: Path, method: str) -> dict:
    """What the command line tells in JSON."""
    with TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        chosen = [] if method == "mocban" else ["--method", method]
        command = [sys.executable, "-m", "retrieval", "evaluate", str(path), *chosen, "--json", str(told)]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        return json.loads(told.read_text())


def _scores(told: dict) -> str:
    parts = [f"**MRR@5 {_score(told['all']['mrr@5'])}**", f"recall@5 {_score(told['all']['recall@5'])}"]
    parts += [f"{kind}: MRR@5 {_score(scores['mrr@5'])}" for kind, scores in told.get("kinds", {}).items()]
    return "; ".join(parts)


def _score(value: dict) -> str:
    return f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
