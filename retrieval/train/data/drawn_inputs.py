"""Inputs drawn once and kept, so that methods learn from the very same pictures, at no cost of drawing."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from common.publish import write_aside
from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.synth.prints import draw_print, vary_print
from retrieval.synth.reliefs import draw_relief, vary_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.mesh_cache import MeshCache
from retrieval.train.data.training_data import Material

# Where an input comes from. The first two are prints, the others height maps.
PRINT, CROP, RELIEF, RENDERED = range(4)
SOURCES = {"crops": CROP, "rendered": RENDERED}
_A_PART = 100
_CANVAS = 1.4
# Inputs lie in [-0.5, 1.5] and are kept in 256 levels.
_LOW, _LEVELS = -0.5, 127.5


@dataclass(frozen=True)
class Amounts:
    """How much is drawn.

    characters: classes, half of them those with most real crops, the others by lot. drawn: prints, and as
    many reliefs, of each class. crops, rendered: inputs made of a class's real crops and of its height maps
    out of meshes, where it has any. mesh_parts, meshes_a_part: how many such height maps there are.
    """

    characters: int = 2000
    drawn: int = 20
    crops: int = 10
    rendered: int = 8
    mesh_parts: int = 4
    meshes_a_part: int = 400


@dataclass(frozen=True)
class Drawn:
    """inputs: (N, S, S) uint8. places: class and source to the places of its inputs."""

    inputs: np.ndarray
    places: dict[tuple[int, int], np.ndarray]
    classes: int

    def pick(self, label: int, source: int, random: np.random.Generator) -> np.ndarray | None:
        """One input of this class from this source, (S, S) float32; None where there is none."""
        places = self.places.get((label, source))
        if places is None:
            return None
        return self.inputs[random.choice(places)].astype(np.float32) / np.float32(_LEVELS) + np.float32(_LOW)


def chosen_classes(material: Material, count: int, seed: int) -> Material:
    """The same material with ``count`` of its classes: half those with most crops, the rest by lot."""
    crops = np.array([len(places) for places in material.crops_of])
    first = np.argsort(-crops, kind="stable")[: min(count // 2, np.count_nonzero(crops))]
    others = np.setdiff1d(np.arange(len(material.classes)), first)
    drawn = np.random.default_rng([seed, 4]).permutation(others)[: count - len(first)]
    places = np.sort(np.concatenate([first, drawn])).astype(int)
    return dataclasses.replace(
        material,
        classes=material.classes[places],
        glyphs_of=[material.glyphs_of[place] for place in places],
        crops_of=[material.crops_of[place] for place in places],
    )


def draw_inputs(
    folder: Path,
    material: Material,
    rendered: MeshCache | None,
    amounts: Amounts,
    recipe: Recipe,
    *,
    seed: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Drawn:
    """The inputs kept in ``folder``, drawn first where they are not there yet, a hundred classes a file.

    progress: called with how many classes were drawn since the last call.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(material.classes), _A_PART):
        path = folder / f"inputs-{start // _A_PART:03d}.npz"
        labels = range(start, min(start + _A_PART, len(material.classes)))
        if not path.exists():
            _draw_part(path, labels, _Pen(material, rendered, amounts, recipe, seed))
        progress(len(labels))
        with np.load(path) as part:
            parts.append((part["inputs"], part["labels"], part["sources"]))
    inputs, labels, sources = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Drawn(inputs, _places(labels, sources), len(material.classes))


def _places(labels: np.ndarray, sources: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    keys = labels.astype(np.int64) * 4 + sources
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return {
        (int(key) // 4, int(key) % 4): places
        for key, places in zip(found, np.split(order, starts[1:]), strict=True)
    }


def _draw_part(path: Path, labels: range, pen: "_Pen") -> None:
    inputs, of, sources = [], [], []
    for label in labels:
        for source, picture in pen.inputs(label):
            inputs.append(np.rint((picture - _LOW) * _LEVELS).clip(0, 255).astype(np.uint8))
            of.append(label)
            sources.append(source)
    with write_aside(path) as aside, aside.open("wb") as file:
        np.savez(
            file, inputs=np.stack(inputs), labels=np.array(of, np.int32), sources=np.array(sources, np.int8)
        )


class _Pen:
    """Draws one class at a time; the same for a class whatever was drawn before."""

    def __init__(
        self, material: Material, rendered: MeshCache | None, amounts: Amounts, recipe: Recipe, seed: int
    ) -> None:
        cv2.setNumThreads(1)
        self._material, self._rendered, self._amounts = material, rendered, amounts
        self._recipe, self._seed = recipe, seed
        self._textures = Textures(np.random.default_rng([seed, 0]))
        self._canvas = round(_CANVAS * recipe.size)

    def inputs(self, label: int) -> list[tuple[int, np.ndarray]]:
        """Source and (S, S) float32 input of everything that is drawn for a class."""
        random = np.random.default_rng([self._seed, 5, int(self._material.classes[label])])
        amounts, found = self._amounts, []
        for _ in range(amounts.drawn):
            drawn = draw_print(self._field(label, random), self._others(random), random, self._textures)
            found.append((PRINT, print_input(drawn, self._recipe)))
            relief = draw_relief(
                self._field(label, random), self._others(random), random, self._textures, self._canvas
            )
            found.append((RELIEF, height_input(relief, self._recipe)))
        crops = self._material.crops_of[label]
        for _ in range(amounts.crops if len(crops) else 0):
            crop = vary_print(self._material.crops.images[random.choice(crops)], random, self._textures)
            found.append((CROP, print_input(crop, self._recipe)))
        for _ in range(amounts.rendered if self._rendered else 0):
            height = self._rendered.pick(label, random)
            if height is not None:
                varied = vary_relief(height, random, self._textures)
                found.append((RENDERED, height_input(varied, self._recipe)))
        return found

    def _field(self, label: int, random: np.random.Generator) -> np.ndarray:
        return self._material.glyphs.fields[random.choice(self._material.glyphs_of[label])]

    def _others(self, random: np.random.Generator) -> list[np.ndarray]:
        fields = self._material.glyphs.fields
        return [fields[place] for place in random.integers(len(fields), size=4)]
