import numpy as np
import pytest

from common.errors import BadInput
from retrieval import cli
from retrieval.evaluate.methods.by_name import METHODS, open_method
from tests.pictures import glyph
from tests.retrieval.evaluate.fakes import use_fake_embedder

COUNT = 12


@pytest.fixture(autouse=True)
def no_training(monkeypatch):
    use_fake_embedder(monkeypatch)


def heights():
    """Reliefs as carved: mirrored against print."""
    return [np.ascontiguousarray(glyph(seed, 256)[:, ::-1]) for seed in range(COUNT)]


def prints():
    return [np.rint(230 - 180 * glyph(seed, 100)).astype(np.uint8) for seed in range(COUNT)]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_finds_the_block_of_a_print(name):
    method = open_method(name)
    method.add_items(heights()[:7])
    method.add_items(heights()[7:])
    hits = method.rank(prints(), 5)
    assert hits.ids.shape == (COUNT, 5)
    assert (hits.ids[:, 0] == np.arange(COUNT)).all()
    assert (np.diff(hits.distances) >= 0).all()
    assert all(len(set(row)) == 5 for row in hits.ids.tolist())


@pytest.mark.parametrize("name", METHODS)
def test_fewer_items_than_wanted(name):
    method = open_method(name)
    method.add_items(heights()[:2])
    hits = method.rank(prints()[:3], 5)
    assert (hits.ids[:, 2:] == -1).all()
    assert sorted(hits.ids[0, :2]) == [0, 1]


@pytest.mark.parametrize("name", METHODS)
def test_a_picture_of_nothing_is_answered(name):
    method = open_method(name)
    method.add_items([*heights()[:3], np.zeros((256, 256), np.float32)])
    hits = method.rank([np.zeros((8, 8), np.uint8), np.full((8, 900), 255, np.uint8)], 5)
    assert np.isfinite(hits.distances[:, :4]).all()


def test_the_embedding_alone_registers_nothing():
    assert open_method("model").registers
    assert not open_method("embedding").registers


def test_unknown_methods_and_needless_weights():
    with pytest.raises(BadInput, match="no method 'magic'"):
        open_method("magic")
    with pytest.raises(BadInput, match="hog has no weights"):
        open_method("hog", weights="x.safetensors")


def test_the_command_line_offers_the_same_methods():
    assert cli.METHODS == METHODS
