"""The second look at a print: what is cut out, how looks are joined, and who gets one."""

import numpy as np
import pytest
import torch

from retrieval.embed import Embedder
from retrieval.embed.second_look import CUTS, UNSURE, joined_looks, other_cuts
from retrieval.models import load_weights, shipped_weights
from retrieval.preprocess import print_input
from tests.pictures import print_of


@pytest.fixture(scope="module")
def embedder():
    return Embedder(load_weights(shipped_weights()), "cpu")


@pytest.fixture(scope="module")
def pictures():
    """Made-up characters, which resemble no learned one, and pictures of odd sides."""
    drawn = [np.asarray(print_of(seed).convert("L")) for seed in range(3)]
    return [*drawn, drawn[0][:40], np.full((1, 1), 200, np.uint8), np.full((2, 90), 7, np.uint8)]


@pytest.mark.parametrize("shape", [(1, 1), (2, 90), (3, 2), (40, 40), (97, 61)])
def test_every_cut_is_a_part_of_the_picture_and_holds_something(shape):
    picture = np.arange(np.prod(shape)).reshape(shape)
    cuts = other_cuts(picture)
    assert len(cuts) == CUTS
    for cut in cuts:
        assert cut.size
        rows, columns = np.divmod(cut, shape[1])
        assert np.ptp(rows) == cut.shape[0] - 1
        assert np.ptp(columns) == cut.shape[1] - 1


def test_cuts_leave_out_each_side():
    cuts = other_cuts(np.arange(10_000).reshape(100, 100))
    firsts = {(cut[0, 0] // 100, cut[0, 0] % 100, *cut.shape) for cut in cuts}
    assert {(15, 0, 85, 100), (0, 0, 85, 100), (0, 15, 100, 85), (0, 0, 100, 85)} < firsts


def test_looks_are_joined_as_a_loop_joins_them():
    random = np.random.default_rng(2)

    def unit(*shape):
        vectors = random.normal(size=shape)
        return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)

    first, others, likeness = unit(4, 9), unit(4, CUTS, 9), random.uniform(0.4, 0.9, (4, CUTS))
    found = joined_looks(first, others, likeness, 20.0)
    for row in range(4):
        shares = [np.exp(20.0 * one) for one in likeness[row]]
        other = sum(share * one for share, one in zip(shares, others[row], strict=True)) / sum(shares)
        slow = first[row] + other
        assert found[row] == pytest.approx(slow / np.linalg.norm(slow), abs=1e-6)


def test_only_the_unsure_are_looked_at_again_and_whoever_is_beside_them_changes_nothing(embedder, pictures):
    plain, looked = embedder.embed_prints(pictures), embedder.embed_queries(pictures)
    alone = np.concatenate([embedder.embed_queries([picture]) for picture in pictures])
    assert looked == pytest.approx(alone, abs=2e-3)
    assert np.linalg.norm(looked, axis=1) == pytest.approx(1, abs=1e-5)
    learned = embedder.learned[0]
    with torch.inference_mode():
        sure = [nearest_learned(embedder, picture, learned) >= UNSURE for picture in pictures]
    same = np.abs(plain - looked).max(axis=1) < 1e-6
    inked = slice(4)  # one without ink stays what it is, however it is cut
    assert same.tolist()[inked] == sure[inked]
    assert set(sure[inked]) == {True, False}


def nearest_learned(embedder, picture, learned):
    """The cosine of a print with the nearest learned character, before it is drawn to any."""
    weights = embedder._weights
    made = torch.from_numpy(print_input(picture, weights.recipe))[None, None]
    vector = torch.nn.functional.normalize(weights.net(made)[0].float()).numpy()[0]
    return float((learned @ vector).max())


def test_none_is_looked_at_where_nothing_is(embedder):
    assert embedder.embed_queries([]).shape == (0, embedder.width)
