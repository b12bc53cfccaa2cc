"""The pull towards learned characters: against a slow twin, at its ends, and in a weights file."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from retrieval.embed import Embedder
from retrieval.embed.memory import Memory
from retrieval.errors import BadModel
from retrieval.models import Net, Shape, Weights, load_weights, save_weights
from retrieval.preprocess import Recipe

SHAPE = Shape(body=(1, 1, 1), channels=(8, 8, 16), width=12, size=32)


def directions(count: int, seed: int = 0) -> torch.Tensor:
    """Random unit vectors."""
    return functional.normalize(torch.randn(count, 12, generator=torch.Generator().manual_seed(seed)))


def small(**more: object) -> Weights:
    """A network with random weights."""
    torch.manual_seed(0)
    return Weights(Net(SHAPE).eval(), "small", Recipe(size=32), {}, {}, **more)


def prints(count: int = 4) -> list[np.ndarray]:
    """Noise with a bar in it."""
    random = np.random.default_rng(0)
    drawn = [random.normal(200, 8, (50, 50)).clip(0, 255).astype(np.uint8) for _ in range(count)]
    for number, picture in enumerate(drawn):
        picture[8:40, 10 + 5 * number : 15 + 5 * number] = 30
    return drawn


def test_settle_against_a_loop() -> None:
    """Each vector plus the pull times the mean of the characters, weighed by exp(sharpness * cosine)."""
    vectors, characters = directions(3), 5 * directions(7, seed=1)
    got = Memory(characters, 9.0, 1.5).settle(vectors)
    unit = functional.normalize(characters).numpy()
    for vector, settled in zip(vectors.numpy(), got.numpy(), strict=True):
        weights = [np.exp(9.0 * float(vector @ character)) for character in unit]
        step = sum(weight * character for weight, character in zip(weights, unit, strict=True)) / sum(weights)
        slow = vector + 1.5 * step
        assert settled == pytest.approx(slow / np.linalg.norm(slow), abs=1e-5)


def test_likeness_is_that_of_the_nearest_character() -> None:
    """One character: its cosine. A vector of many resembles more than a stranger does."""
    vectors, characters = directions(3), directions(1, seed=1)
    settled, likeness, nearest = Memory(characters, 20.0, 1.0).recall(vectors)
    assert torch.equal(settled, Memory(characters, 20.0, 1.0).settle(vectors))
    assert nearest.numpy() == pytest.approx((vectors @ characters.T).squeeze(1).numpy(), abs=1e-5)
    assert likeness.numpy() == pytest.approx((vectors @ characters.T).squeeze(1).numpy(), abs=1e-5)
    known = directions(40, seed=3)
    many = Memory(known, 20.0, 1.0)
    assert float(many.recall(known[:1])[1]) > 1 > float(many.recall(-known[:1])[1])


def test_no_pull_no_change() -> None:
    """A pull of nought leaves every vector where it is."""
    vectors = directions(5)
    assert torch.allclose(Memory(directions(9, seed=1), 20.0, 0.0).settle(vectors), vectors, atol=1e-6)


def test_two_noisy_vectors_of_one_character_meet() -> None:
    """And what resembles no character stays where it is, nearly."""
    characters = functional.normalize(torch.eye(12)[:6])
    noisy = functional.normalize(characters[[0, 0]] + 0.4 * directions(2, seed=2))
    memory = Memory(characters, 20.0, 1.0)
    settled = memory.settle(noisy)
    assert settled[0] @ settled[1] > noisy[0] @ noisy[1] + 0.05
    stranger = torch.eye(12)[11:]
    assert float((memory.settle(stranger) @ stranger.T).squeeze()) > 0.9


def test_characters_travel_with_the_weights(tmp_path: Path) -> None:
    """Saved as half floats and found again; the fingerprint tells them from the same network without."""
    path, plain = tmp_path / "with.safetensors", tmp_path / "without.safetensors"
    save_weights(path, small(characters=3 * directions(7)))
    save_weights(plain, small())
    loaded = load_weights(path)
    assert loaded.characters.numpy() == pytest.approx(directions(7).numpy(), abs=1e-3)
    assert load_weights(plain).characters is None
    assert loaded.fingerprint != load_weights(plain).fingerprint


def test_embedder_draws_both_domains(tmp_path: Path) -> None:
    """With a calibration that says how strongly, prints and height maps come out settled."""
    weights = small(characters=directions(7))
    result = dataclasses.replace(weights, calibration={"memory": [20.0, 1.0]})
    heights = [np.clip(np.random.default_rng(3).normal(0.5, 0.3, (64, 64)), 0, 1).astype(np.float32)]
    memory = Memory(weights.characters, 20.0, 1.0)
    plain, settled = Embedder(weights, "cpu"), Embedder(result, "cpu")
    for before, after in (
        (plain.embed_prints(prints()), settled.embed_prints(prints())),
        (plain.embed_heights(heights).mirrored, settled.embed_heights(heights).mirrored),
    ):
        assert after == pytest.approx(memory.settle(torch.from_numpy(before)).numpy(), abs=1e-5)
    assert (
        settled.embed_heights(heights).mirrored_probability
        == plain.embed_heights(heights).mirrored_probability
    )


def test_characters_of_another_width_are_refused(tmp_path: Path) -> None:
    """They cannot be of this network."""
    path = tmp_path / "wrong.safetensors"
    save_weights(path, small(characters=torch.ones(3, 5)))
    with pytest.raises(BadModel, match="does not fit"):
        load_weights(path)
