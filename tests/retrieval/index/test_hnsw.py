import json

import numpy as np
import pytest

from common.errors import BadInput
from retrieval.errors import BadIndex
from retrieval.index import hnsw
from retrieval.index.exact import ExactIndex
from retrieval.index.hnsw import GraphShape, HnswIndex, shape_of, width_of_search
from retrieval.index.recall import recall_against
from tests.retrieval.index.vectors import clustered, unit

ABOUT = {"width": 32, "fingerprint": "abc"}


@pytest.fixture(scope="module")
def index():
    return HnswIndex.build(clustered(3_000), np.arange(3_000) * 2 + 1, fingerprint="abc")


@pytest.fixture
def folder(index, tmp_path):
    index.save(tmp_path / "one")
    return tmp_path / "one"


def test_finds_what_exact_search_finds(index):
    exact = ExactIndex(clustered(3_000), np.arange(3_000) * 2 + 1)
    queries = clustered(300, seed=9)
    assert recall_against(index, exact, queries, 5) >= 0.99
    hits, truth = index.search(queries, 5), exact.search(queries, 5)
    same = hits.ids == truth.ids
    np.testing.assert_allclose(hits.distances[same], truth.distances[same], atol=1e-5)


def test_every_vector_finds_itself(index):
    hits = index.search(clustered(3_000), 1)
    assert (hits.ids[:, 0] == np.arange(3_000) * 2 + 1).mean() > 0.99
    assert hits.distances.max() < 1e-4


@pytest.mark.parametrize("count", [0, 1, 3])
def test_more_wanted_than_there_are(count, tmp_path):
    built = HnswIndex.build(clustered(count), fingerprint="abc")
    built.save(tmp_path / "few")
    for index in (built, HnswIndex.load(tmp_path / "few", **ABOUT)):
        hits = index.search(clustered(2, seed=1), 5)
        assert sorted(hits.ids[0, :count]) == list(range(count))
        assert (hits.ids[:, count:] == -1).all()
        assert np.isinf(hits.distances[:, count:]).all()


def test_a_thousand_equal_vectors_still_answer_in_full():
    vectors = np.repeat(unit([[1.0, 0, 0, 0]]), 1_000, axis=0)
    hits = HnswIndex.build(vectors).search(vectors[:3], 500, ef=1)
    assert (hits.ids >= 0).all()
    assert all(len(set(row)) == 500 for row in hits.ids)


def test_one_thread_builds_the_same_graph_every_time(tmp_path):
    hashes = {HnswIndex.build(clustered(500), threads=1).save(tmp_path / name).sha256 for name in "ab"}
    assert len(hashes) == 1


def test_progress_reaches_the_end():
    seen = []
    HnswIndex.build(clustered(4_500, 8), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2_000, 4_500), (4_000, 4_500), (4_500, 4_500)]


def test_loaded_answers_like_built(index, folder):
    loaded = HnswIndex.load(folder, **ABOUT)
    queries = clustered(200, seed=4)
    np.testing.assert_array_equal(loaded.search(queries, 5).ids, index.search(queries, 5).ids)
    assert len(loaded) == len(index)
    assert loaded.shape == index.shape


def test_saving_again_replaces_and_leaves_nothing_aside(index, folder):
    HnswIndex.build(clustered(10), fingerprint="abc").save(folder)
    assert len(HnswIndex.load(folder, **ABOUT)) == 10
    assert [path.name for path in folder.parent.iterdir()] == ["one"]


def test_refuses_another_models_index(folder):
    with pytest.raises(BadIndex, match="'abc', not 'def'") as caught:
        HnswIndex.load(folder, width=32, fingerprint="def")
    assert caught.value.code == "index_other_model"
    with pytest.raises(BadIndex, match="32 wide, and the model 64"):
        HnswIndex.load(folder, width=64, fingerprint="abc")


