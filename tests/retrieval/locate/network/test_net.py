"""The network, its targets and its answer: what is drawn into the maps is read back from them."""

import numpy as np
import pytest
import torch

from retrieval.errors import BadModel
from retrieval.locate.network.finder import distinct, find, read_peaks
from retrieval.locate.network.net import LocatorNet, LocatorShape, page_input
from retrieval.locate.network.weights import LocatorRecipe, LocatorWeights, load_localiser, save_localiser
from retrieval.locate.strokes import not_thin
from retrieval.models import shipped_weights
from retrieval.train.localiser.learner import heat_loss, level_loss, overlap_loss
from retrieval.train.localiser.targets import Tile, tile_targets

TINY = LocatorShape((2, 2, 2, 2, 2), (1, 1, 1, 1))
BOXES = np.array([(10, 12, 40, 38), (10, 42, 40, 50), (60, 20, 76, 37), (60, 39, 77, 55)], np.float32)


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(1)
    return LocatorNet(TINY).eval()


@pytest.fixture
def targets():
    level = np.zeros((96, 96), bool)
    level[80:82, 5:90] = True
    return tile_targets(Tile(np.zeros((96, 96), np.uint8), BOXES, np.array([(85, 0, 96, 10)]), level))


def test_targets_are_read_back_as_the_boxes(targets):
    boxes, scores = read_peaks(targets.heat, targets.sides, 0.5)
    assert len(boxes) == len(BOXES)
    assert np.abs(boxes[np.lexsort((boxes[:, 1], boxes[:, 0]))] - BOXES).max() < 1e-4
    assert (scores == 1).all()


def test_what_is_ignored_does_not_count(targets):
    assert targets.counts[0, 23] == 0
    assert targets.counts.sum() == 24 * 24 - 3 * 3
    assert targets.level[20].sum() == 22


def test_losses_are_least_for_the_right_answer(targets):
    heat, counts, sides, near, level = (
        torch.from_numpy(part)[None] if part.ndim == 3 else torch.from_numpy(part)[None, None]
        for part in (targets.heat, targets.counts, targets.sides, targets.near, targets.level)
    )
    sure = torch.where(heat == 1, 9.0, -9.0)
    assert heat_loss(sure, heat, counts) < 0.01 < heat_loss(-sure, heat, counts)
    assert overlap_loss(sides.clamp(min=0.1), sides, near) < 1e-3 < overlap_loss(sides + 4, sides, near)
    assert level_loss(10 * (2 * level - 1), level) < 0.01 < level_loss(10 * (1 - 2 * level), level)
    assert level_loss(level, -torch.ones_like(level)) == 0, "nothing is known"


def test_of_two_boxes_on_one_character_the_better_stays():
    boxes = np.array([(0, 0, 20, 20), (2, 1, 21, 22), (5, 5, 12, 12), (40, 0, 60, 20)], np.float32)
    assert distinct(boxes, np.array([0.5, 0.9, 0.6, 0.3], np.float32)).tolist() == [1, 3]


def slow_distinct(boxes, scores):
    kept = []
    for at in np.argsort(-scores, kind="stable"):
        for other in kept:
            low, high = (
                np.maximum(boxes[at, :2], boxes[other, :2]),
                np.minimum(boxes[at, 2:], boxes[other, 2:]),
            )
            shared = np.prod(np.maximum(high - low, 0))
            areas = [np.prod(boxes[one, 2:] - boxes[one, :2]) for one in (at, other)]
            if shared > 0.4 * (sum(areas) - shared) or shared > 0.75 * min(areas):
                break
        else:
            kept.append(int(at))
    return kept


def test_distinct_is_what_a_slow_twin_says():
    random = np.random.default_rng(3)
    lows = random.uniform(0, 150, (120, 2))
    boxes = np.concatenate([lows, lows + random.uniform(8, 20, (120, 2))], axis=1).astype(np.float32)
    scores = random.random(120).astype(np.float32)
    assert distinct(boxes, scores).tolist() == slow_distinct(boxes, scores)


def test_a_page_of_any_size_goes_through(net):
    grey = np.full((37, 51), 200, np.uint8)
    found = find(net, grey, 0.5)
    assert found.boxes.shape == (0, 4)
    assert page_input(grey).shape == (2, 37, 51)
    assert np.isfinite(page_input(grey)).all()


def test_tiles_find_what_one_pass_finds(net, monkeypatch):
    grey = np.random.default_rng(0).integers(0, 255, (160, 288)).astype(np.uint8)
    whole = find(net, grey, 0.0)
    monkeypatch.setattr("retrieval.locate.network.finder._TILE", 160)
    tiled = find(net, grey, 0.0)
    assert len(whole.boxes)
    assert abs(len(tiled.boxes) - len(whole.boxes)) <= 0.3 * len(whole.boxes)
    assert tiled.boxes[:, 0].max() > 200


def test_weights_are_read_back_and_damage_is_refused(net, tmp_path):
    path = tmp_path / "a.safetensors"
    save_localiser(path, LocatorWeights(net, "tiny", LocatorRecipe(least=0.4), {"pages": 3}))
    loaded = load_localiser(path)
    assert (loaded.name, loaded.recipe.least, loaded.record) == ("tiny", 0.4, {"pages": 3})
    assert loaded.fingerprint
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadModel, match="damaged"):
        load_localiser(path)


def test_another_models_weights_are_refused(tmp_path):
    with pytest.raises(BadModel, match="localiser"):
        load_localiser(shipped_weights())
    with pytest.raises(BadModel, match="missing"):
        load_localiser(tmp_path / "none.safetensors")


def test_a_single_strokes_box_is_a_quarter_as_high_as_wide():
    boxes = np.array([(10, 40, 50, 42), (0, 0, 20, 18)], np.float32)
    assert not_thin(boxes, 0.25).tolist() == [[10, 36, 50, 46], [0, 0, 20, 18]]
    assert not_thin(np.zeros((0, 4), np.float32), 0.25).shape == (0, 4)
