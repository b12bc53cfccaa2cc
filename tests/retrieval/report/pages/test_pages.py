"""The report on pages: what is measured, the page, the picture."""

import json

import cv2
import numpy as np
import pytest

from retrieval.cli import main
from retrieval.locate.scores import order_score
from retrieval.report.pages.command import TruePage, turned
from retrieval.synth.pages import draw_bank, draw_page
from retrieval.train.localiser.real_pages import HELD_OUT

TRUE = np.array([(0, 30 * y, 20, 30 * y + 20) for y in range(10)], float)


def slow_edit(read, wanted):
    table = [[max(i, j) for j in range(len(wanted) + 1)] for i in range(len(read) + 1)]
    for i, one in enumerate(read, 1):
        for j, other in enumerate(wanted, 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one != other))
    return table[-1][-1]


def test_order_is_scored_by_tau_and_edits():
    assert order_score(TRUE, TRUE) == (pytest.approx(1), 1)
    assert order_score(TRUE[::-1], TRUE)[0] == pytest.approx(-1)
    swapped = TRUE[[1, 0, *range(2, 10)]]
    assert order_score(swapped, TRUE) == (pytest.approx(1 - 2 / 45), 0.8)
    random = np.random.default_rng(2)
    for _ in range(8):
        lots = random.permutation(10)
        assert order_score(TRUE[lots], TRUE)[1] == pytest.approx(
            1 - slow_edit(lots.tolist(), list(range(10))) / 10
        )


def test_a_turned_page_turns_its_boxes():
    page = TruePage("a", "b", np.full((300, 100), 200, np.uint8), TRUE, np.arange(10), (0, 100))
    other = turned(page, 3.0)
    assert other.grey.shape[0] > 300
    assert other.boxes[0, 0] > other.boxes[9, 0], "clockwise: what is at the top moves to the right"
    assert other.set == "a, turned"


def test_the_command_writes_numbers_page_and_picture(tmp_path):
    bank = draw_bank(np.random.default_rng(1), each=20)
    drawn = draw_page(np.random.default_rng(11), bank, size=26, side=300)
    cv2.imwrite(str(tmp_path / f"{HELD_OUT[0]}-1.jpg"), drawn.grey)
    rows = ["x0,y0,x1,y1", *(",".join(map(str, box.tolist())) for box in drawn.boxes)]
    (tmp_path / f"{HELD_OUT[0]}-1.csv").write_text("\n".join(rows))
    out = {name: tmp_path / "out" / name for name in ("pages.json", "pages.md", "worst.webp")}
    command = ["pages", str(tmp_path), "--drawn", "1", "--json", str(out["pages.json"])]
    command += ["--page", str(out["pages.md"]), "--picture", str(out["worst.webp"])]
    assert main(command) == 0
    sets = json.loads(out["pages.json"].read_text())["sets"]
    assert list(sets) == [HELD_OUT[0], f"{HELD_OUT[0]}, turned", "drawn"]
    assert f"`{HELD_OUT[0]}, turned` | 1 |" in out["pages.md"].read_text()
    assert out["worst.webp"].stat().st_size > 1000
