"""Weights files: what was saved comes back, and a file that was touched is refused."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from retrieval.errors import BadModel
from retrieval.models import Net, Shape, Weights, load_weights, save_weights, shipped_weights
from retrieval.models import weights as weights_module
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
    values = {"characters": torch.eye(12)[:3], "codepoints": torch.tensor([0x4E00, 0x4E01, 0x20000])}
    save_weights(path, Weights(Net(SHAPE), "named", Recipe(size=32), {}, **values))
    assert load_weights(path).codepoints.tolist() == [0x4E00, 0x4E01, 0x20000]
    save_weights(path, Weights(Net(SHAPE), "named", Recipe(size=32), {}, characters=torch.eye(12)[:2]))
    assert load_weights(path).codepoints is None
    values["codepoints"] = values["codepoints"][:2]
    save_weights(path, Weights(Net(SHAPE), "named", Recipe(size=32), {}, **values))
    with pytest.raises(BadModel, match="does not fit"):
        load_weights(path)


def claimed(path: Path, **facts: object) -> None:
    """The file with other facts, under a digest that fits."""
    with safe_open(path, framework="pt") as file:
        result = file.metadata()
    result |= {key: value if isinstance(value, str) else json.dumps(value) for key, value in facts.items()}
    tensors = load_file(path)
    result["digest"] = weights_module.tensors_digest(tensors, result)
    save_file(tensors, path, metadata=result)


HUGE = [
    {"channels": [1024, 1024, 1024]},
    {"body": [16, 16, 16]},
    {"body": [10**9, 1, 1]},
    {"channels": [8, 8, 10**9]},
    {"width": 4096},
    {"width": 10**12},
    {"size": 256},
    {"size": 10**6},
    {"size": 24},
    {"body": [1, 1]},
    {"channels": [8, -8, 16]},
    {"channels": [8, 8.0, 16]},
    {"channels": [8, True, 16]},
    {"width": "12"},
    {"width": None},
]


@pytest.mark.parametrize("claim", HUGE, ids=str)
def test_a_claim_is_compared_before_anything_is_built(
    saved: Path, claim: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network on no device takes no memory; one of numbers is built only where the tensors are there."""
    shape = SHAPE.to_dict() | claim
    claimed(saved, shape=shape, recipe=Recipe(size=shape["size"]).to_dict())
    built = []

    class Watched(Net):
        def __init__(self, shape: Shape) -> None:
            super().__init__(shape)
            built.extend(one for one in self.parameters() if not one.is_meta)

    monkeypatch.setattr(weights_module, "Net", Watched)
    with pytest.raises(BadModel):
        load_weights(saved)
    assert not built


@pytest.mark.parametrize(
    "facts",
    [
        {"recipe": Recipe(size=48).to_dict()},
        {"recipe": Recipe(size=32).to_dict() | {"trim": None}},
        {"recipe": Recipe(size=32).to_dict() | {"margin": 1e9}},
        {"recipe": '{"size": 32, "version": 1, "least_contrast": NaN, "trim": 0.004, "margin": 0.06}'},
        {"record": '{"loss": NaN}'},
        {"record": '{"by": "\\u0000"}'},
        {"record": '{"by": "\\ud800"}'},
        {"record": "[]"},
        {"calibration": "[1, 2]"},
        {"calibration": "[" * 100_000},
        {"shape": "7"},
        {"name": ""},
        {"name": "a\0b"},
    ],
    ids=lambda facts: str(facts)[:60],
)
def test_facts_that_cannot_be_used_are_refused(saved: Path, facts: dict) -> None:
    """Neither by a network nor by a database."""
    claimed(saved, **facts)
    with pytest.raises(BadModel):
        load_weights(saved)


def test_tensors_of_another_kind_are_refused(saved: Path) -> None:
    """Whole numbers in place of weights, and tensors that no network of ours has."""
    for change in (
        {"handedness.2.bias": torch.zeros(1, dtype=torch.int64)},
        {"further": torch.zeros(3)},
    ):
        tensors = load_file(saved) | change
        path = saved.with_name("other.safetensors")
        save_file(tensors, path, metadata={})
        with safe_open(saved, framework="pt") as file:
            facts = file.metadata()
        facts["digest"] = weights_module.tensors_digest(tensors, facts)
        save_file(tensors, path, metadata=facts)
        with pytest.raises(BadModel, match="does not fit"):
            load_weights(path)


@pytest.mark.parametrize("content", [None, b"", b"\x80\x04\x95.a pickle", b"\xff" * 64])
def test_no_message_names_a_folder(tmp_path: Path, content: bytes | None) -> None:
    """People read it; the file is called what they call it."""
    path = tmp_path / "secret" / "x.safetensors"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadModel, match=r"mine\.safetensors") as caught:
        load_weights(path, name="mine.safetensors")
    assert "secret" not in str(caught.value)
