"""On the depth of a real carved block: each of its outlined characters, cut out and wound either way."""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from retrieval.io.meshes import read_mesh
from retrieval.render.face.plane import reading_plane
from retrieval.types import Mesh

SCANS = Path(__file__).parents[4].parent / "shared" / "data" / "real3d.zip"
pytestmark = [
    pytest.mark.xdist_group("real carvings"),
    pytest.mark.skipif(not SCANS.is_file(), reason=f"the real carvings are not at {SCANS}"),
]
# The depth picture is so many pixels wide, and the block so many units.
_PIXELS, _UNITS = 867, 300


@pytest.fixture(scope="module")
def characters() -> list[Mesh]:
    """Every outlined character of the block, cut at its outline."""
    with zipfile.ZipFile(SCANS) as scans:
        block = read_mesh(scans.read("block_a.ply"), name="block_a.ply").mesh
        rows = list(csv.DictReader(io.TextIOWrapper(scans.open("block_a_boxes.csv"), encoding="utf-8")))
    across, down = (-block.vertices[:, axis] * _PIXELS / _UNITS for axis in (0, 1))
    cut = []
    for row in rows:
        x, y, w, h = (int(row[name]) for name in "xywh")
        inside = (across >= x) & (across < x + w) & (down >= y) & (down < y + h)
        used, faces = np.unique(block.faces[inside[block.faces].all(axis=1)], return_inverse=True)
        cut.append(Mesh(block.vertices[used], faces.reshape(-1, 3).astype(np.int32)))
    return cut


@pytest.mark.parametrize("way", ["as wound", "wound inwards", "x negated"])
def test_each_character_is_read_from_its_carved_side(characters, way):
    sign = np.array([-1.0 if way == "x negated" else 1.0, 1.0, 1.0])
    step = -1 if way == "wound inwards" else 1
    sides = [
        reading_plane(Mesh(mesh.vertices * sign, mesh.faces[:, ::step].copy())).rotation[2, 2]
        for mesh in characters
    ]
    assert (np.array(sides) > 0.8).sum() == len(characters) == 115


@pytest.mark.parametrize("name", ["block_a.ply", "block_b.ply"])
def test_a_whole_block_is_read_as_it_is_wound(name):
    """Strokes all over it stand out no more than the grooves between them do."""
    with zipfile.ZipFile(SCANS) as scans:
        block = read_mesh(scans.read(name), name=name).mesh
    assert reading_plane(block).rotation[2, 2] > 0.8
