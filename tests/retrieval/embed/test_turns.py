"""Which way up a scan is: what eight readings add up to, and drawn carvings in every turn."""

import numpy as np
import pytest

from retrieval.embed import Embedder
from retrieval.embed.turns import is_surely_upright, turn_probabilities
from retrieval.index import reading_turns
from retrieval.synth.fonts import Typeface, find_faces
from retrieval.synth.glyphs import distance_field
from retrieval.synth.reliefs import draw_relief
from retrieval.synth.textures import Textures
from tests.retrieval.synth.typefaces import needs_typefaces, typeface_folder

WEIGHTS = [1.1, 28.0]


def test_the_turn_that_reads_as_writing_is_the_likeliest() -> None:
    """Whichever it is, and whichever way round; the others share what is left."""
    for turn in range(4):
        for way in range(2):
            logits, likeness = np.zeros((1, 4, 2)), np.full((1, 4, 2), 0.6)
            logits[0, turn, way], likeness[0, turn, way] = -8.0, 0.8
            (found,) = turn_probabilities(logits, likeness, WEIGHTS)
            assert found.sum() == pytest.approx(1)
            assert found.argmax() == turn
            assert found[turn] > 0.9


def test_where_nothing_speaks_the_scan_stays_as_it_is() -> None:
    """Upright is likelier before anything was seen, but not sure."""
    (found,) = turn_probabilities(np.zeros((1, 4, 2)), np.full((1, 4, 2), 0.6), WEIGHTS)
    assert found.argmax() == 0
    assert 0.5 < found[0] < 0.9


@pytest.mark.parametrize("coefficients", [None, [], [1.3]])
def test_a_model_that_learned_no_characters_turns_nothing(coefficients) -> None:
    """Its handedness knows upright maps only."""
    random = np.random.default_rng(0)
    found = turn_probabilities(random.normal(size=(5, 4, 2)), random.normal(size=(5, 4, 2)), coefficients)
    assert found.tolist() == [[1, 0, 0, 0]] * 5


def test_far_evidence_stays_finite() -> None:
    """However large the numbers are, they are probabilities."""
    found = turn_probabilities(np.full((1, 4, 2), -1e6), np.full((1, 4, 2), 1e6), WEIGHTS)
    assert np.isfinite(found).all()


def test_what_surely_stands_upright_is_read_in_no_other_turn() -> None:
    """It is upright then; what reads worse, or what is asked for, is read in all four."""
    sure, unsure = np.full((1, 2), 0.9), np.full((1, 2), 0.6)
    assert is_surely_upright(np.zeros((2, 2)), np.concatenate([sure, unsure]), WEIGHTS).tolist() == [
        True,
        False,
    ]
    assert is_surely_upright(np.zeros((1, 2)), unsure, [1.3]).all()


@needs_typefaces
def test_carvings_in_every_turn_are_turned_back() -> None:
    """Drawn carvings, mirrored as blocks are: most are turned upright, and all but a few are found so."""
    embedder = Embedder.load(device="cpu")
    face = next(face for face in find_faces([typeface_folder()]) if face.name == "shippori")
    random = np.random.default_rng(3)
    textures = Textures(random, count=4)
    heights = [
        draw_relief(distance_field(Typeface(face).draw(ord(one))), [], random, textures, side=96)[:, ::-1]
        for one in "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏閏餘成歲律呂調陽雲騰致雨露結為霜"
    ]
    for quarters in range(4):
        scanned = [np.rot90(height, -quarters) for height in heights]
        found = embedder.embed_turned(scanned)
        upright = found.upright_probability.argmax(axis=1)
        assert (upright == quarters).mean() >= 0.9
        searched = [quarters in reading_turns(each) for each in found.upright_probability]
        assert np.mean(searched) >= 0.95
        read = [bool(found.turns[1].seen[row].any()) for row in range(len(scanned))]
        assert np.mean(read) < 0.9 if quarters == 0 else np.mean(read) > 0.95
        for row in np.flatnonzero(~np.array(read)):
            assert found.upright_probability[row].tolist() == [1, 0, 0, 0]
            assert not found.turns[3].mirrored[row].any()


def test_each_turn_is_embedded_as_if_it_came_alone() -> None:
    """The slow twin: each map turned by hand, and read both ways."""
    embedder = Embedder.load(device="cpu")
    height = np.zeros((256, 256), np.float32)
    height[40:90, 60:200] = height[40:220, 60:100] = 0.9
    turned = embedder.embed_turned([height], [0])
    for quarters, vectors in enumerate(turned.turns):
        alone = embedder.embed_heights([np.rot90(height, quarters)])
        assert vectors.seen == pytest.approx(alone.seen, abs=1e-4)
        assert vectors.mirrored == pytest.approx(alone.mirrored, abs=1e-4)
        assert vectors.mirrored_probability == pytest.approx(alone.mirrored_probability, abs=1e-3)
