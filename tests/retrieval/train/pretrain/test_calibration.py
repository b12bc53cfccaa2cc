"""Calibration of a trained network on the validation set."""

import dataclasses

import numpy as np
import pytest
import torch

from retrieval.models import Net, Weights
from retrieval.preprocess import Recipe
from retrieval.train.data.validation_set import Queries, ValidationSet
from retrieval.train.pretrain import calibration
from retrieval.train.pretrain.calibration import calibrated
from retrieval.types import HeightVectors
from tests.retrieval.train.drawn import TINY, drawn_crops, drawn_glyphs


@pytest.fixture(scope="module")
def validation() -> ValidationSet:
    """Made-up characters, three of the held-out typeface's kind."""
    return ValidationSet.draw(drawn_glyphs(range(0x4E01, 0x4E31)), drawn_crops(), seed=1, characters=6)


def test_weights_come_back_calibrated_with_their_results(validation: ValidationSet) -> None:
    """Every kind has its row, and the calibration has the numbers that the embedder reads."""
    torch.manual_seed(0)
    weights = calibrated(Weights(Net(TINY).eval(), "tiny", Recipe(size=32), {}, {"images": 3}), validation)
    assert weights.record["images"] == 3
    results = weights.record["validation set"]
    for kind in validation.kinds:
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

    def embed_queries(self, pictures: list[np.ndarray]) -> np.ndarray:
        return self.embed_prints(pictures)

    def embed_prints(self, pictures: list[np.ndarray]) -> np.ndarray:
        clean = self.directions[[int(picture[0, 0]) for picture in pictures]]
        noisy = clean + self._random.normal(0, 0.3, clean.shape)
        return (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)


def test_memory_is_kept_only_where_it_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true directions help noisy vectors; a direction of no length, or none at all, does not."""
    monkeypatch.setattr(calibration, "Embedder", NoisyEmbedder)
    codes = np.arange(TINY.width).repeat(8)
    shown = [np.full((1, 1), code, np.uint8) for code in codes]
    noisy = ValidationSet(shown, codes, {"some": Queries(shown, codes)})
    plain = Weights(Net(TINY).eval(), "tiny", Recipe(size=32), {}, {})
    known = dataclasses.replace(plain, characters=torch.from_numpy(NoisyEmbedder.directions).float())
    sharpness, pull = calibration._fit_memory(known, noisy)["memory"]
    assert sharpness > 0
    assert pull > 0
    unknown = dataclasses.replace(plain, characters=torch.zeros(1, TINY.width))
    assert calibration._fit_memory(unknown, noisy) == calibration._fit_memory(plain, noisy) == {}