def test_refuses_a_missing_index(tmp_path):
    with pytest.raises(BadIndex) as caught:
        HnswIndex.load(tmp_path / "nowhere", **ABOUT)
    assert caught.value.code == "index_missing"


def test_refuses_every_kind_of_damage_to_the_graph(folder):
    path = folder / "index.bin"
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for damaged in (b"", whole[:-1], whole + b"\0", bytes(flipped)):
        path.write_bytes(damaged)
        with pytest.raises(BadIndex) as caught:
            HnswIndex.load(folder, **ABOUT)
        assert caught.value.code == "index_damaged"
    path.unlink()
    with pytest.raises(BadIndex, match=r"index\.bin is missing"):
        HnswIndex.load(folder, **ABOUT)


@pytest.mark.parametrize(
    "change",
    [{"count": 2_999}, {"count": "3000"}, {"format": 2}, {"extra": 1}, {"sha256": "0" * 64}, {"bytes": 1.5}],
)
def test_refuses_a_manifest_that_does_not_agree(folder, change):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BadIndex) as caught:
        HnswIndex.load(folder, **ABOUT)
    assert caught.value.code == "index_damaged"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"width": 32}'])
def test_refuses_a_manifest_that_is_none(folder, text):
    (folder / "manifest.json").write_text(text)
    with pytest.raises(BadIndex) as caught:
        HnswIndex.load(folder, **ABOUT)
    assert caught.value.code == "index_damaged"


def test_a_disk_that_takes_only_part_is_noticed(folder, monkeypatch):
    monkeypatch.setattr("retrieval.index.stored._sha256", lambda path: pytest.fail("hashed too late"))
    index = HnswIndex.build(clustered(10), fingerprint="new")

    class Half:
        """Writes half of itself, and says nothing, as hnswlib does when the disk is full."""

        dim, element_count = 32, 10

        def index_file_size(self):
            return index._graph.index_file_size()

        def save_index(self, path):
            index._graph.save_index(path)
            with open(path, "r+b") as file:
                file.truncate(self.index_file_size() // 2)

    broken = HnswIndex(Half(), fingerprint="new", shape=index.shape)
    with pytest.raises(BadIndex) as caught:
        broken.save(folder)
    assert caught.value.code == "index_not_written"
    assert json.loads((folder / "manifest.json").read_text())["fingerprint"] == "abc"
    assert [path.name for path in folder.parent.iterdir()] == ["one"]


@pytest.mark.parametrize(
    "queries", [clustered(1, 16), np.full((1, 32), np.nan, np.float32), np.zeros((1, 32))]
)
def test_refuses_queries_that_hnswlib_would_answer(index, queries):
    with pytest.raises(BadInput):
        index.search(queries, 5)


@pytest.mark.parametrize("options", [{"m": 1}, {"m": 0}, {"ef_construction": 0}])
def test_refuses_a_graph_that_cannot_be(options):
    with pytest.raises(BadInput):
        HnswIndex.build(clustered(5), **options)


def test_the_search_widens_as_the_graph_grows():
    widths = [width_of_search(count) for count in (0, 1, 5_000, 10_000, 100_000, 1_000_000)]
    assert widths == [100, 100, 100, 119, 211, 376]


def test_the_graph_gets_more_links_as_it_grows():
    shapes = [shape_of(count) for count in (0, 100_000, 150_000, 150_001, 1_000_000)]
    assert [(one.m, one.ef_construction) for one in shapes] == [(16, 100)] * 3 + [(32, 200)] * 2


def test_the_usual_shape_is_that_of_the_size(monkeypatch):
    assert HnswIndex.build(clustered(30)).shape == GraphShape(16, 100)
    monkeypatch.setattr(hnsw, "_SPARSE_TO", 20)
    assert HnswIndex.build(clustered(30)).shape == GraphShape(32, 200)
    assert HnswIndex.build(clustered(30), m=4).shape == GraphShape(4, 200)
