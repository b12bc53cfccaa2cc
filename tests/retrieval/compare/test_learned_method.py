"""A trained method as a gallery, against the distances worked out one by one."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from common.errors import BadInput
from retrieval.compare.learned_method import LearnedMethod
from retrieval.models import Net
from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.train.methods.method_training import TrainedMethod
from retrieval.train.objectives import OBJECTIVES, make_objective
from tests.pictures import glyph
from tests.retrieval.train.drawn import TINY

RECIPE = Recipe(size=TINY.size)
HEIGHTS = [glyph(seed, 64).astype(np.float32) for seed in range(5)]
PRINTS = [np.rint(230 - 180 * glyph(seed, 50)).astype(np.uint8) for seed in range(3)]


def method(objective: str) -> TrainedMethod:
    torch.manual_seed(1)
    return TrainedMethod(Net(TINY).eval(), make_objective(objective, 7, TINY, {}).eval(), {})


def embedded(net: Net, inputs: list[np.ndarray]) -> torch.Tensor:
    with torch.inference_mode():
        return net(torch.from_numpy(np.stack(inputs)[:, None].copy()))[0]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_search_ranks_and_a_part_at_a_time_makes_no_difference(objective):
    trained = method(objective)
    for search in trained.objective.searches:
        whole, parts = (LearnedMethod("a", trained, RECIPE, search) for _ in range(2))
        whole.add_items(HEIGHTS)
        parts.add_items(HEIGHTS[:2])
        parts.add_items(HEIGHTS[2:])
        one, other = whole.rank(PRINTS, 4), parts.rank(PRINTS, 4)
        assert np.array_equal(one.ids, other.ids)
        assert np.allclose(one.distances, other.distances, atol=1e-4)
        assert (np.diff(one.distances) >= 0).all()
        assert all(len(set(row)) == 4 for row in one.ids.tolist())


def test_the_nearer_of_two_readings_counts():
    trained = method("triplet")
    gallery = LearnedMethod("a", trained, RECIPE)
    gallery.add_items(HEIGHTS)
    hits = gallery.rank(PRINTS, 5)
    seen = [height_input(height, RECIPE) for height in HEIGHTS]
    queries = functional.normalize(embedded(trained.net, [print_input(one, RECIPE) for one in PRINTS]))
    both = [
        1 - queries @ functional.normalize(embedded(trained.net, inputs)).T
        for inputs in (seen, [one[:, ::-1] for one in seen])
    ]
    wanted = np.minimum(*(one.numpy() for one in both))
    assert np.allclose(np.sort(wanted, axis=1), hits.distances, atol=1e-4)
    mirrored = LearnedMethod("a", trained, RECIPE)
    mirrored.add_items([np.ascontiguousarray(height[:, ::-1]) for height in HEIGHTS])
    assert np.allclose(mirrored.rank(PRINTS, 5).distances, hits.distances, atol=1e-3)


def test_a_memory_draws_vectors_to_the_characters():
    trained = method("margin")
    plain, drawn = (
        LearnedMethod("a", trained, RECIPE),
        LearnedMethod("a", trained, RECIPE, memory=(20.0, 2.0)),
    )
    for gallery in (plain, drawn):
        gallery.add_items(HEIGHTS)
    assert not np.allclose(plain.rank(PRINTS, 5).distances, drawn.rank(PRINTS, 5).distances, atol=1e-3)


def test_what_a_method_cannot_do_is_refused():
    with pytest.raises(BadInput, match="cannot be searched by 'kl'") as caught:
        LearnedMethod("a", method("triplet"), RECIPE, "kl")
    assert "cosine" in caught.value.hint
    with pytest.raises(BadInput, match="nothing to remember"):
        LearnedMethod("a", method("softmax"), RECIPE, "cosine", (20.0, 1.0))


@pytest.mark.parametrize("picture", [np.zeros((8, 8), np.uint8), np.full((3, 900), 255, np.uint8)])
def test_pictures_of_nothing_are_answered(picture):
    for objective in ("softmax", "triplet"):
        gallery = LearnedMethod("a", method(objective), RECIPE)
        gallery.add_items([*HEIGHTS[:2], np.zeros((64, 64), np.float32)])
        hits = gallery.rank([picture], 5)
        assert sorted(hits.ids[0, :3]) == [0, 1, 2]
        assert np.isfinite(hits.distances[0, :3]).all()
