"""Speed and quality of the library alone."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import timm
import torch

from bench.table import BenchmarkRow
from retrieval.embed import Embedder
from tests import pictures

PRINTS = 512
METHODS = {
    "model": "**Mocban, shipped weights**",
    "hog": "HOG + cosine",
    "template": "template matching",
    "ssim": "SSIM",
}

# What somebody would do today: read the print with a text recogniser, then look its best characters up among
# the items' known ones, which a gallery of unidentified scans does not have. Measured with the sets.
RECOGNISER = {
    "blocks": "MRR@5 print 0.319; style 0.338",
    "kieu": "MRR@5 **0.546**",
}


def embedding() -> Iterator[BenchmarkRow]:
    """Prints through the shipped model, preprocessing included, on one thread."""
    embedder = Embedder.load()
    prints = [np.asarray(pictures.print_of(seed).convert("L")) for seed in range(PRINTS)]
    embedder.embed_prints(prints[:64])
    began = time.monotonic()
    embedder.embed_prints(prints)
    rate = PRINTS / (time.monotonic() - began)
    how = f"{PRINTS} prints of 128 x 128 px, preprocessing included, one thread; {_usual_body()}"
    yield BenchmarkRow("embedding of prints", f"**{rate:.0f} images/s**", "800 images/s on 2 cores", how)


def _usual_body() -> str:
    """What somebody would take without this product: timm's resnet18 at its usual size, untrained."""
    net = timm.create_model("resnet18", pretrained=False, num_classes=0).eval()
    inputs = torch.zeros(64, 3, 224, 224).contiguous(memory_format=torch.channels_last)
    net = net.to(memory_format=torch.channels_last)
    with torch.inference_mode():
        net(inputs[:4])
        began = time.monotonic()
        net(inputs)
    return f"timm's resnet18 at 224 px, without any preprocessing, {64 / (time.monotonic() - began):.0f}/s"


def quality(sets: list[Path]) -> Iterator[BenchmarkRow]:
    """``python -m retrieval evaluate`` on each benchmark set, by each method."""
    for path in sets:
        for method, name in METHODS.items():
            report = evaluated(path, method)
            took = sum(report["seconds"].values())
            how = f"`python -m retrieval evaluate {path.name} --method {method}`, {took:.0f} s"
            yield BenchmarkRow(f"{path.stem}: {name}", _scores(report), "", how)
        if path.stem in RECOGNISER:
            how = "given in the sets' README; needs every item's character beforehand"
            yield BenchmarkRow(
                f"{path.stem}: text recogniser (PP-OCRv6 small) + look-up", RECOGNISER[path.stem], "", how
            )


def evaluated(path: Path, method: str) -> dict:
    """What the command line tells in JSON."""
    command = [sys.executable, "-m", "retrieval", "evaluate", str(path), "--method", method]
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, "--json", "-", "--quiet"], check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


def _scores(report: dict) -> str:
    whole = report["all"]
    parts = [f"MRR@5 **{whole['mrr_at_5']['mean']:.3f}** ({_between(whole['mrr_at_5'])})"]
    parts += [f"recall@1 {whole['recall_at_1']['mean']:.3f}", f"@5 {whole['recall_at_5']['mean']:.3f}"]
    kinds = report["by_kind"] if len(report["by_kind"]) > 1 else {}
    parts += [
        f"{kind} {one['mrr_at_5']['mean']:.3f} ({_between(one['mrr_at_5'])})" for kind, one in kinds.items()
    ]
    return "; ".join(parts)


def _between(interval: dict) -> str:
    return f"{interval['low']:.3f} to {interval['high']:.3f}"
