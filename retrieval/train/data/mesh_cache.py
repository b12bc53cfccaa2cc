"""Height maps that went the product's own way, mesh to reading plane to z-buffer, kept on disk."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from common.publish import write_aside
from retrieval.errors import BadMesh
from retrieval.render.relief import read_relief
from retrieval.synth.meshes import relief_mesh
from retrieval.synth.reliefs import draw_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.training_data import TrainingData

SIDE = 96
_DRAWN = 128


@dataclass(frozen=True)
class MeshAmounts:
    """How many height maps go through a mesh. parts: files of them. each: height maps in one."""

    parts: int = 24
    each: int = 500


@dataclass(frozen=True)
class MeshCache:
    """Height maps that went through a mesh.

    heights: (M, 96, 96) uint8, reading as the print does.
    of_label: class to places in ``heights``.
    """

    heights: np.ndarray
    of_label: dict[int, np.ndarray]

    def pick(self, label: int, random: np.random.Generator) -> np.ndarray | None:
        """One height map of this class, (96, 96) float32 in [0, 1]; None where there is none."""
        places = self.of_label.get(int(label))
        if places is None:
            return None
        return self.heights[random.choice(places)].astype(np.float32) / 255


def draw_meshes(folder: Path, data: TrainingData, amounts: MeshAmounts, *, seed: int) -> None:
    """Draw the parts that are not in ``folder`` yet.

    data: whose classes are drawn.
    amounts: how many.
    seed: of everything drawn by lot.
    """
    for number in range(amounts.parts):
        draw_part(folder, data, number, count=amounts.each, seed=seed)


def all_meshes(folder: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Height maps (M, 96, 96) uint8 of every part drawn so far, and codepoints (M,); None without any."""
    parts = [np.load(path) for path in sorted(folder.glob("part-*.npz"))]
    if not parts:
        return None
    heights, codepoints = (np.concatenate([part[key] for part in parts]) for key in ("heights", "codepoints"))
    return heights, codepoints


def load_meshes(folder: Path, classes: np.ndarray) -> MeshCache | None:
    """Every part drawn so far; None where there is none.

    folder: of the parts.
    classes: (K,) codepoints; height maps of others are not picked.
    """
    found = all_meshes(folder)
    if found is None:
        return None
    heights, codepoints = found
    of_label: dict[int, list[int]] = {}
    label_of = {int(code): label for label, code in enumerate(classes)}
    for place, code in enumerate(codepoints.tolist()):
        if code in label_of:
            of_label.setdefault(label_of[code], []).append(place)
    return MeshCache(heights, {label: np.array(places) for label, places in of_label.items()})


def draw_part(folder: Path, data: TrainingData, number: int, *, count: int, seed: int) -> None:
    """Draw, mesh and read reliefs into one part; nothing is done where it is there.

    folder: of the parts.
    data: whose classes are drawn.
    number: of the part.
    count: reliefs in it.
    seed: of everything drawn by lot.
    """
    target = folder / f"part-{number:04d}.npz"
    if target.exists():
        return
    random = np.random.default_rng([seed, 2, number])
    textures = Textures(random)
    heights: list[np.ndarray] = []
    codepoints: list[int] = []
    while len(heights) < count:
        label = int(random.integers(len(data.classes)))
        place = random.choice(data.glyphs_of[label])
        others = data.glyphs.fields[np.sort(random.integers(len(data.glyphs.fields), size=4))]
        height = rendered_relief(data.glyphs.fields[place], list(others), random, textures)
        if height is not None:
            heights.append(height)
            codepoints.append(int(data.classes[label]))
    with write_aside(target) as path, path.open("wb") as file:
        np.savez(file, heights=np.stack(heights), codepoints=np.array(codepoints, np.int32))


def rendered_relief(
    field: np.ndarray, others: list[np.ndarray], random: np.random.Generator, textures: Textures
) -> np.ndarray | None:
    """One relief through mesh and renderer, (96, 96) uint8; None where the renderer refuses it.

    field: (F, F) distance field of the glyph.
    others: fields of the characters around it.
    random: lots.
    textures: of wood and wear.
    """
    drawn = draw_relief(field, others, random, textures, side=_DRAWN)
    mesh = relief_mesh(drawn, random, triangles=int(10 ** random.uniform(3.4, 4.4)))
    try:
        height = read_relief(mesh).height
    except BadMesh:
        return None
    small = cv2.resize(height, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.rint(255 * small).astype(np.uint8)
