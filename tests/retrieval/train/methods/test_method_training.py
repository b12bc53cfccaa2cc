"""Methods trained alike: what their batches hold, and what their files keep."""

from pathlib import Path

import numpy as np
import pytest
import torch

from common.errors import BadInput
from retrieval.errors import BadModel
from retrieval.train.data.drawn_inputs import Drawn
from retrieval.train.methods import method_training
from retrieval.train.methods.method_training import Entry, Schedule, batches, trained
from tests.retrieval.train.drawn import TINY

CLASSES = 8
SCHEDULE = Schedule(images=64, pairs=8)


def inputs() -> Drawn:
    """Two inputs of each class and source, told apart by their grey: 4 * class + source."""
    greys = np.repeat(np.arange(4 * CLASSES), 2).astype(np.uint8)
    pictures = np.broadcast_to(greys[:, None, None], (len(greys), TINY.size, TINY.size))
    places = {(key // 4, key % 4): np.array([2 * key, 2 * key + 1]) for key in range(4 * CLASSES)}
    return Drawn(np.ascontiguousarray(pictures), places, CLASSES)


def greys(batch: torch.Tensor) -> list[tuple[int, int]]:
    """Class and source of each input."""
    told = torch.round((batch[:, 0, 0, 0] + 0.5) * 127.5).int().tolist()
    return [divmod(one, 4) for one in told]


def first(entry: Entry, schedule: Schedule = SCHEDULE) -> tuple[torch.Tensor, ...]:
    return next(iter(batches(inputs(), entry, schedule)))


@pytest.mark.parametrize("each", [1, 2])
def test_batches_hold_each_character_as_prints_and_as_height_maps(each):
    made, labels, real = first(Entry("a", "triplet", each=each))
    told = greys(made)
    assert [one for one, _ in told] == 2 * labels.tolist()
    assert {source for _, source in told[:8]} <= {0, 1}
    assert {source for _, source in told[8:]} <= {2, 3}
    assert np.unique(labels, return_counts=True)[1].tolist() == [each] * (8 // each)
    assert [source == 1 for _, source in told[:8]] == real.tolist()


def test_only_the_wanted_sources_are_drawn_from():
    sure = Schedule(images=64, pairs=8, real=1.0, rendered=1.0)
    for sources, wanted in (((), {0, 2}), (("crops",), {1, 2}), (("crops", "rendered"), {1, 3})):
        made = first(Entry("a", "margin", sources=sources), sure)[0]
        assert {source for _, source in greys(made)} == wanted
    with pytest.raises(BadInput, match="unknown sources: magic"):
        Entry("a", "margin", sources=("magic",))


def test_all_methods_see_the_same_batches():
    one, other = first(Entry("a", "softmax")), first(Entry("b", "margin"))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_weights_come_back_and_are_not_trained_twice(tmp_path: Path):
    entry, asked = Entry("a", "softmax"), []

    def drawn() -> Drawn:
        asked.append(1)
        return inputs()

    one = trained(entry, SCHEDULE, TINY, drawn, CLASSES, tmp_path)
    two = trained(entry, SCHEDULE, TINY, drawn, CLASSES, tmp_path)
    assert len(asked) == 1
    assert one.record == two.record
    assert one.record["images"] == 64
    assert one.record["batches"] == 4
    for module in ("net", "objective"):
        a, b = getattr(one, module).state_dict(), getattr(two, module).state_dict()
        assert all(torch.equal(a[key], b[key]) for key in a)
    assert not one.net.training


def test_other_settings_are_trained_anew(tmp_path: Path):
    entry = Entry("a", "triplet", each=2)
    changed = Entry("a", "triplet", each=2, options={"margin": 0.5})
    for one in (entry, changed):
        trained(one, SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    assert len(list(tmp_path.glob("a-*.safetensors"))) == 2


def test_training_lowers_the_loss(tmp_path: Path, monkeypatch):
    losses, real = [], method_training._loss

    def told(*args) -> torch.Tensor:
        loss = real(*args)
        losses.append(float(loss.detach()))
        return loss

    monkeypatch.setattr(method_training, "_loss", told)
    trained(Entry("a", "softmax"), Schedule(images=800, pairs=8), TINY, inputs, CLASSES, tmp_path)
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_a_damaged_file_is_named(tmp_path: Path):
    entry = Entry("a", "recall", each=2)
    trained(entry, SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    path = next(tmp_path.glob("a-*.safetensors"))
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BadModel, match="cannot be used") as caught:
        trained(entry, SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    assert "trained again" in caught.value.hint


def test_a_failed_writing_leaves_nothing_half_written(tmp_path: Path, monkeypatch):
    """A kill while the file is written leaves no file, so that the method is trained again."""
    monkeypatch.setattr(
        method_training, "save_file", lambda tensors, path, metadata: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(OSError, match="full"):
        trained(Entry("a", "softmax"), SCHEDULE, TINY, inputs, CLASSES, tmp_path)
    assert not list(tmp_path.glob("a-*.safetensors"))
