"""Pictures without a character: cloth, wood, photographs, bare paper. Nothing is to be found there."""

import cv2
import numpy as np

from retrieval.synth.pages.noise import noise


def draw_nothing(random: np.random.Generator, side: int) -> np.ndarray:
    """A square picture that holds no character, (side, side) uint8."""
    shape = side, side
    tone: np.ndarray = np.full(shape, random.uniform(20, 235), np.float32)
    for _ in range(random.integers(1, 5)):  # what a photograph shows, out of focus or not
        tone += random.exponential(18) * noise(random, shape, float(np.exp(random.uniform(0.3, 5))))
    if random.random() < 0.5:
        _things(random, tone)
    if random.random() < 0.35:
        _weave(random, tone)
    if random.random() < 0.3:  # wood: one direction's grain
        grain = noise(random, (max(2, side // 40), side), random.uniform(1.5, 10))
        wood = cv2.resize(grain, shape[::-1], interpolation=cv2.INTER_CUBIC)
        tone += random.uniform(5, 40) * (wood if random.random() < 0.5 else wood.T)
    if random.random() < 0.5:
        tone = cv2.GaussianBlur(tone, (0, 0), random.uniform(0.4, 4))
    tone += random.exponential(5) * random.standard_normal(shape, np.float32)
    return np.clip(tone, 0, 255).astype(np.uint8)


def _things(random: np.random.Generator, tone: np.ndarray) -> None:
    side = len(tone)
    for _ in range(random.integers(1, 25)):
        middle, reach = random.uniform(0, side, 2), random.exponential(side / 6) + 3
        points = np.rint(middle + random.normal(0, reach, (int(random.integers(3, 8)), 2))).astype(np.int32)
        grey = float(random.uniform(0, 255))
        if random.random() < 0.6:
            cv2.fillPoly(tone, [points], grey, cv2.LINE_AA)
        else:
            cv2.polylines(tone, [points], False, grey, int(random.integers(1, 6)), cv2.LINE_AA)


def _weave(random: np.random.Generator, tone: np.ndarray) -> None:
    """Threads across each other, bent a little."""
    side = len(tone)
    ys, xs = np.mgrid[:side, :side].astype(np.float32)
    bent = noise(random, tone.shape, side / 3) * random.uniform(0, 6)
    pitch = random.uniform(3, 40)
    threads = np.sin((xs + bent) * 2 * np.pi / pitch) * np.sin((ys - bent) * 2 * np.pi / pitch)
    tone += random.uniform(8, 60) * (threads if random.random() < 0.6 else np.sign(threads))
