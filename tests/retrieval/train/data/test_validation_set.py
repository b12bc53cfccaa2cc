"""The development set: measures against slow twins, and what it may show."""

import dataclasses

import numpy as np
import pytest
import torch

from retrieval.data.characters import held_out
from retrieval.models import Net, Weights
from retrieval.preprocess import Recipe
from retrieval.train.data import validation_set
from retrieval.train.data.validation_set import Development, Queries, auroc, develop, nearest, reciprocal_rank
from retrieval.types import HeightVectors
from tests.retrieval.train.drawn import TINY, drawn_crops, drawn_glyphs


def test_reciprocal_rank_by_hand() -> None:
    """First, third, and not at all: (1 + 1/3 + 0) / 3."""
    right = np.array([[1, 0, 0], [0, 0, 1], [0, 0, 0]], bool)
    assert reciprocal_rank(right) == pytest.approx((1 + 1 / 3) / 3)


def test_nearest_against_a_loop() -> None:
    """The five smallest cosine distances, nearest first."""
    random = np.random.default_rng(0)
    gallery = random.normal(size=(30, 4))
    gallery /= np.linalg.norm(gallery, axis=1, keepdims=True)
    codes = random.integers(0, 9, 30)
    distances, right = nearest(gallery[:3], codes[:3], gallery, codes)
    for row in range(3):
        slow = sorted((1 - float(gallery[row] @ other), place) for place, other in enumerate(gallery))[:5]
        assert distances[row] == pytest.approx([distance for distance, _ in slow], abs=1e-9)
        assert right[row].tolist() == [bool(codes[place] == codes[row]) for _, place in slow]


def test_auroc_against_all_pairs() -> None:
    """The share of pairs in order, ties by half."""
    random = np.random.default_rng(1)
    scores, truth = random.integers(0, 10, 60) / 10, random.random(60) < 0.4
    pairs = [(t > f) + 0.5 * (t == f) for t in scores[truth] for f in scores[~truth]]
    assert auroc(scores, truth) == pytest.approx(np.mean(pairs))
    assert np.isnan(auroc(scores, np.ones(60, bool)))


@pytest.fixture(scope="module")
def development() -> Development:
    """Made-up characters, three of the held-out typeface's kind."""
    return Development.draw(drawn_glyphs(range(0x4E01, 0x4E31)), drawn_crops(), seed=1, characters=6)


def test_kinds_are_what_they_say(development: Development) -> None:
    """New characters are held-out ones, known ones are not, and every query's character is in the gallery."""
    assert set(development.kinds) == {"new characters", "new typefaces", "real crops"}
    assert all(map(held_out, development.kinds["new characters"].codepoints.tolist()))
    assert not any(map(held_out, development.kinds["new typefaces"].codepoints.tolist()))
    for queries in development.kinds.values():
        assert len(queries.pictures) == len(queries.codepoints) > 0
        assert set(queries.codepoints.tolist()) <= set(development.codepoints.tolist())
    assert all(height.shape == (96, 96) for height in development.heights)


def test_weights_come_back_calibrated_with_their_results(development: Development) -> None:
    """Every kind has its row, and the calibration has the numbers that the embedder reads."""
    torch.manual_seed(0)
    weights = develop(Weights(Net(TINY).eval(), "tiny", Recipe(size=32), {}, {"images": 3}), development)
    assert weights.record["images"] == 3
    results = weights.record["development"]
    for kind in development.kinds:
        assert 0 <= results[kind]["mrr5"] <= 1
    assert 0 <= results["calibration error, first"] <= 1
    assert len(weights.calibration["confidence"]) == 5
    assert min(weights.calibration["handedness"]) > 0
    assert 0 <= results["handedness"] <= 1
    assert 0 <= results["handedness, flagged"] <= 1
    assert "memory" not in weights.calibration


class NoisyEmbedder:
    """Vectors near the direction of the character that a height map or a print shows."""

    directions = np.linalg.qr(np.random.default_rng(5).normal(size=(TINY.width, TINY.width)))[0]

    def __init__(self, *_: object) -> None:
        self._random = np.random.default_rng(6)

    def embed_heights(self, heights: list[np.ndarray]) -> HeightVectors:
        vectors = self.embed_prints(heights)
        return HeightVectors(vectors, vectors, np.zeros(len(vectors), np.float32))

    def embed_prints(self, pictures: list[np.ndarray]) -> np.ndarray:
        clean = self.directions[[int(picture[0, 0]) for picture in pictures]]
        noisy = clean + self._random.normal(0, 0.3, clean.shape)
        return (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)


def test_memory_is_kept_only_where_it_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true directions help noisy vectors; a direction of no length, or none at all, does not."""
    monkeypatch.setattr(validation_set, "Embedder", NoisyEmbedder)
    codes = np.arange(TINY.width).repeat(8)
    shown = [np.full((1, 1), code, np.uint8) for code in codes]
    noisy = Development(shown, codes, {"some": Queries(shown, codes)})
    plain = Weights(Net(TINY).eval(), "tiny", Recipe(size=32), {}, {})
    known = dataclasses.replace(plain, characters=torch.from_numpy(NoisyEmbedder.directions).float())
    sharpness, pull = validation_set._fit_memory(known, noisy)["memory"]
    assert sharpness > 0
    assert pull > 0
    unknown = dataclasses.replace(plain, characters=torch.zeros(1, TINY.width))
    assert validation_set._fit_memory(unknown, noisy) == validation_set._fit_memory(plain, noisy) == {}
