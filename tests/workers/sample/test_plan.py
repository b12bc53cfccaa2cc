import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from retrieval.io.meshes import read_mesh
from retrieval.render.relief import read_relief
from webapp.config.env import ROOT
from workers.sample import plan
from workers.sample.plan import CARVED, PRINTED, carved_files, page_file, printed_files
from workers.sample.text import characters
from workers.sample.typefaces import FontsMissing, carving_typeface

pytestmark = pytest.mark.xdist_group("sample")  # its fixture takes long: one process makes it


@pytest.fixture(scope="module")
def carved():
    return list(carved_files(ROOT))


@pytest.fixture(scope="module")
def printed():
    return list(printed_files(ROOT))


def test_the_gallery_is_what_the_readme_says(carved):
    assert len({file.name for file in carved}) == len(carved) == CARVED == 64
    assert len({hashlib.sha256(file.content).digest() for file in carved}) == CARVED
    kinds = {file.name.rsplit(".")[-1] for file in carved}
    assert kinds == {"stl", "glb"}
    assert any(ord(file.character) > 0xFFFF for file in carved if file.character)
    assert any(not file.character for file in carved)


def test_the_batch_is_mostly_of_carved_characters(carved, printed):
    assert len(printed) == PRINTED == 24
    face = carving_typeface(ROOT)
    known = [char for char in characters() if face.has(char)]
    assert {file.character for file in printed} <= set(known)
    missing = [file for file in printed if file.character not in known[:CARVED]]
    assert len(missing) == 2


def test_it_is_the_same_every_time(printed):
    again = list(printed_files(ROOT))
    assert [file.content for file in again] == [file.content for file in printed]
    first, second = (next(iter(carved_files(ROOT))) for _ in range(2))
    assert first.content == second.content


def test_every_mesh_can_be_read(carved):
    for file in carved[:6]:
        loaded = read_mesh(file.content, name=file.name)
        relief = read_relief(loaded.mesh)
        assert len(loaded.mesh.faces) > 20_000
        assert 0.02 < np.mean(relief.height > 0.5) < 0.75, file.name


def test_blocks_are_carved_mirrored_but_for_a_few():
    ways = [plan._how(number, np.random.default_rng(number)).mirrored for number in range(CARVED)]
    assert 0 < ways.count(False) < 0.2 * CARVED


def test_prints_have_dark_ink_on_light_paper(printed):
    for file in printed:
        gray = np.asarray(Image.open(io.BytesIO(file.content)).convert("L"))
        assert np.median(gray) > 150
        assert 0.03 < np.mean(gray < 100) < 0.5, file.name


def test_the_page_has_dark_ink_on_light_paper_and_carved_characters():
    file = page_file(ROOT)
    gray = np.asarray(Image.open(io.BytesIO(file.content)).convert("L"))
    assert min(gray.shape) > 500
    assert np.median(gray) > 150
    assert 0.03 < np.mean(gray < 100) < 0.4
    assert len(file.character) == 60
    face = carving_typeface(ROOT)
    known = [char for char in characters() if face.has(char)][:CARVED]
    assert sum(char in known for char in file.character) > 50
    assert page_file(ROOT).content == file.content


def test_missing_fonts_are_named_with_what_to_type(tmp_path):
    with pytest.raises(FontsMissing, match="make assets"):
        next(carved_files(tmp_path))
