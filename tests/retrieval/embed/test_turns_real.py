"""A real carving that came from its scanner upside down, and the same one upright."""

import zipfile
from pathlib import Path

import pytest

from retrieval.embed import Embedder
from retrieval.index import reading_turns
from retrieval.io.meshes import read_mesh
from retrieval.render.relief import read_relief

SCANS = Path(__file__).parents[3].parent / "shared" / "data" / "real3d.zip"
pytestmark = pytest.mark.skipif(not SCANS.is_file(), reason=f"the real carvings are not at {SCANS}")


def test_a_carving_that_was_scanned_upside_down_is_turned() -> None:
    """It is turned by two quarters and mirrored; the upright one is left alone."""
    with zipfile.ZipFile(SCANS) as scans:
        heights = [
            read_relief(read_mesh(scans.read(name), name=name).mesh).height
            for name in ("canh_as_scanned.stl", "canh_upright.stl")
        ]
    found = Embedder.load(device="cpu").embed_turned(heights)
    assert found.upright_probability.argmax(axis=1).tolist() == [2, 0]
    assert reading_turns(found.upright_probability[0]) == (2, 0)
    likelier = [found.turns[turn].mirrored_probability[row] > 0.5 for row, turn in enumerate((2, 0))]
    assert likelier == [True, True]
