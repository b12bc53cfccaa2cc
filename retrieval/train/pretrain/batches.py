"""Batches drawn while training: each class of a batch as a print and as a height map."""

from dataclasses import dataclass

import numpy as np
import torch

from retrieval.preprocess import Recipe
from retrieval.train.data.input_drawing import InputDrawing
from retrieval.train.data.mesh_cache import MeshCache
from retrieval.train.data.training_data import TrainingData
from retrieval.train.runtime.batches import NumberedBatches


@dataclass(frozen=True)
class Mix:
    """What a batch is made of.

    classes: in a batch, each as a print and as a height map.
    from_crops: share of the classes that is taken among those with real crops, in [0, 1].
    real: share of such classes' prints that are real, in [0, 1].
    rendered: share of height maps that went through a mesh, where there are any, in [0, 1].
    flipped: height maps that are shown mirrored as well.
    failed: share of prints whose ink failed, or that were cut badly, in [0, 1].
    """

    classes: int = 96
    from_crops: float = 0.3
    real: float = 0.75
    rendered: float = 0.5
    flipped: int = 32
    failed: float = 0.0


class DrawnBatches(NumberedBatches):
    """Yields (inputs (B, 1, S, S) float32, labels (classes,) int64, real (classes,) bool).

    The first ``classes`` inputs are prints, the next ``classes`` height maps, of the same labels in the same
    order; then ``flipped`` mirrored ones of the first height maps.
    """

    def __init__(
        self, data: TrainingData, rendered: MeshCache | None, mix: Mix, recipe: Recipe, *, seed: int
    ) -> None:
        """Prepare; nothing is drawn yet.

        data: what is learned from.
        rendered: height maps that went through a mesh.
        mix: what a batch is made of.
        recipe: how pictures and height maps become inputs.
        seed: of everything drawn by lot.
        """
        self._data, self._rendered, self._mix, self._seed = data, rendered, mix, seed
        self._drawing = InputDrawing(data, recipe, seed=seed, failed=mix.failed)
        self._with_crops = data.with_crops
        counts = np.array([len(data.crops_of[place]) for place in self._with_crops], float)
        self._crop_weights = np.sqrt(counts) / np.sqrt(counts).sum() if len(counts) else counts

    @property
    def images(self) -> int:
        """Inputs in one batch."""
        return 2 * self._mix.classes + self._mix.flipped

    def batch(self, number: int) -> tuple[torch.Tensor, ...]:
        """Batch ``number``; see the class."""
        random = np.random.default_rng([self._seed, 1, number])
        labels = self._labels(random)
        prints, real = zip(*(self._print(label, random) for label in labels), strict=True)
        heights = [self._height(label, random) for label in labels]
        flipped = [height[:, ::-1] for height in heights[: self._mix.flipped]]
        inputs = torch.from_numpy(np.stack([*prints, *heights, *flipped])[:, None])
        return inputs, torch.from_numpy(labels), torch.tensor(real)

    def _labels(self, random: np.random.Generator) -> np.ndarray:
        wanted = round(self._mix.classes * self._mix.from_crops) if len(self._with_crops) else 0
        wanted = min(wanted, len(self._with_crops))
        some: np.ndarray = np.zeros(0, int)
        if wanted:
            some = random.choice(self._with_crops, wanted, replace=False, p=self._crop_weights)
        rest = np.setdiff1d(random.permutation(len(self._data.classes))[: 2 * self._mix.classes], some)
        labels = np.concatenate([some, random.permutation(rest)])[: self._mix.classes]
        return random.permutation(labels).astype(np.int64)

    def _print(self, label: int, random: np.random.Generator) -> tuple[np.ndarray, bool]:
        if len(self._data.crops_of[label]) and random.random() < self._mix.real:
            return self._drawing.crop(label, random), True
        return self._drawing.print(label, random), False

    def _height(self, label: int, random: np.random.Generator) -> np.ndarray:
        rendered = self._rendered.pick(label, random) if self._rendered else None
        if rendered is not None and random.random() < self._mix.rendered:
            return self._drawing.varied(rendered, random)
        return self._drawing.relief(label, random)
