"""Pictures of pages held against those that were kept, with patience for how edges are smoothed."""

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter

from webapp.config.env import ROOT

FOLDER = ROOT / "tests" / "golden"
APART = ROOT / "build" / "golden"
WRITE = os.environ.get("GOLDEN") == "write"
MOST = 0.004  # share of pixels that may be another's
_STEP = 36  # of 255: a smaller difference of a channel is not seen
_COLOURS = 256


def check(name: str, shot: bytes) -> None:
    """Hold a screenshot against the kept picture; keep it instead when ``make golden`` asks for that.

    Raises:
        AssertionError: they differ; both lie under build/golden then, and what differs, in red.
    """
    seen = Image.open(io.BytesIO(shot)).convert("RGB")
    path = FOLDER / f"{name}.png"
    if WRITE:
        FOLDER.mkdir(parents=True, exist_ok=True)
        small = seen.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
        return
    assert path.exists(), f"no picture of {name} is kept; type: make golden"
    kept = Image.open(path).convert("RGB")
    assert seen.size == kept.size, f"{name} is {seen.size}, and was {kept.size}"
    wrong = strange(np.asarray(kept), np.asarray(seen))
    if wrong.mean() > MOST:
        _lay_out(name, kept, seen, wrong)
    assert wrong.mean() <= MOST, f"{name}: {wrong.mean():.2%} of it differs; see {APART}"


def strange(kept: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Where two pictures differ by more than the smoothing of edges.

    kept, seen: (H, W, 3) uint8. A pixel is the same when it lies, give or take, between the values that
    the other picture has within one pixel of it. Returns (H, W) bool.
    """
    return _outside(kept, seen) | _outside(seen, kept)


def _outside(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    low = minimum_filter(other, size=(3, 3, 1)).astype(np.int16) - _STEP
    high = maximum_filter(other, size=(3, 3, 1)).astype(np.int16) + _STEP
    return ((one < low) | (one > high)).any(axis=2)


def _lay_out(name: str, kept: Image.Image, seen: Image.Image, wrong: np.ndarray) -> Path:
    APART.mkdir(parents=True, exist_ok=True)
    marked = np.asarray(seen).copy()
    marked[wrong] = (255, 0, 0)
    for kind, image in [("kept", kept), ("seen", seen), ("differs", Image.fromarray(marked))]:
        image.save(APART / f"{name}-{kind}.png")
    return APART
