"""Maps: near things lie near each other, always in the same places."""

import subprocess
import sys

import numpy as np
import pytest

from retrieval.layout import maps
from retrieval.layout.maps import (
    lay_out,
    main_directions,
    map_places,
    near_duplicates,
    neighbours,
    sample,
    sample_groups,
)
from retrieval.layout.umap_process import LayoutFailed, umap_places

# The map's own process, doing its work twice: to load what it needs takes far longer than to draw.
TWICE = """
import retrieval.layout.umap_process as process
once = process.run_umap
def run_umap(*given):
    places = once(*given)
    assert (once(*given) == places).all()
    return places
process.run_umap = run_umap
process.main()
"""


def quiet(done, total):
    """A report that nobody hears."""


def unit(rows):
    vectors = np.asarray(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clusters(each, *, width=16, seed=1):
    """``each`` vectors around each of three directions: (3 * each, width), and which is of which."""
    random = np.random.default_rng(seed)
    middles = unit(random.normal(size=(3, width)))
    of = np.repeat(np.arange(3), each)
    return unit(middles[of] + 0.05 * random.normal(size=(3 * each, width))), of


class Stopped(Exception):
    """What a caller raises who waits no longer."""


class TestLayOut:
    def test_what_is_alike_lies_together_and_always_in_the_same_place(self, monkeypatch):
        monkeypatch.setattr("retrieval.layout.umap_process._PROGRAM", ("-c", TWICE))
        vectors, of = clusters(20)
        places = lay_out(vectors, quiet)
        assert places.shape == (60, 2)
        middles = np.stack([places[of == one].mean(axis=0) for one in range(3)])
        to_each = np.linalg.norm(places[:, None] - middles[None], axis=2)
        assert (to_each.argmin(axis=1) == of).all()
        assert "umap" not in sys.modules  # it was loaded in a process that is over

    @pytest.mark.parametrize("count", [0, 1, 2, 5])
    def test_few_points_are_laid_along_their_main_directions(self, count):
        vectors = unit(np.random.default_rng(2).normal(size=(count, 8))) if count else np.zeros((0, 8), "f4")
        places = lay_out(vectors, quiet)
        assert places.shape == (count, 2)
        assert np.isfinite(places).all()

    def test_main_directions_keep_the_distances_of_what_lies_flat(self):
        flat = np.zeros((6, 5), np.float32)
        flat[:, :2] = np.random.default_rng(3).normal(size=(6, 2))
        places = main_directions(flat)
        before = np.linalg.norm(flat[:, None] - flat[None], axis=2)
        after = np.linalg.norm(places[:, None] - places[None], axis=2)
        assert after == pytest.approx(before, abs=1e-4)


class TestUmapProcess:
    GIVEN = {"apart": 0.3, "seed": 7}

    def given(self):
        vectors, _ = clusters(12)
        return vectors, *neighbours(vectors, 5, quiet)

    def test_whoever_waits_may_end_it(self, monkeypatch):
        monkeypatch.setattr("retrieval.layout.umap_process._CHECK_SECONDS", 0.05)

        def lost():
            raise Stopped("gone")

        with pytest.raises(Stopped):
            umap_places(*self.given(), **self.GIVEN, waiting=lost)

    def test_what_breaks_says_why(self, monkeypatch):
        monkeypatch.setattr(
            "retrieval.layout.umap_process._PROGRAM", ("-c", "raise ValueError('odd numbers')")
        )
        with pytest.raises(LayoutFailed, match="odd numbers"):
            umap_places(*self.given(), **self.GIVEN, waiting=lambda: None)

    def test_one_that_was_killed_is_tried_again(self, monkeypatch):
        monkeypatch.setattr("retrieval.layout.umap_process._run", lambda *given: -9)
        with pytest.raises(MemoryError):  # which the runner tries again
            umap_places(*self.given(), **self.GIVEN, waiting=lambda: None)


class TestSample:
    def test_few_are_all_there(self):
        assert sample_groups([(1, 1), (5, 2)], 2) == [1, 5]

    def test_every_batch_has_its_part_and_the_same_ones_each_time(self):
        there = [(pk, 1 if pk <= 9_000 else 2 if pk <= 9_990 else 3) for pk in range(1, 10_001)]
        picked = sample_groups(there, 1_000)
        assert picked == sorted(set(picked)) == sample_groups(there, 1_000)
        of = dict(there)
        counts = [sum(of[pk] == batch for pk in picked) for batch in (1, 2, 3)]
        assert 990 <= sum(counts) <= 1_000
        assert counts[2] == 10  # the small one whole
        assert counts[0] > 3 * counts[1] > 300
        assert np.mean([pk for pk in picked if pk <= 9_000]) == pytest.approx(4_500, rel=0.1)


def test_neighbours_are_those_of_the_slow_way(monkeypatch):
    monkeypatch.setattr(maps, "_AT_ONCE", 7)
    vectors, _ = clusters(8)
    rows = []
    ids, distances = neighbours(vectors, 4, lambda done, total: rows.append((done, total)))
    slow = 1 - vectors @ vectors.T
    assert (ids[:, 0] == np.arange(24)).all()
    assert np.sort(slow, axis=1)[:, :4] == pytest.approx(distances, abs=1e-5)
    assert rows[0] == (7, 48)
    assert rows[-1] == (24, 48)


def test_near_duplicates_are_all_pairs_that_are_near_enough():
    vectors, _ = clusters(6)
    found = near_duplicates(vectors, 0.25, quiet)
    slow = 1 - vectors @ vectors.T
    assert set(found) == {(a, b) for a in range(18) for b in range(a + 1, 18) if slow[a, b] <= 0.25}
    assert all(slow[pair] == pytest.approx(far, abs=1e-5) for pair, far in found.items())


def test_a_sample_is_the_same_each_time():
    assert sample([5, 1, 3], 3) == [1, 3, 5]
    picked = sample(range(1000), 50)
    assert picked == sorted(set(picked)) == sample(list(reversed(range(1000))), 50)
    assert len(picked) == 50
    assert np.mean(picked) == pytest.approx(500, rel=0.2)


def test_a_map_is_of_whole_numbers_to_one_scale():
    places = map_places(unit([[1, 0, 0], [0, 1, 0], [0.7, 0.7, 0.1]]), quiet)
    assert (places.min(), places.max()) == (0, 10_000)
    assert places.dtype.kind == "i"
    assert map_places(np.zeros((0, 4), np.float32), quiet).shape == (0, 2)


def test_the_process_imports_no_more_than_it_needs():
    """What a worker has loaded, the process of the map must not load once more."""
    command = "import sys, retrieval.layout.umap_process; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    heavy = {"django", "torch", "hnswlib", "webapp", "workers", "cv2", "retrieval.index", "umap", "numba"}
    assert heavy.isdisjoint(done.stdout.split())
