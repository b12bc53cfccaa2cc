"""A model is tried before it answers: the shipped one does, and those whose numbers are worthless do not."""

from pathlib import Path

import numpy as np
import pytest
import torch

from retrieval.embed import Embedder
from retrieval.embed.self_test import drawn_pairs, self_test, share_right
from retrieval.errors import BadModel
from retrieval.models import Net, Shape, Weights, load_weights, save_weights, shipped_weights
from retrieval.preprocess import Recipe


def filled(value: float) -> Net:
    """A network all of whose numbers are alike."""
    net = Net(Shape()).eval()
    with torch.no_grad():
        for parameter in net.state_dict().values():
            if parameter.is_floating_point():
                parameter.fill_(value)
    return net


def spoiled(part: str, value: float) -> Net:
    """The shipped network, but for one tensor."""
    net = load_weights(shipped_weights()).net
    with torch.no_grad():
        net.state_dict()[part].fill_(value)
    return net


def test_the_shipped_model_passes() -> None:
    """Its prints all lie nearest to their own reliefs."""
    embedder = Embedder.load(device="cpu")
    self_test(embedder)
    prints = embedder.embed_prints([picture for picture, _ in drawn_pairs()])
    assert share_right(prints, embedder.embed_heights([height for _, height in drawn_pairs()]).seen) == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_network_that_sees_strokes_passes(seed: int) -> None:
    """What nobody has trained is no good model, and no broken one."""
    torch.manual_seed(seed)
    self_test(Embedder(Weights(Net(Shape()).eval(), "random", Recipe(), {}), "cpu"))


BROKEN = {
    "NaN": lambda: filled(float("nan")),
    "infinite": lambda: filled(float("inf")),
    "all noughts": lambda: filled(0.0),
    "one NaN": lambda: spoiled("embedding.2.weight", float("nan")),
    "a negative variance": lambda: spoiled("embedding.3.running_var", -1.0),
    "handedness NaN": lambda: spoiled("handedness.2.bias", float("nan")),
    "all vectors alike": lambda: spoiled("embedding.2.weight", 0.0),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_worthless_numbers_are_refused(fault: str, tmp_path: Path) -> None:
    """Also from a file that is whole, under a digest that fits."""
    path = tmp_path / "broken.safetensors"
    net = BROKEN[fault]()
    save_weights(path, Weights(net, "broken", Recipe(size=net.shape.size), {}))
    with pytest.raises(BadModel) as caught:
        self_test(Embedder.load(path, "cpu"))
    assert caught.value.code == "useless_model"
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    "calibration",
    [
        {"confidence": [9.0, 20.0, 0.0, 0.0, 0.0]},
        {"confidence": [0.0] * 5},
        {"confidence": [1e300, 0.0, 0.0, 0.0, 0.0]},
        {"confidence": [1.0, -2.0]},
        {"confidence": [float("nan")] * 5},
        {"confidence": [float("inf"), 0.0, 0.0, 0.0, 0.0]},
        {"confidence": ["9", "-20", "0", "0", "0"]},
        {"confidence": "broken"},
        {"handedness": [1.0, 2.0, 3.0]},
        {"handedness": [float("nan"), 0.0]},
        {"memory": [20.0]},
        {"memory": [float("nan"), 2.0]},
    ],
    ids=str,
)
def test_a_broken_calibration_is_refused(calibration: dict) -> None:
    """Nothing is made of it that looks like a probability."""
    weights = load_weights(shipped_weights())
    made = {**weights.calibration, **calibration}
    with pytest.raises(BadModel):
        self_test(
            Embedder(Weights(weights.net, "x", weights.recipe, made, characters=weights.characters), "cpu")
        )


def test_nothing_broken_comes_out_of_a_model() -> None:
    """Whoever embeds with one that was never tried is told that it is the model."""
    embedder = Embedder(Weights(filled(float("nan")), "x", Recipe(), {}), "cpu")
    with pytest.raises(BadModel, match="not finite") as caught:
        embedder.embed_prints([np.full((64, 64), 255, np.uint8)])
    assert caught.value.code == "bad_vectors"


def test_the_pictures_are_always_the_same() -> None:
    """Each is its own, and they do not follow whatever was drawn before."""
    sums = [(int(picture.sum()), float(height.sum())) for picture, height in drawn_pairs()]
    assert len(set(sums)) == len(sums) == 24
    drawn_pairs.cache_clear()
    assert [(int(a.sum()), float(b.sum())) for a, b in drawn_pairs()] == sums
