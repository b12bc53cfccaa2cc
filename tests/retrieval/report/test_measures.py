"""Slices, certainty and handedness, each against what can be counted by hand."""

import numpy as np
import pytest

from retrieval.evaluate.metrics import share_of
from retrieval.render.relief import read_relief
from retrieval.report.certainty import absence, galleries_of_many_sizes, reliability
from retrieval.report.handedness import mirrored_mesh, scores_of_handedness
from retrieval.report.measure import rounded
from retrieval.report.sheets import worst, worst_sheet
from retrieval.report.slices import Learned, slices
from retrieval.types import Mesh
from tests import meshes
from tests.retrieval.report.made import matched_by_hand


def test_slices_part_the_queries_by_what_is_known_of_them() -> None:
    whole = matched_by_hand(
        [[0.1, 0.9], [0.9, 0.1], [0.9, 0.1]],
        [0x4E00, 0x20000, 0x4E00],
        [0x4E00, 0x20000],
        kinds=["print", "print", "style"],
        sides=[30, 80, 80],
    )
    rows = {(row["by"], row["of"]): row for row in slices(whole, Learned({0x4E00: 7}, {0x4E00: 1}))}
    assert rows["", "all"]["queries"] == 3
    assert rows["", "all"]["mrr_at_5"]["mean"] == pytest.approx((1 + 1 + 0.5) / 3)
    assert rows["kind", "style"]["recall_at_1"]["mean"] == 0
    assert rows["plane", "beyond the BMP"]["queries"] == 1
    assert rows["typefaces", "in no training image"]["queries"] == 1
    assert rows["typefaces", "in 7 or more typefaces"]["mrr_at_5"]["mean"] == 0.75
    assert rows["crops", "1 to 9 real crops"]["queries"] == 2
    assert rows["size", "up to 31 px"]["queries"] == 1
    for by in ("kind", "plane", "typefaces", "crops", "size"):
        assert sum(row["queries"] for key, row in rows.items() if key[0] == by) == 3


def test_a_slicing_that_does_not_part_is_left_out() -> None:
    whole = matched_by_hand([[0.1], [0.2]], [65, 65], [65])
    assert [row["of"] for row in slices(whole, Learned({}, {}))] == ["all"]


def halves(distances: np.ndarray) -> np.ndarray:
    """A confidence that needs no model."""
    return np.where(np.isfinite(distances), 1 - distances, 0.0)


def test_reliability_by_hand() -> None:
    """Two first suggestions given 0.9, one of them right; seconds given 0.1, both wrong ones right or not."""
    whole = matched_by_hand([[0.1, 0.9], [0.1, 0.9]], [65, 66], [65, 66])
    curve = reliability([whole], halves)
    assert curve["first"]["error"] == pytest.approx(0.4, abs=1e-6)
    assert curve["first"]["bins"][0]["suggestions"] == 2
    assert curve["first"]["bins"][0]["given"] == pytest.approx(0.9, abs=1e-6)
    assert curve["first"]["bins"][0]["right"] == 0.5
    assert sum(bin["suggestions"] for bin in curve["five"]["bins"]) == 4
    assert reliability([whole, whole], halves)["first"]["bins"][0]["suggestions"] == 4


def test_what_is_not_suggested_counts_nowhere() -> None:
    whole = matched_by_hand([[0.1, np.inf]], [65], [65, 66])
    assert sum(bin["suggestions"] for bin in reliability([whole], halves)["five"]["bins"]) == 1


def test_galleries_of_many_sizes_shrink() -> None:
    codes = list(range(65, 165))
    whole = matched_by_hand(np.full((1, 100), 0.5), [65], codes)
    sizes = [int(np.isfinite(one.distances).sum()) for one in galleries_of_many_sizes(whole)]
    assert sizes[0] == 100
    assert 30 < sizes[1] < 70
    assert sizes[-1] < 15


def test_absence_is_told_perfectly_or_not_at_all() -> None:
    """Own items at 0.1 and all others at 0.8: every threshold between them parts the two. All alike: none."""
    codes = list(range(65, 97))
    apart = np.where(np.eye(32, dtype=bool), 0.1, 0.8)
    found = absence(matched_by_hand(apart, codes, codes), halves)
    assert found["auroc"] == found["least"] == found["most"] == 1
    assert found["curve"][0] == [0.0, 1.0]
    assert absence(matched_by_hand(np.full((32, 32), 0.5), codes, codes), halves)["auroc"] == 0.5


def test_absence_without_both_kinds_is_nothing() -> None:
    assert absence(matched_by_hand([[0.5, 0.5]], [200], [65, 66]), halves) is None


def test_handedness_by_hand() -> None:
    found = scores_of_handedness(np.array([0.99, 0.02, 0.6, 0.03]), np.array([True, False, False, True]))
    assert found["items"] == 4
    assert found["right"]["mean"] == 0.5
    assert found["doubtful"]["mean"] == 0.25
    assert found["right_where_sure"]["mean"] == pytest.approx(2 / 3)
    assert scores_of_handedness(np.array([0.5]), np.array([True]))["right_where_sure"] is None


def test_wilson_intervals_as_printed_in_tables() -> None:
    """8 of 10: 0.490 to 0.943; all of 20: from 0.839."""
    some = share_of(np.arange(10) < 8)
    assert (some.mean, some.low, some.high) == pytest.approx((0.8, 0.490, 0.943), abs=5e-4)
    everything = share_of(np.ones(20, bool))
    assert (everything.low, everything.high) == pytest.approx((0.839, 1.0), abs=5e-4)
    with pytest.raises(ValueError, match="at least one"):
        share_of(np.zeros(0, bool))


def test_a_mirrored_mesh_gives_the_mirrored_height_map() -> None:
    mesh = Mesh(*meshes.relief(3, 64))
    once = read_relief(mesh).height
    mirrored = read_relief(mirrored_mesh(mesh)).height
    assert np.abs(mirrored - once[:, ::-1]).mean() < 0.02
    assert np.abs(mirrored - once).mean() > 0.1


def test_the_worst_come_first_and_right_ones_not_at_all() -> None:
    whole = matched_by_hand([[0.1, 0.9], [0.3, 0.5], [0.1, 0.9], [0.2, 0.9]], [65, 66, 66, 90], [65, 66])
    assert worst(whole) == [2, 1]
    sheet = worst_sheet(whole, worst(whole))
    assert sheet.shape == (2 * 76 + 4, 4 * 76 + 4, 3)


def test_rounding_leaves_counts_and_words_alone() -> None:
    assert rounded({"a": 0.123456, "b": [1, (0.99999,)], "c": "x", "d": None, "e": True}) == {
        "a": 0.1235, "b": [1, [1.0]], "c": "x", "d": None, "e": True,
    }  # fmt: skip
