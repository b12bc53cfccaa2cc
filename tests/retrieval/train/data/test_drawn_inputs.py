"""The inputs that methods are compared on: drawn once, kept, the same again."""

from pathlib import Path

import numpy as np
import pytest

from retrieval.preprocess import Recipe
from retrieval.train.data import drawn_inputs
from retrieval.train.data.drawn_inputs import (
    CROP,
    PRINT,
    RELIEF,
    RENDERED,
    InputAmounts,
    chosen_classes,
    draw_inputs,
)
from retrieval.train.data.mesh_cache import MeshCache
from retrieval.train.data.training_data import TrainingData, gather_training_data
from tests.retrieval.train.drawn import drawn_crops, drawn_glyphs

RECIPE = Recipe(size=24)
AMOUNTS = InputAmounts(characters=6, drawn=3, crops=2, rendered=2)


@pytest.fixture
def data(monkeypatch) -> TrainingData:
    monkeypatch.setattr("retrieval.train.data.training_data.read_crops", lambda path: drawn_crops())
    return gather_training_data(drawn_glyphs(), Path("crops.zip"))


@pytest.fixture
def rendered() -> MeshCache:
    heights = np.random.default_rng(0).integers(0, 255, (2, 96, 96)).astype(np.uint8)
    return MeshCache(heights, {0: np.array([0, 1])})


def test_half_of_the_classes_are_those_with_most_crops(data):
    few = chosen_classes(data, 6, seed=1)
    with_crops = set(data.classes[data.with_crops].tolist())
    assert len(few.classes) == len(set(few.classes.tolist())) == 6
    assert len(with_crops & set(few.classes.tolist())) >= 3
    for place, code in enumerate(few.classes.tolist()):
        assert set(few.glyphs.codepoints[few.glyphs_of[place]].tolist()) == {code}
        assert set(few.crops.codepoints[few.crops_of[place]].tolist()) <= {code}
    assert np.array_equal(few.classes, chosen_classes(data, 6, seed=1).classes)


def test_every_class_has_its_share_from_each_source(tmp_path, data, rendered):
    few = chosen_classes(data, 6, seed=1)
    made = draw_inputs(tmp_path, few, rendered, AMOUNTS, RECIPE, seed=1)
    for label in range(6):
        assert len(made.places[label, PRINT]) == len(made.places[label, RELIEF]) == 3
        assert len(made.places.get((label, CROP), ())) == (2 if len(few.crops_of[label]) else 0)
        assert len(made.places.get((label, RENDERED), ())) == (2 if label == 0 else 0)
    assert sum(map(len, made.places.values())) == len(made.inputs)


def test_what_is_kept_is_the_input_within_half_a_level(tmp_path, data, rendered):
    few = chosen_classes(data, 6, seed=1)
    made = draw_inputs(tmp_path, few, rendered, AMOUNTS, RECIPE, seed=1)
    drawer = drawn_inputs._ClassInputs(few, rendered, AMOUNTS, RECIPE, 1)
    wanted = [picture for source, picture in drawer.inputs(2) if source == PRINT]
    random = np.random.default_rng(0)
    for _ in range(8):
        picked = made.pick(2, PRINT, random)
        assert min(np.abs(picked - one).max() for one in wanted) <= 0.5 / 127.5 + 1e-6
    assert not made.has(5, RENDERED)


def test_a_killed_drawing_goes_on_and_ends_the_same(tmp_path, data, rendered, monkeypatch):
    """Two classes a file; the second file is lost, and drawn again as it was."""
    monkeypatch.setattr(drawn_inputs, "_A_PART", 2)
    few = chosen_classes(data, 6, seed=1)
    whole = draw_inputs(tmp_path, few, rendered, AMOUNTS, RECIPE, seed=1)
    (tmp_path / "inputs-001.npz").unlink()
    real, parts = drawn_inputs._draw_part, []
    monkeypatch.setattr(
        drawn_inputs, "_draw_part", lambda path, *rest: parts.append(path.name) or real(path, *rest)
    )
    again = draw_inputs(tmp_path, few, rendered, AMOUNTS, RECIPE, seed=1)
    assert parts == ["inputs-001.npz"]
    assert np.array_equal(whole.inputs, again.inputs)
