"""A small block drawn once for all tests of this folder."""

from dataclasses import dataclass

import numpy as np
import pytest

from retrieval.blocks.reading import BlockReader, ReadFace
from retrieval.blocks.scan import scan_of
from retrieval.embed.embedder import Embedder
from retrieval.locate import Localiser
from retrieval.synth.blocks import Carving, Text, block_mesh, carve, carved_height, draw_text
from retrieval.synth.pages.bank import GlyphBank, draw_bank
from retrieval.synth.textures import Textures
from retrieval.types import Mesh


@dataclass(frozen=True)
class Drawn:
    """A block 110 mm wide, its scan, and what it is drawn from."""

    bank: GlyphBank
    textures: Textures
    text: Text
    carving: Carving
    height: np.ndarray
    kept: np.ndarray
    mesh: Mesh


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    random = np.random.default_rng(5)
    bank, textures = draw_bank(random, each=40), Textures(random, 4)
    text = draw_text(random, bank, size=(110.0, 80.0), character=10.0)
    carving = carve(random, bank, text, textures, pitch=0.3)
    height, kept = carved_height(random, carving)
    return Drawn(bank, textures, text, carving, height, kept, block_mesh(height, carving.pitch))


@pytest.fixture(scope="session")
def reader() -> BlockReader:
    return BlockReader(Localiser.load(), Embedder.load(device="cpu"))


@pytest.fixture(scope="session")
def read(drawn: Drawn, reader: BlockReader) -> ReadFace:
    return reader.read(scan_of(drawn.mesh.vertices, drawn.mesh.faces, name="drawn"))
