"""The command that measures how often the very carving comes first."""

import json

import cv2
import numpy as np
import pytest

from retrieval.cli import main
from retrieval.register import PrintOver, item_form, print_form, read_item_form
from retrieval.report.carvings import command as carvings
from retrieval.report.carvings.hand_set import HandSet
from retrieval.report.carvings.pair_sheet import pair_sheet
from tests.retrieval.register.pairs import carving, printed

HEIGHTS = [carving(seed) for seed in range(3)]


@pytest.fixture
def hands():
    """Two characters of three carvings, one of them upside down, and two prints."""
    other = [np.ascontiguousarray(one[::-1]) for one in HEIGHTS]
    return HandSet(
        np.array([*HEIGHTS, *other], np.float16),
        np.array([0, 0, 0, 1, 1, 1]),
        [printed(HEIGHTS[2]), printed(other[1])],
        np.array([2, 4]),
        np.array(["clean", "worn"]),
    )


def test_a_set_is_read_as_it_was_saved(hands, tmp_path):
    hands.save(tmp_path / "hands.npz")
    read = HandSet.load(tmp_path / "hands.npz")
    assert np.array_equal(read.heights, hands.heights)
    assert all(np.array_equal(one, other) for one, other in zip(read.pictures, hands.pictures, strict=True))
    assert read.kinds.tolist() == ["clean", "worn"]
    assert read.right.tolist() == [2, 4]


def test_the_command_writes_numbers_and_a_sheet(hands, tmp_path, monkeypatch):
    monkeypatch.setattr(carvings, "_DRAWN", ((2, 3),))
    hands.save(tmp_path / "hands-2-3-24.npz")
    out, sheet = tmp_path / "carvings.json", tmp_path / "carvings.webp"
    assert main(["carvings", "--folder", str(tmp_path), "--json", str(out), "--picture", str(sheet)]) == 0
    sizes = json.loads(out.read_text())["sets"]["drawn, 2 characters"]
    assert sizes.keys() == {"1", "2"}
    for kinds in sizes.values():
        assert {kind: one["queries"] for kind, one in kinds.items()} == {"clean": 1, "worn": 1}
        assert all(0 <= one[key] <= 1 for one in kinds.values() for key in carvings._SCORES)
        assert all(0 <= one["same_recall"] <= 1 for one in kinds.values())
    assert cv2.imread(str(sheet)).shape[1] > 200
    assert carvings.table({"some": sizes}).count("\n") == 5


def test_a_sheet_frames_the_right_carving():
    gray = printed(HEIGHTS[0])
    forms = [read_item_form(item_form(one)) for one in HEIGHTS]
    found = PrintOver(print_form(gray)).register(forms)
    row = gray, [(form, one, place == 0) for place, (form, one) in enumerate(zip(forms, found, strict=True))]
    sheet = pair_sheet([row, row])
    assert sheet.shape == (100, 800, 3)
    assert (sheet == np.array([46, 125, 80])).all(axis=2).any()
