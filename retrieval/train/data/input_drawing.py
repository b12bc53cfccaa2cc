"""Network inputs of one class, each drawn anew: prints and height maps, made up or real."""

from functools import cached_property

import numpy as np

from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.synth.failures import Failure, cut_badly, pick_failure
from retrieval.synth.prints import draw_print, vary_print
from retrieval.synth.reliefs import draw_relief, vary_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.training_data import TrainingData

_CANVAS = 1.4  # of the input's side, that a relief is drawn on


class InputDrawing:
    """Draws inputs, (S, S) float32 each, of classes of the training data; the same for the same lots."""

    def __init__(self, data: TrainingData, recipe: Recipe, *, seed: int, failed: float = 0.0) -> None:
        """Prepare; nothing is drawn yet.

        recipe: how pictures and height maps become inputs.
        seed: of the textures.
        failed: share of prints, made up or real, that fail, in [0, 1].
        """
        self._data, self._recipe, self._seed, self._failed = data, recipe, seed, failed

    @cached_property
    def _textures(self) -> Textures:
        return Textures(np.random.default_rng([self._seed, 0]))

    def print(self, label: int, random: np.random.Generator) -> np.ndarray:
        """A made-up print of this class."""
        field, others, failure = self._field(label, random), self._others(random), self._failure(random)
        drawn = draw_print(field, others, random, self._textures, failure=failure)
        return print_input(drawn, self._recipe)

    def crop(self, label: int, random: np.random.Generator) -> np.ndarray:
        """A real crop of this class, varied; the class has to have one."""
        if self._data.crops is None:
            raise LookupError("there are no crops")
        images = self._data.crops.images
        image, failure = images[random.choice(self._data.crops_of[label])], self._failure(random)
        if failure == Failure.CROP:
            others = self._data.crops_of[random.choice(self._data.with_crops)]
            image = cut_badly(image, images[random.choice(others)], random)
        varied = vary_print(image, random, self._textures, failure=failure)
        return print_input(varied, self._recipe)

    def relief(self, label: int, random: np.random.Generator) -> np.ndarray:
        """A made-up height map of this class."""
        side = round(_CANVAS * self._recipe.size)
        drawn = draw_relief(self._field(label, random), self._others(random), random, self._textures, side)
        return height_input(drawn, self._recipe)

    def varied(self, height: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """A height map (H, W) float32 in [0, 1] that a mesh gave, varied."""
        return height_input(vary_relief(height, random, self._textures), self._recipe)

    def _failure(self, random: np.random.Generator) -> Failure | None:
        return pick_failure(random) if self._failed and random.random() < self._failed else None

    def _field(self, label: int, random: np.random.Generator) -> np.ndarray:
        return self._data.glyphs.fields[random.choice(self._data.glyphs_of[label])]

    def _others(self, random: np.random.Generator) -> list[np.ndarray]:
        fields = self._data.glyphs.fields
        return [fields[place] for place in random.integers(len(fields), size=4)]
