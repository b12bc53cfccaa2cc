"""Methods trained alike: what their batches hold, and what their files keep."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from common.errors import BadInput
from retrieval.errors import BadModel
from retrieval.train.data.drawn_inputs import DrawnInputs
from retrieval.train.methods import method_training
from retrieval.train.methods.batches import MethodBatches
from retrieval.train.methods.config import MethodConfig, MethodSchedule
from retrieval.train.methods.method_training import TrainedMethod, train_method
from retrieval.train.objectives import OBJECTIVES
from retrieval.train.runtime.loop import TrainingLoop
from tests.retrieval.train.drawn import TINY

CLASSES = 8
SCHEDULE = MethodSchedule(images=64, pairs=8)


def inputs() -> DrawnInputs:
    """Two inputs of each class and source, told apart by their grey: 4 * class + source."""
    greys = np.repeat(np.arange(4 * CLASSES), 2).astype(np.uint8)
    pictures = np.broadcast_to(greys[:, None, None], (len(greys), TINY.size, TINY.size))
    places = {(key // 4, key % 4): np.array([2 * key, 2 * key + 1]) for key in range(4 * CLASSES)}
    return DrawnInputs(np.ascontiguousarray(pictures), places, CLASSES)


def greys(batch: torch.Tensor) -> list[tuple[int, int]]:
    """Class and source of each input."""
    levels = torch.round((batch[:, 0, 0, 0] + 0.5) * 127.5).int().tolist()
    return [divmod(one, 4) for one in levels]


def first(method: MethodConfig, schedule: MethodSchedule = SCHEDULE) -> tuple[torch.Tensor, ...]:
    return MethodBatches(inputs(), method, schedule).batch(0)


@pytest.mark.parametrize("each", [1, 2])
def test_batches_hold_each_character_as_prints_and_as_height_maps(each):
    made, labels, real = first(MethodConfig("a", "triplet", each=each))
    found = greys(made)
    assert [one for one, _ in found] == 2 * labels.tolist()
    assert {source for _, source in found[:8]} <= {0, 1}
    assert {source for _, source in found[8:]} <= {2, 3}
    assert np.unique(labels, return_counts=True)[1].tolist() == [each] * (8 // each)
    assert [source == 1 for _, source in found[:8]] == real.tolist()


def test_only_the_wanted_sources_are_drawn_from():
    sure = MethodSchedule(images=64, pairs=8, real=1.0, rendered=1.0)
    for sources, wanted in (((), {0, 2}), (("crops",), {1, 2}), (("crops", "rendered"), {1, 3})):
        made = first(MethodConfig("a", "margin", sources=sources), sure)[0]
        assert {source for _, source in greys(made)} == wanted
    with pytest.raises(BadInput, match="unknown sources: magic"):
        MethodConfig("a", "margin", sources=("magic",))


def test_all_methods_see_the_same_batches():
    one, other = first(MethodConfig("a", "softmax")), first(MethodConfig("b", "margin"))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_weights_come_back_and_are_not_trained_twice(tmp_path: Path):
    method, calls = MethodConfig("a", "softmax"), []

    def drawn() -> DrawnInputs:
        calls.append(1)
        return inputs()

    one = train_method(method, SCHEDULE, TINY, drawn, CLASSES, tmp_path)
    two = train_method(method, SCHEDULE, TINY, drawn, CLASSES, tmp_path)
    assert len(calls) == 1
    assert one.record == two.record
    assert one.record["images"] == 64
    assert one.record["batches"] == 4
    for module in ("net", "objective"):
        a, b = getattr(one, module).state_dict(), getattr(two, module).state_dict()
        assert all(torch.equal(a[key], b[key]) for key in a)
    assert not one.net.training


def test_other_settings_are_trained_anew(tmp_path: Path):
    method = MethodConfig("a", "triplet", each=2)
    changed = MethodConfig("a", "triplet", each=2, options={"margin": 0.5})
    for one in (method, changed):
        train_method(one, SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    assert len(list(tmp_path.glob("a-*.safetensors"))) == 2


def test_training_lowers_the_loss(tmp_path: Path, monkeypatch):
    losses, learn = [], TrainingLoop._learn

    def watched(*arguments) -> torch.Tensor:
        losses.append(float(learn(*arguments)))
        return torch.tensor(losses[-1])

    monkeypatch.setattr(TrainingLoop, "_learn", watched)
    schedule = MethodSchedule(images=800, pairs=8)
    train_method(MethodConfig("a", "softmax"), schedule, TINY, inputs, CLASSES, tmp_path)
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


class Killed(Exception):
    """Stands for the process being killed."""


def tensors(trained: TrainedMethod) -> dict[str, torch.Tensor]:
    return nn.ModuleList([trained.net, trained.objective]).state_dict()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_killed_and_resumed_ends_as_uninterrupted(tmp_path: Path, monkeypatch, objective):
    """Six batches in one go, and three, a kill, and three more, give the very same method."""
    method, schedule = MethodConfig("a", objective), MethodSchedule(images=96, pairs=8, keep_every=0.0)
    whole = train_method(method, schedule, TINY, inputs, CLASSES, tmp_path / "whole")
    keep = TrainingLoop._keep

    def keep_and_die(loop: TrainingLoop) -> None:
        keep(loop)
        if loop.batch == 3:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(TrainingLoop, "_keep", keep_and_die)
        with pytest.raises(Killed):
            train_method(method, schedule, TINY, inputs, CLASSES, tmp_path / "parts")
    resumed = train_method(method, schedule, TINY, inputs, CLASSES, tmp_path / "parts")
    assert resumed.record["batches"] == whole.record["batches"] == 6
    got = tensors(resumed)
    for key, value in tensors(whole).items():
        assert torch.equal(got[key], value), key
    assert len(list((tmp_path / "parts").iterdir())) == 1  # nothing but the weights is left


def test_a_damaged_file_is_named(tmp_path: Path):
    method = MethodConfig("a", "recall", each=2)
    train_method(method, SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    path = next(tmp_path.glob("a-*.safetensors"))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BadModel, match="cannot be used") as caught:
        train_method(method, SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    assert "trained again" in caught.value.hint


def test_a_failed_writing_leaves_nothing_half_written(tmp_path: Path, monkeypatch):
    """A kill while the file is written leaves no file, so that the method is trained again."""
    monkeypatch.setattr(
        method_training, "save_file", lambda tensors, path, metadata: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(OSError, match="full"):
        train_method(MethodConfig("a", "softmax"), SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    assert not list(tmp_path.glob("a-*.safetensors"))
