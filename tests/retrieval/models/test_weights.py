"""Weights files: what was saved comes back, and a file that was touched is refused."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from retrieval.errors import BadModel
from retrieval.models import Net, Shape, Weights, load_weights, save_weights, shipped_weights
from retrieval.preprocess import Recipe

SHAPE = Shape(body=(1, 1, 1), channels=(8, 8, 16), width=12, size=32)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A small network with random weights, on disk."""
    torch.manual_seed(0)
    path = tmp_path / "small.safetensors"
    calibration = {"confidence": [1.0, -2.0, 0.0, 0.0, 0.0]}
    save_weights(path, Weights(Net(SHAPE), "small", Recipe(size=32), calibration, {"images": 7}))
    return path


def rewritten(path: Path, change: dict[str, str] | None = None, *, tensors: dict | None = None) -> None:
    """Write the file again with other facts or tensors, its digest left as it was."""
    with safe_open(path, framework="pt") as file:
        facts = file.metadata()
    save_file(tensors or load_file(path), path, metadata=facts | (change or {}))


def test_round_trip(saved: Path) -> None:
    """Name, shape, recipe, calibration and record come back, and the network answers as before."""
    weights = load_weights(saved)
    assert (weights.name, weights.net.shape, weights.recipe) == ("small", SHAPE, Recipe(size=32))
    assert weights.calibration == {"confidence": [1.0, -2.0, 0.0, 0.0, 0.0]}
    assert weights.record == {"images": 7}
    torch.manual_seed(0)
    original = Net(SHAPE).eval()
    inputs = torch.rand(3, 1, 32, 32)
    with torch.no_grad():
        for before, after in zip(original(inputs), weights.net(inputs), strict=True):
            assert after == pytest.approx(before, abs=0.02)


def test_fingerprint_follows_the_calibration(saved: Path) -> None:
    """The same network with another calibration is another model."""
    weights = load_weights(saved)
    again = saved.with_name("again.safetensors")
    save_weights(
        again, Weights(weights.net, "small", weights.recipe, {"confidence": [0.0] * 5}, weights.record)
    )
    assert load_weights(again).fingerprint != weights.fingerprint


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """No file, no model."""
    with pytest.raises(BadModel):
        load_weights(tmp_path / "none.safetensors")


def test_truncated_file_is_refused(saved: Path) -> None:
    """Half a file is damaged."""
    saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    with pytest.raises(BadModel):
        load_weights(saved)


def test_one_changed_byte_is_refused(saved: Path) -> None:
    """A flipped bit in the tensors does not pass."""
    content = bytearray(saved.read_bytes())
    content[-5] ^= 1
    saved.write_bytes(bytes(content))
    with pytest.raises(BadModel, match="damaged"):
        load_weights(saved)


def test_changed_facts_are_refused(saved: Path) -> None:
    """A recipe edited in the file does not pass for the one it was trained with."""
    rewritten(saved, {"recipe": json.dumps(Recipe(size=32, trim=0.2).to_dict())})
    with pytest.raises(BadModel, match="damaged"):
        load_weights(saved)


def test_foreign_safetensors_are_refused(tmp_path: Path) -> None:
    """A file that says nothing of itself is not ours."""
    path = tmp_path / "foreign.safetensors"
    save_file({"weight": torch.zeros(2)}, path)
    with pytest.raises(BadModel, match="carries no"):
        load_weights(path)


def test_another_versions_recipe_is_refused(tmp_path: Path) -> None:
    """Weights made with another version of the preprocessing are not used with this one."""
    path = tmp_path / "old.safetensors"
    save_weights(path, Weights(Net(SHAPE), "old", Recipe(size=32, version=0), {}, {}))
    with pytest.raises(BadModel, match="recipe"):
        load_weights(path)


def test_shipped_weights_are_small_and_say_how_they_were_made() -> None:
    """At most 15 MB, with recipe, calibration and training record inside."""
    assert shipped_weights().stat().st_size <= 15_000_000
    weights = load_weights(shipped_weights())
    assert weights.record["images"] > 0
    assert weights.record["development"]
    assert len(weights.calibration["confidence"]) == 5


def test_learned_characters_are_named(tmp_path: Path) -> None:
    """Which characters the directions are of comes back; a number that does not fit is refused."""
    path = tmp_path / "named.safetensors"
    told = {"characters": torch.eye(12)[:3], "codepoints": torch.tensor([0x4E00, 0x4E01, 0x20000])}
    save_weights(path, Weights(Net(SHAPE), "named", Recipe(size=32), {}, **told))
    assert load_weights(path).codepoints.tolist() == [0x4E00, 0x4E01, 0x20000]
    save_weights(path, Weights(Net(SHAPE), "named", Recipe(size=32), {}, characters=torch.eye(12)[:2]))
    assert load_weights(path).codepoints is None
    told["codepoints"] = told["codepoints"][:2]
    save_weights(path, Weights(Net(SHAPE), "named", Recipe(size=32), {}, **told))
    with pytest.raises(BadModel, match="does not fit"):
        load_weights(path)
