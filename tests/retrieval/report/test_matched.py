"""What is measured is what the product finds: the slow twin is `evaluate`."""

import numpy as np
import pytest

from retrieval.embed import Embedder
from retrieval.errors import BadSet
from retrieval.evaluate.methods.by_name import open_method
from retrieval.evaluate.run import evaluate
from retrieval.io.sets import read_set
from retrieval.report.matched import read_and_embed
from tests.retrieval.evaluate.folders import write_set
from tests.retrieval.report.made import matched_by_hand


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load(device="cpu")


def test_ranks_and_distances_are_those_of_evaluate(tmp_path, embedder) -> None:
    folder = write_set(tmp_path / "small", items=7)
    (folder / "queries" / "3.png").write_bytes(b"no picture")
    (folder / "database" / "5.stl").write_bytes(b"")
    bench = read_set(folder)
    slow = evaluate(bench, open_method("model"))
    fast = read_and_embed(bench, embedder).matched()
    assert fast.ranks().tolist() == [result.rank for result in slow.queries]
    order, near, _ = fast.nearest()
    for row, result in enumerate(slow.queries):
        there = np.isfinite(near[row])
        assert [fast.items.names[item] for item in order[row][there]] == list(result.found)
        assert near[row][there] == pytest.approx(result.distances, abs=1e-5)
    assert len(fast.items.names) == 6
    assert fast.queries.pictures[fast.queries.names.index("3.png")] is None


def test_a_set_without_one_readable_item_is_refused(tmp_path, embedder) -> None:
    folder = write_set(tmp_path / "small", items=2)
    for path in (folder / "database").iterdir():
        path.write_bytes(b"")
    with pytest.raises(BadSet, match="not one item of small"):
        read_and_embed(read_set(folder), embedder)


def test_characters_that_are_no_codepoints_are_refused(tmp_path, embedder) -> None:
    folder = write_set(tmp_path / "small", items=2)
    (folder / "characters.csv").write_text("item,codepoint\n0.stl,U+XYZ\n")
    with pytest.raises(BadSet, match="no codepoint"):
        read_and_embed(read_set(folder), embedder)


def test_taken_out_items_are_neither_found_nor_right() -> None:
    whole = matched_by_hand([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]], [65, 67], [65, 66, 67])
    assert whole.ranks().tolist() == [1, 1]
    for seed in range(20):
        half = whole.thinned(0.5, np.random.default_rng(seed))
        gone = ~np.isfinite(half.distances[0])
        assert not half.right[:, gone].any()
        assert (half.ranks() > 0).tolist() == [not gone[0], not gone[2]]


def test_some_queries_alone() -> None:
    whole = matched_by_hand([[0.1, 0.2], [0.3, 0.2], [0.5, 0.9]], [65, 65, 65], [65, 66])
    some = whole.among(np.array([1, 2]))
    assert some.queries.names == ("1.png", "2.png")
    assert some.ranks().tolist() == [2, 1]
