"""The shipped model as the rest of the product uses it."""

import numpy as np
import pytest

from retrieval.data.characters import held_out
from retrieval.embed import Embedder
from retrieval.errors import BadModel
from retrieval.evaluate.methods.classical import height_strokes, hog_features, print_strokes
from retrieval.models import shipped_weights
from retrieval.synth.fonts import Typeface, find_faces
from retrieval.synth.glyphs import distance_field
from retrieval.synth.prints import draw_print
from retrieval.synth.reliefs import draw_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.scores import nearest, reciprocal_rank
from tests.retrieval.synth.typefaces import needs_typefaces, typeface_folder

pytestmark = pytest.mark.xdist_group("embedder")  # its fixture takes long: one process makes it


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    """The shipped weights, on the CPU."""
    return Embedder.load(device="cpu")


def pictures(count: int = 5) -> list[np.ndarray]:
    """Bars and noise of several sizes."""
    random = np.random.default_rng(0)
    drawn = []
    for number in range(count):
        picture = random.normal(200, 8, (60 + 10 * number, 70)).clip(0, 255).astype(np.uint8)
        picture[10 : 50 + number, 20:30] = 40
        picture[30:38, 12 + 3 * number : 60] = 40
        drawn.append(picture)
    return drawn


def reliefs(count: int = 3) -> list[np.ndarray]:
    """Raised bars."""
    drawn = []
    for number in range(count):
        height = np.zeros((256, 256), np.float32)
        height[30:220, 40 : 90 + 10 * number] = 1
        height[100 : 140 + 5 * number, 60:230] = 1
        drawn.append(height)
    return drawn


def test_vectors_have_unit_length(embedder: Embedder) -> None:
    """Prints and both readings of height maps."""
    heights = embedder.embed_heights(reliefs())
    for vectors in (embedder.embed_prints(pictures()), heights.seen, heights.mirrored):
        assert vectors.dtype == np.float32
        assert vectors.shape[1] == embedder.width
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_alone_or_in_a_batch_the_answer_is_the_same(embedder: Embedder) -> None:
    """What else is in the batch does not matter, nor where it is cut."""
    many = pictures() * 15
    together = embedder.embed_prints(many)
    alone = np.concatenate([embedder.embed_prints([each]) for each in pictures()])
    assert together[:5] == pytest.approx(alone, abs=1e-5)
    assert together[70:] == pytest.approx(alone, abs=1e-5)


def test_inverted_print_is_the_same_print(embedder: Embedder) -> None:
    """White on black lies where black on white does."""
    plain = embedder.embed_prints(pictures())
    inverted = embedder.embed_prints([255 - picture for picture in pictures()])
    assert (plain * inverted).sum(axis=1).min() > 0.99


def test_mirrored_reading_is_that_of_the_flipped_map(embedder: Embedder) -> None:
    """The two readings change places when the map is flipped, and the probabilities add up to one."""
    as_seen = embedder.embed_heights(reliefs())
    flipped = embedder.embed_heights([np.ascontiguousarray(height[:, ::-1]) for height in reliefs()])
    assert flipped.seen == pytest.approx(as_seen.mirrored, abs=1e-4)
    assert flipped.mirrored == pytest.approx(as_seen.seen, abs=1e-4)
    assert as_seen.mirrored_probability + flipped.mirrored_probability == pytest.approx(1, abs=1e-3)


def test_nothing_in_nothing_out(embedder: Embedder) -> None:
    """Empty lists give empty arrays of the right width."""
    assert embedder.embed_prints([]).shape == (0, embedder.width)
    heights = embedder.embed_heights([])
    assert heights.seen.shape == heights.mirrored.shape == (0, embedder.width)
    assert heights.mirrored_probability.shape == (0,)


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (3, 8000), (8000, 5), (50, 50)])
@pytest.mark.parametrize("level", [0, 255])
def test_odd_pictures_get_finite_vectors(embedder: Embedder, shape: tuple[int, int], level: int) -> None:
    """No ink, all ink, any size: a finite vector of unit length, never a crash."""
    vectors = embedder.embed_prints([np.full(shape, level, np.uint8)])
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors) == pytest.approx(1, abs=1e-4)


def test_the_model_says_what_it_is(embedder: Embedder) -> None:
    """Name, fingerprint, recipe and record are there for the registry."""
    assert embedder.name
    assert int(embedder.fingerprint, 16) >= 0
    assert embedder.recipe["size"] == 48
    assert embedder.record["characters"] > 9000
    assert Embedder.load(shipped_weights(), "cpu").fingerprint == embedder.fingerprint


def test_a_file_that_is_no_model_is_refused(tmp_path) -> None:
    """Any other file is a BadModel."""
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00{}      ")
    with pytest.raises(BadModel):
        Embedder.load(path)


@needs_typefaces
def test_characters_never_seen_are_found_far_better_than_by_gradients(embedder: Embedder) -> None:
    """Reliefs in one typeface, prints in another, of characters that no training image shows."""
    faces = {face.name: face for face in find_faces([typeface_folder()])}
    cactus, shippori = Typeface(faces["cactus"]), Typeface(faces["shippori"])
    both = sorted(cactus.codepoints & shippori.codepoints & set(range(0x4E00, 0x9FFF)))
    codes = [code for code in both if held_out(code)][:60]
    random = np.random.default_rng(7)
    textures = Textures(random, count=4)
    heights = [
        draw_relief(distance_field(cactus.draw(code)), [], random, textures, side=96) for code in codes
    ]
    prints = [draw_print(distance_field(shippori.draw(code)), [], random, textures) for code in codes]
    shown = np.array(codes)
    ours = nearest(embedder.embed_prints(prints), shown, embedder.embed_heights(heights).seen, shown)[1]
    strokes = hog_features(np.stack([print_strokes(each) for each in prints]))
    raised = hog_features(np.stack([height_strokes(each) for each in heights]))
    theirs = nearest(strokes, shown, raised, shown)[1]
    assert reciprocal_rank(ours) > 0.9
    assert reciprocal_rank(ours) > reciprocal_rank(theirs) + 0.1
