"""Pre-training: what was interrupted ends as what was not."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from retrieval.errors import BadModel
from retrieval.models import Net, load_weights, save_weights
from retrieval.preprocess import Recipe
from retrieval.train.pretrain.pretraining import Pretraining
from retrieval.train.runtime.checkpoint import load_checkpoint
from retrieval.train.runtime.loop import TrainingProgress
from tests.retrieval.train.drawn import TINY, drawn_data, tiny_config


class Killed(Exception):
    """Stands for the process being killed."""


def run(folder: Path, images: int = 20 * 6, *, workers: int = 0, **more: object) -> Pretraining:
    """A run of six batches."""
    config = tiny_config(images, workers=workers)
    return Pretraining(config, Recipe(size=32), drawn_data(), None, folder, **more)


def killed_after(batches: int, training: Pretraining, monkeypatch: pytest.MonkeyPatch) -> None:
    """Train until so many batches are done and kept, then die."""
    keep = training.loop._keep

    def keep_and_die() -> None:
        keep()
        if training.loop.batch >= batches:
            raise Killed

    monkeypatch.setattr(training.loop, "_keep", keep_and_die)
    with pytest.raises(Killed):
        training.loop.train()


def tensors(net: Net) -> dict[str, torch.Tensor]:
    """All of a network's tensors, copied."""
    return {key: value.clone() for key, value in net.state_dict().items()}


def test_killed_and_resumed_ends_as_uninterrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six batches in one go, and three, a kill, and three more, give the very same network."""
    whole = run(tmp_path / "whole")
    expected = tensors(whole.loop.train())
    killed_after(3, run(tmp_path / "parts"), monkeypatch)
    resumed = run(tmp_path / "parts")
    got = tensors(resumed.loop.train())
    assert resumed.record["batches"] == whole.record["batches"] == 6
    for key, value in expected.items():
        assert torch.equal(got[key], value), key


def test_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    """The same command after the end changes nothing."""
    expected = tensors(run(tmp_path).loop.train())
    again = run(tmp_path)
    for key, value in tensors(again.loop.train()).items():
        assert torch.equal(value, expected[key]), key
    assert again.record["batches"] == 6


def test_minutes_end_a_run(tmp_path: Path) -> None:
    """A run may be told to end by the clock; it still writes its checkpoint and a record."""
    training = run(tmp_path, images=10**9, minutes=0.02)
    training.loop.train()
    assert 1 <= training.record["batches"] < 10**6
    assert training.record["minutes"] < 1
    assert list(tmp_path.glob("*.safetensors"))


def test_learning_lowers_the_loss(tmp_path: Path) -> None:
    """A hundred batches on a handful of characters bring the loss well down, once the margin is whole."""
    reports: list[TrainingProgress] = []
    config = tiny_config(20 * 101, keep_every=1e9, rate=1e-2, report_every=5)
    Pretraining(config, Recipe(size=32), drawn_data(), None, tmp_path).loop.train(reports.append)
    assert len(reports) == 20
    losses = [one.loss for one in reports]
    assert np.mean(losses[-5:]) < 0.95 * np.mean(losses[6:11])
    assert reports[-1].share > 0.98


def test_damaged_or_foreign_checkpoint_is_refused(tmp_path: Path) -> None:
    """Half a checkpoint, or one of another network, is a BadModel that says to delete it."""
    run(tmp_path, images=20).loop.train()
    (path,) = tmp_path.glob("*.safetensors")
    other = Net(TINY.__class__(body=(1, 1, 1), channels=(8, 8, 8), width=12, size=32))
    with pytest.raises(BadModel):
        load_checkpoint(path, {"net": other}, torch.optim.AdamW(other.parameters()))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(BadModel) as caught:
        run(tmp_path, images=20).loop.train()
    assert "delete" in caught.value.hint


def test_worker_process_draws_what_the_run_itself_would(tmp_path: Path) -> None:
    """Drawn beside the training or within it, after OpenCV's threads have run, the network is the same."""
    cv2.GaussianBlur(np.zeros((2000, 2000), np.float32), (0, 0), 3.0)
    alone = tensors(run(tmp_path / "alone").loop.train())
    beside = run(tmp_path / "beside", workers=1).loop.train()
    for key, value in tensors(beside).items():
        assert torch.equal(value, alone[key]), key


def further(folder: Path, start: Path) -> Pretraining:
    """A run of six batches that goes on from weights."""
    config = replace(tiny_config(20 * 6), start=str(start))
    return Pretraining(config, Recipe(size=32), drawn_data(), None, folder)


def test_a_run_goes_on_from_what_another_one_learned(tmp_path: Path) -> None:
    """Network and characters begin as they were written, and the record has both runs."""
    first = run(tmp_path / "first")
    first.loop.train()
    save_weights(tmp_path / "first.safetensors", first.weights())
    before = load_weights(tmp_path / "first.safetensors")
    second = further(tmp_path / "second", tmp_path / "first.safetensors")
    begun = second.weights()
    assert torch.equal(begun.characters, before.characters)
    second.loop.train()
    record = second.record
    assert (record["batches"], record["images"]) == (12, 240)
    assert [row["batches"] for row in record["runs"]] == [6, 6]
    assert record["runs"][1]["start"] == before.fingerprint
    changed = tensors(second.loop.average)
    assert any(not torch.equal(value, before.net.state_dict()[key]) for key, value in changed.items())


def test_a_run_does_not_go_on_from_a_network_of_another_shape(tmp_path: Path) -> None:
    """Said before anything is trained."""
    other = Net(replace(TINY, width=2 * TINY.width))
    weights = replace(run(tmp_path).weights(), net=other, characters=None, codepoints=None)
    save_weights(tmp_path / "other.safetensors", weights)
    with pytest.raises(BadModel, match="another shape"):
        further(tmp_path, tmp_path / "other.safetensors")
