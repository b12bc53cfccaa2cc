"""`python -m retrieval second-stage`: fit the constants of the second stage on drawn hands."""

import argparse
import logging
from pathlib import Path

import cv2
import numpy as np

from retrieval.embed import Embedder
from retrieval.models import shipped_weights
from retrieval.register.calibration import SHIPPED
from retrieval.synth.hand_drawing import HandDrawing
from retrieval.train.second_stage.calibrating import fitted, relation_cases

log = logging.getLogger(__name__)

_SEED, _APART_SEED = 2001, 2002


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--fonts", type=Path, action="append", default=[], help="one more folder of fonts")
    parser.add_argument("--weights", type=Path, default=shipped_weights(), help="default: the shipped model")
    parser.add_argument("--hands", type=int, default=60, help="that prints are asked of")
    parser.add_argument("--characters", type=int, default=400, help="whose distances are measured")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="default: in its place")


def run(args: argparse.Namespace) -> int:
    """Draw, fit and write. Raises BadInput, BadModel."""
    cv2.setNumThreads(1)
    cases = list(relation_cases(HandDrawing(args.fonts, [_SEED]), args.hands))
    apart = _apart(
        HandDrawing(args.fonts, [_APART_SEED]), Embedder.load(args.weights, "cpu"), args.characters
    )
    found = fitted(cases, apart)
    found.save(args.out)
    log.info("wrote %s, from %d cases: %s", args.out, len(cases), found)
    return 0


def _apart(drawing: HandDrawing, embedder: Embedder, count: int) -> list[float]:
    """How far from a carving of each of some characters the nearest of another one lies."""
    heights: list[np.ndarray] = []
    for code in drawing.codes:
        ink = drawing.glyph(code, 0) if len(heights) < count else None
        if ink is not None:
            heights += [
                np.ascontiguousarray(one, np.float32) for one in drawing.scanned(drawing.hand(ink, 1))
            ]
    vectors = embedder.embed_heights(heights).seen
    likeness = vectors @ vectors.T - 3 * np.eye(len(vectors), dtype=np.float32)
    return (1 - likeness.max(axis=1)).tolist()
