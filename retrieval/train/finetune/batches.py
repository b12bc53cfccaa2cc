"""Batches of fine-tuning: pairs that people confirmed, and inputs that nobody labelled."""

import math
from functools import cached_property

import numpy as np
import torch

from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.synth.prints import vary_print
from retrieval.synth.reliefs import vary_relief
from retrieval.synth.textures import Textures
from retrieval.train.finetune.config import FineTuneConfig
from retrieval.train.finetune.training_pairs import TrainingPairs
from retrieval.train.runtime.batches import NumberedBatches


class PairBatches(NumberedBatches):
    """Yields (inputs (B, 1, S, S) float32, labels (C,) int64).

    The inputs are C prints, then C height maps of the same classes in the same order, then unlabelled ones.
    """

    def __init__(self, pairs: TrainingPairs, config: FineTuneConfig, recipe: Recipe) -> None:
        """pairs: what is learned from. recipe: how pictures and height maps become inputs."""
        self._pairs, self._config, self._recipe = pairs, config, recipe
        labels = pairs.train.labels
        self._rows = [np.flatnonzero(labels == label) for label in range(int(labels.max()) + 1)]

    @property
    def classes(self) -> int:
        """C, of one batch."""
        return min(self._config.classes, len(self._rows))

    @property
    def images(self) -> int:
        """Inputs in one batch."""
        return 2 * self.classes + self._config.unlabelled

    @property
    def images_wanted(self) -> int:
        """The recipe's images, or fewer where each pair was then seen often enough."""
        passes = math.ceil(self._config.epochs * len(self._pairs.train) / self.classes)
        return min(self._config.images, passes * self.images)

    def batch(self, number: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Batch ``number``; see the class."""
        random = np.random.default_rng([self._config.seed, 7, number])
        labels = random.choice(len(self._rows), self.classes, replace=False)
        rows = [int(random.choice(self._rows[label])) for label in labels]
        train = self._pairs.train
        prints = [self._print(train.prints[row], random) for row in rows]
        heights = [self._height(train.heights[row], random) for row in rows]
        others = [self._unlabelled(random) for _ in range(self._config.unlabelled)]
        inputs = torch.from_numpy(np.stack([*prints, *heights, *others])[:, None])
        return inputs, torch.from_numpy(labels.astype(np.int64))

    @cached_property
    def _textures(self) -> Textures:
        return Textures(np.random.default_rng([self._config.seed, 0]))

    def _unlabelled(self, random: np.random.Generator) -> np.ndarray:
        """A block or a print that nobody labelled, else one of those that are; every second one flipped."""
        pairs = self._pairs
        blocks = pairs.other_heights if len(pairs.other_heights) else pairs.train.heights
        prints = pairs.other_prints if len(pairs.other_prints) else pairs.train.prints
        if random.random() < 0.4:
            return self._print(random.choice(prints), random)
        height = self._height(random.choice(blocks), random)
        return np.ascontiguousarray(height[:, ::-1]) if random.random() < 0.5 else height

    def _print(self, place: int, random: np.random.Generator) -> np.ndarray:
        gray = self._pairs.prints[place]
        # Half of them as they are: such prints will be searched.
        varied = vary_print(gray, random, self._textures) if random.random() < 0.5 else gray
        return print_input(varied, self._recipe)

    def _height(self, place: int, random: np.random.Generator) -> np.ndarray:
        height = self._pairs.heights[place].astype(np.float32) / 255
        if random.random() < 0.5:
            height = vary_relief(height, random, self._textures)
        return height_input(height, self._recipe)
