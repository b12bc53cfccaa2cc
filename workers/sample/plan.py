"""Which characters the sample carves and prints, and how: the same on every machine."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import trimesh

from workers.sample import carving, printing
from workers.sample.carving import Carving, carve
from workers.sample.leaf import draw_leaf
from workers.sample.text import VERSES, characters
from workers.sample.typefaces import SampleTypeface, carving_typeface, printing_typeface

CARVED = 64
PRINTED = 24
_NOT_CARVED = 2  # prints whose block is missing, as happens
_ON_A_PAGE, _IN_A_COLUMN = 60, 12  # characters
_SEED = 1820
_UNITS = (22.0, 0.022, 0.87, 1.0)  # millimetres, metres, inches, and a scanner that says nothing


@dataclass(frozen=True)
class SampleFile:
    """One file of the sample. character: what it shows; empty where the gallery is not to know."""

    name: str
    content: bytes
    character: str


def carved_files(root: Path) -> Iterator[SampleFile]:
    """The sample gallery: ``CARVED`` meshes. root: the project's folder. Raises FontsMissing."""
    face = carving_typeface(root)
    for number, char in enumerate(_drawable(face)[:CARVED]):
        random = np.random.default_rng([_SEED, number])
        mesh = carve(face.ink(char, carving.fine_size()), _how(number, random), random)
        kind = "glb" if number % 4 == 3 else "stl"
        surface = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
        given = char if number % 16 != 15 else ""
        yield SampleFile(f"kieu/block-{number + 1:02}.{kind}", _exported(surface, kind), given)


def printed_files(root: Path) -> Iterator[SampleFile]:
    """The sample batch: ``PRINTED`` prints, most of them of carved characters. Raises FontsMissing."""
    carved, other = carving_typeface(root), printing_typeface(root)
    drawable = _drawable(carved)
    order = np.random.default_rng(_SEED).permutation(CARVED)[: PRINTED - _NOT_CARVED]
    chosen = [drawable[i] for i in sorted(order)] + drawable[CARVED : CARVED + _NOT_CARVED]
    for number, char in enumerate(chosen):
        random = np.random.default_rng([_SEED, 1, number])
        face = other if other.has(char) else carved
        ink = face.ink(char, printing.drawn_size(), fill=random.uniform(0.72, 0.92))
        kind = "jpg" if number % 3 == 2 else "png"
        picture = printing.print_on_paper(ink, int(random.integers(72, 160)), random)
        yield SampleFile(f"kieu/print-{number + 1:02}.{kind}", printing.encoded(picture, kind), char)


def page_file(root: Path) -> SampleFile:
    """The sample's page: the beginning of the verses. Raises FontsMissing."""
    face = carving_typeface(root)
    text = "".join(filter(face.has, "".join(VERSES)))
    columns = [text[start : start + _IN_A_COLUMN] for start in range(0, _ON_A_PAGE, _IN_A_COLUMN)]
    picture = draw_leaf(columns, face, np.random.default_rng([_SEED, 2]))
    return SampleFile("kieu/page-01.jpg", printing.encoded(picture, "jpg"), "".join(columns))


def _drawable(face: SampleTypeface) -> list[str]:
    return [char for char in characters() if face.has(char)]


def _how(number: int, random: np.random.Generator) -> Carving:
    return Carving(
        mirrored=number % 8 != 5,  # a scan comes the other way round now and then
        tilt_degrees=float(random.uniform(0, 14)),
        standing=number % 5 == 4,
        unit=_UNITS[number % len(_UNITS)],
        worn=float(random.uniform(0.3, 1)) if number % 6 == 1 else 0.0,
    )


def _exported(surface: trimesh.Trimesh, kind: str) -> bytes:
    out = io.BytesIO()
    surface.export(out, file_type=kind)
    return out.getvalue()
