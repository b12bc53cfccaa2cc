"""A small drawn block, as a scan in the store."""

import io

import numpy as np
import pytest

from retrieval.io.encode import stl
from retrieval.synth.blocks import block_mesh, carve, carved_height, draw_text
from retrieval.synth.pages.bank import draw_bank
from retrieval.synth.textures import Textures
from webapp.blocks.models import Block, Scan
from webapp.blocks.services import scan_add


@pytest.fixture(scope="session")
def block_file() -> bytes:
    """The STL file of a drawn block, some 70 x 55 mm."""
    return drawn_block(size=(70.0, 55.0), character=11.0, each=12)


@pytest.fixture(scope="session")
def wide_block_file() -> bytes:
    """The STL file of one of 110 x 80 mm, with enough characters for half of it to be read for sure."""
    return drawn_block(size=(110.0, 80.0), character=10.0, each=40)


def drawn_block(size: tuple[float, float], character: float, each: int) -> bytes:
    random = np.random.default_rng(5)
    bank, textures = draw_bank(random, each=each), Textures(random, 4)
    text = draw_text(random, bank, size=size, character=character)
    carving = carve(random, bank, text, textures, pitch=0.35)
    height, _ = carved_height(random, carving)
    return stl(block_mesh(height, carving.pitch))


@pytest.fixture
def scan(release, curator, block_file) -> Scan:
    """That block, uploaded."""
    block = Block.objects.create(name="Kiều 1")
    return scan_add(block=block, user=curator, name="kieu.stl", stream=io.BytesIO(block_file), unit="mm")
