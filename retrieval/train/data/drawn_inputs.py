"""Inputs drawn once and kept, so that methods learn from the very same pictures, at no cost of drawing."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from common.publish import write_aside
from retrieval.preprocess import Recipe
from retrieval.train.data.input_drawing import InputDrawing
from retrieval.train.data.mesh_cache import MeshCache
from retrieval.train.data.training_data import TrainingData

# Where an input comes from. The first two are prints, the others height maps.
PRINT, CROP, RELIEF, RENDERED = range(4)
SOURCES = {"crops": CROP, "rendered": RENDERED}
_A_PART = 100
# Inputs lie in [-0.5, 1.5] and are kept in 256 levels.
_LOW, _LEVELS = -0.5, 127.5


@dataclass(frozen=True)
class InputAmounts:
    """How many inputs are drawn.

    characters: classes, half of them those with most real crops, the others by lot.
    drawn: prints, and as many reliefs, of each class.
    crops: inputs made of a class's real crops, where it has any.
    rendered: inputs made of a class's height maps out of meshes, where it has any.
    """

    characters: int = 2000
    drawn: int = 20
    crops: int = 10
    rendered: int = 8


@dataclass(frozen=True)
class DrawnInputs:
    """Inputs kept in memory.

    inputs: (N, S, S) uint8.
    places: class and source to the places of its inputs.
    classes: how many there are.
    """

    inputs: np.ndarray
    places: dict[tuple[int, int], np.ndarray]
    classes: int

    def has(self, label: int, source: int) -> bool:
        """Whether there is an input of this class from this source."""
        return (label, source) in self.places

    def pick(self, label: int, source: int, random: np.random.Generator) -> np.ndarray:
        """One input of this class from this source, (S, S) float32; KeyError where there is none."""
        places = self.places[label, source]
        return self.inputs[random.choice(places)].astype(np.float32) / np.float32(_LEVELS) + np.float32(_LOW)


def chosen_classes(data: TrainingData, count: int, seed: int) -> TrainingData:
    """The same data with ``count`` of its classes: half those with most crops, the rest by lot."""
    crops = np.array([len(places) for places in data.crops_of])
    first = np.argsort(-crops, kind="stable")[: min(count // 2, np.count_nonzero(crops))]
    others = np.setdiff1d(np.arange(len(data.classes)), first)
    drawn = np.random.default_rng([seed, 4]).permutation(others)[: count - len(first)]
    places = np.sort(np.concatenate([first, drawn])).astype(int)
    return dataclasses.replace(
        data,
        classes=data.classes[places],
        glyphs_of=[data.glyphs_of[place] for place in places],
        crops_of=[data.crops_of[place] for place in places],
    )


def draw_inputs(
    folder: Path,
    data: TrainingData,
    rendered: MeshCache | None,
    amounts: InputAmounts,
    recipe: Recipe,
    *,
    seed: int,
    progress: Callable[[int], None] = lambda _: None,
) -> DrawnInputs:
    """The inputs kept in ``folder``, drawn first where they are not there yet, a hundred classes a file.

    folder: of the inputs.
    data: what they are drawn from.
    rendered: height maps that went through a mesh.
    amounts: how many.
    recipe: how pictures and height maps become inputs.
    seed: of everything drawn by lot.
    progress: called with how many classes were drawn since the last call.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(data.classes), _A_PART):
        path = folder / f"inputs-{start // _A_PART:03d}.npz"
        some = range(start, min(start + _A_PART, len(data.classes)))
        if not path.exists():
            _draw_part(path, some, _ClassInputs(data, rendered, amounts, recipe, seed))
        progress(len(some))
        with np.load(path) as part:
            parts.append((part["inputs"], part["labels"], part["sources"]))
    inputs, labels, sources = (np.concatenate(column) for column in zip(*parts, strict=True))
    return DrawnInputs(inputs, _places(labels, sources), len(data.classes))


def _places(labels: np.ndarray, sources: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    keys = labels.astype(np.int64) * 4 + sources
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return {
        (int(key) // 4, int(key) % 4): places
        for key, places in zip(found, np.split(order, starts[1:]), strict=True)
    }


def _draw_part(path: Path, labels: range, drawer: "_ClassInputs") -> None:
    inputs, classes, sources = [], [], []
    for label in labels:
        for source, picture in drawer.inputs(label):
            inputs.append(np.rint((picture - _LOW) * _LEVELS).clip(0, 255).astype(np.uint8))
            classes.append(label)
            sources.append(source)
    with write_aside(path) as aside, aside.open("wb") as file:
        np.savez(
            file,
            inputs=np.stack(inputs),
            labels=np.array(classes, np.int32),
            sources=np.array(sources, np.int8),
        )


class _ClassInputs:
    """Draws one class at a time; the same for a class whatever was drawn before."""

    def __init__(
        self, data: TrainingData, rendered: MeshCache | None, amounts: InputAmounts, recipe: Recipe, seed: int
    ) -> None:
        cv2.setNumThreads(1)
        self._data, self._rendered, self._amounts, self._seed = data, rendered, amounts, seed
        self._drawing = InputDrawing(data, recipe, seed=seed)

    def inputs(self, label: int) -> list[tuple[int, np.ndarray]]:
        """Source and (S, S) float32 input of everything that is drawn for a class."""
        random = np.random.default_rng([self._seed, 5, int(self._data.classes[label])])
        amounts, found = self._amounts, []
        for _ in range(amounts.drawn):
            found.append((PRINT, self._drawing.print(label, random)))
            found.append((RELIEF, self._drawing.relief(label, random)))
        for _ in range(amounts.crops if len(self._data.crops_of[label]) else 0):
            found.append((CROP, self._drawing.crop(label, random)))
        for _ in range(amounts.rendered):
            height = self._rendered.pick(label, random) if self._rendered else None
            if height is not None:
                found.append((RENDERED, self._drawing.varied(height, random)))
        return found
