"""Batches drawn while training: each class of a batch as a print and as a height map."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.synth.prints import draw_print, vary_print
from retrieval.synth.reliefs import draw_relief, vary_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.mesh_cache import MeshCache
from retrieval.train.data.training_data import Material


@dataclass(frozen=True)
class Mix:
    """What a batch is made of.

    classes: classes a batch. from_crops: share of them taken among those with real crops.
    real: share of such classes' prints that are real. rendered: share of height maps that went
    through a mesh, where there are any. flipped: height maps shown mirrored as well, a batch.
    """

    classes: int = 96
    from_crops: float = 0.3
    real: float = 0.75
    rendered: float = 0.5
    flipped: int = 32


class Batches(IterableDataset):
    """Endless batches; number n is the same however many workers draw, and whenever the run began.

    Yields (inputs (B, 1, S, S) float32, labels (classes,) int64, real (classes,) bool): the first
    ``classes`` inputs are prints, the next ``classes`` height maps, of the same labels in the same
    order; then ``flipped`` mirrored ones of the first height maps.
    """

    def __init__(
        self,
        material: Material,
        rendered: MeshCache | None,
        mix: Mix,
        recipe: Recipe,
        *,
        seed: int,
        start: int = 0,
        turn: int = 0,
        turns: int = 1,
    ) -> None:
        """start: number of the first batch. turn: of so many processes that share the batches, which this is;
        each counts its own, so that ``start`` is the same in all.
        """
        self._material, self._rendered = material, rendered
        self._mix, self._recipe = mix, recipe
        self._seed, self._start = seed, start
        self._turn, self._turns = turn, turns
        self._canvas = round(1.4 * recipe.size)
        self._with_crops = material.with_crops
        counts = np.array([len(material.crops_of[place]) for place in self._with_crops], float)
        self._crop_weights = np.sqrt(counts) / np.sqrt(counts).sum() if len(counts) else counts

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        step, first = (worker.num_workers, worker.id) if worker else (1, 0)
        textures = Textures(np.random.default_rng([self._seed, 0]))
        number = self._start + first
        while True:
            number_of_all = number * self._turns + self._turn
            yield self._batch(np.random.default_rng([self._seed, 1, number_of_all]), textures)
            number += step

    def _batch(self, random: np.random.Generator, textures: Textures) -> tuple[torch.Tensor, ...]:
        labels = self._labels(random)
        prints, real = zip(*(self._print(label, random, textures) for label in labels), strict=True)
        heights = [self._height(label, random, textures) for label in labels]
        flipped = [height[:, ::-1] for height in heights[: self._mix.flipped]]
        inputs = torch.from_numpy(np.stack([*prints, *heights, *flipped])[:, None])
        return inputs, torch.from_numpy(labels), torch.tensor(real)

    def _labels(self, random: np.random.Generator) -> np.ndarray:
        wanted = round(self._mix.classes * self._mix.from_crops) if len(self._with_crops) else 0
        wanted = min(wanted, len(self._with_crops))
        some = random.choice(self._with_crops, wanted, replace=False, p=self._crop_weights) if wanted else []
        rest = np.setdiff1d(random.permutation(len(self._material.classes))[: 2 * self._mix.classes], some)
        labels = np.concatenate([np.asarray(some, int), random.permutation(rest)])[: self._mix.classes]
        return random.permutation(labels).astype(np.int64)

    def _print(self, label: int, random: np.random.Generator, textures: Textures) -> tuple[np.ndarray, bool]:
        crops = self._material.crops_of[label]
        if len(crops) and random.random() < self._mix.real:
            gray = vary_print(self._material.crops.images[random.choice(crops)], random, textures)
            return print_input(gray, self._recipe), True
        gray = draw_print(self._field(label, random), self._others(random), random, textures)
        return print_input(gray, self._recipe), False

    def _height(self, label: int, random: np.random.Generator, textures: Textures) -> np.ndarray:
        rendered = self._rendered.pick(label, random) if self._rendered else None
        if rendered is not None and random.random() < self._mix.rendered:
            height = vary_relief(rendered, random, textures)
        else:
            height = draw_relief(
                self._field(label, random), self._others(random), random, textures, self._canvas
            )
        return height_input(height, self._recipe)

    def _field(self, label: int, random: np.random.Generator) -> np.ndarray:
        return self._material.glyphs.fields[random.choice(self._material.glyphs_of[label])]

    def _others(self, random: np.random.Generator) -> list[np.ndarray]:
        fields = self._material.glyphs.fields
        return [fields[place] for place in random.integers(len(fields), size=4)]
