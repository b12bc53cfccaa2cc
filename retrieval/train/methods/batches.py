"""Batches of a method: inputs drawn once, balanced over characters and over the two domains."""

import numpy as np
import torch

from retrieval.train.data.drawn_inputs import CROP, PRINT, RELIEF, RENDERED, DrawnInputs
from retrieval.train.methods.config import MethodConfig, MethodSchedule
from retrieval.train.runtime.batches import NumberedBatches


class MethodBatches(NumberedBatches):
    """Yields (inputs (2 * pairs, 1, S, S) float32, labels (pairs,) int64, real (pairs,) bool).

    Prints come first, then height maps of the same characters in the same order; ``real`` says which prints
    are real crops. The same for equal settings, whatever the method.
    """

    def __init__(self, drawn: DrawnInputs, method: MethodConfig, schedule: MethodSchedule) -> None:
        self._drawn, self._method, self._schedule = drawn, method, schedule
        self._classes = max(2, schedule.pairs // method.each)

    @property
    def images(self) -> int:
        """Inputs in one batch."""
        return 2 * min(self._classes, self._drawn.classes) * self._method.each

    def batch(self, number: int) -> tuple[torch.Tensor, ...]:
        """Batch ``number``; see the class."""
        random = np.random.default_rng([self._schedule.seed, 6, number])
        labels = np.repeat(random.permutation(self._drawn.classes)[: self._classes], self._method.each)
        prints, heights, real = [], [], []
        for label in labels.tolist():
            picked, is_real = self._print(label, random)
            prints.append(picked)
            real.append(is_real)
            heights.append(self._height(label, random))
        inputs = torch.from_numpy(np.stack([*prints, *heights])[:, None])
        return inputs, torch.from_numpy(labels.astype(np.int64)), torch.tensor(real)

    def _print(self, label: int, random: np.random.Generator) -> tuple[np.ndarray, bool]:
        wanted = "crops" in self._method.sources and random.random() < self._schedule.real
        is_real = wanted and self._drawn.has(label, CROP)
        return self._drawn.pick(label, CROP if is_real else PRINT, random), is_real

    def _height(self, label: int, random: np.random.Generator) -> np.ndarray:
        wanted = "rendered" in self._method.sources and random.random() < self._schedule.rendered
        source = RENDERED if wanted and self._drawn.has(label, RENDERED) else RELIEF
        return self._drawn.pick(label, source, random)
