"""What a batch of pre-training holds."""

import numpy as np

from retrieval.data.characters import held_out_page
from retrieval.preprocess import Recipe
from retrieval.train.data.training_data import gather_training_data
from retrieval.train.pretrain.batches import DrawnBatches, Mix
from tests.retrieval.train.drawn import drawn_crops, drawn_data, drawn_glyphs


def test_batch_holds_each_class_twice_and_some_mirrored() -> None:
    """Prints, height maps, mirrored height maps; finite, and the same for the same number."""
    mix = Mix(classes=8, flipped=4)
    first, again = (DrawnBatches(drawn_data(), None, mix, Recipe(size=32), seed=3) for _ in range(2))
    inputs, labels, real = first.batch(5)
    assert inputs.shape == (20, 1, 32, 32)
    assert labels.shape == real.shape == (8,)
    assert len(set(labels.tolist())) == 8
    assert np.isfinite(inputs.numpy()).all()
    assert np.array_equal(inputs[8:12].flip(-1), inputs[16:20])
    assert np.array_equal(next(iter(again.starting(5)))[0], inputs)


def test_batches_do_not_depend_on_where_the_run_began() -> None:
    """Batch number 6 is the same after five others and at the start of a resumed run."""
    mix = Mix(classes=8, flipped=4)
    batches = DrawnBatches(drawn_data(), None, mix, Recipe(size=32), seed=3)
    running, resumed = iter(batches.starting(5)), iter(batches.starting(6))
    next(running)
    assert np.array_equal(next(running)[0], next(resumed)[0])


def test_real_crops_are_used_where_there_are_some(monkeypatch) -> None:
    """Crops of open pages appear as prints, marked as such; those of held-out pages do not."""
    assert held_out_page("page4")
    assert not held_out_page("page1")
    monkeypatch.setattr("retrieval.train.data.training_data.read_crops", lambda _: drawn_crops())
    data = gather_training_data(drawn_glyphs(), "crops.zip")
    used = {data.crops.pages[place] for places in data.crops_of for place in places}
    assert used == {"page1"}
    batches = DrawnBatches(
        data, None, Mix(classes=8, flipped=0, from_crops=0.5, real=1.0), Recipe(size=32), seed=0
    )
    _, labels, real = next(iter(batches))
    assert [bool(len(data.crops_of[label])) for label in labels] == real.tolist()
    assert real.sum() >= 4
