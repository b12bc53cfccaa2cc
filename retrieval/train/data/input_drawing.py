"""Network inputs of one class, each drawn anew: prints and height maps, made up or real."""

from functools import cached_property

import numpy as np

from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.synth.prints import draw_print, vary_print
from retrieval.synth.reliefs import draw_relief, vary_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.training_data import TrainingData

_CANVAS = 1.4  # of the input's side, that a relief is drawn on


class InputDrawing:
    """Draws inputs, (S, S) float32 each, of classes of the training data; the same for the same lots."""

    def __init__(self, data: TrainingData, recipe: Recipe, *, seed: int) -> None:
        """recipe: how pictures and height maps become inputs. seed: of the textures."""
        self._data, self._recipe, self._seed = data, recipe, seed

    @cached_property
    def _textures(self) -> Textures:
        return Textures(np.random.default_rng([self._seed, 0]))

    def print(self, label: int, random: np.random.Generator) -> np.ndarray:
        """A made-up print of this class."""
        drawn = draw_print(self._field(label, random), self._others(random), random, self._textures)
        return print_input(drawn, self._recipe)

    def crop(self, label: int, random: np.random.Generator) -> np.ndarray:
        """A real crop of this class, varied; the class has to have one."""
        if self._data.crops is None:
            raise LookupError("there are no crops")
        image = self._data.crops.images[random.choice(self._data.crops_of[label])]
        return print_input(vary_print(image, random, self._textures), self._recipe)

    def relief(self, label: int, random: np.random.Generator) -> np.ndarray:
        """A made-up height map of this class."""
        side = round(_CANVAS * self._recipe.size)
        drawn = draw_relief(self._field(label, random), self._others(random), random, self._textures, side)
        return height_input(drawn, self._recipe)

    def varied(self, height: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """A height map (H, W) float32 in [0, 1] that a mesh gave, varied."""
        return height_input(vary_relief(height, random, self._textures), self._recipe)

    def _field(self, label: int, random: np.random.Generator) -> np.ndarray:
        return self._data.glyphs.fields[random.choice(self._data.glyphs_of[label])]

    def _others(self, random: np.random.Generator) -> list[np.ndarray]:
        fields = self._data.glyphs.fields
        return [fields[place] for place in random.integers(len(fields), size=4)]
