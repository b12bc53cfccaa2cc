"""The shipped localiser on small drawn pages: either polarity, other sizes, blank pictures."""

import cv2
import numpy as np
import pytest

from retrieval.cli import main
from retrieval.locate import Localiser
from retrieval.locate.localiser import usual_size
from retrieval.locate.scores import score_page
from retrieval.synth.pages import draw_bank, draw_page
from retrieval.synth.pages.layout import lay_page


@pytest.fixture(scope="module")
def localiser():
    return Localiser.load()


@pytest.fixture(scope="module")
def bank():
    return draw_bank(np.random.default_rng(1), each=40)


@pytest.fixture(scope="module")
def page(bank):
    return draw_page(np.random.default_rng(17), bank, size=28, side=420)


def edges(found):
    return np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in found.boxes]).reshape(-1, 4)


def test_a_drawn_page_is_found(localiser, page):
    found = localiser.locate(page.grey)
    assert (found.width, found.height) == page.grey.shape[::-1]
    assert [box.order for box in found.boxes] == list(range(1, len(found.boxes) + 1))
    assert score_page(edges(found), page.boxes).f1[0.5] > 0.8


def test_white_on_black_is_found(localiser, page):
    assert score_page(edges(localiser.locate(255 - page.grey)), page.boxes).f1[0.5] > 0.7


def test_a_larger_scan_gives_the_same_boxes_larger(localiser, page):
    large = np.kron(page.grey, np.ones((4, 4), np.uint8))
    assert score_page(edges(localiser.locate(large)) / 4, page.boxes).f1[0.5] > 0.8


@pytest.mark.parametrize("shape", [(1, 1), (40, 3), (300, 220)])
def test_blank_pictures_hold_nothing(localiser, shape):
    assert localiser.locate(np.full(shape, 231, np.uint8)).boxes == ()


def test_the_usual_size_is_that_of_the_main_text():
    boxes = np.array([(0, 0, 30, 28)] * 6 + [(0, 0, 14, 15)] * 4, float)
    assert usual_size(boxes) == 30
    assert usual_size(np.zeros((0, 4))) == 0


def test_the_command_writes_one_row_a_character(tmp_path, page):
    folder = tmp_path / "pages"
    folder.mkdir()
    cv2.imwrite(str(folder / "a.png"), page.grey)
    (folder / "b.png").write_bytes(b"no picture")
    assert main(["locate", str(folder), "--out", str(tmp_path / "boxes.csv")]) == 0
    head, *rows = (tmp_path / "boxes.csv").read_text().splitlines()
    assert head == "page,x,y,w,h,score,column,order"
    assert len(rows) > 10
    assert {row.split(",")[0] for row in rows} == {"a"}


def test_a_folder_without_pages_is_refused(tmp_path, capsys):
    assert main(["locate", str(tmp_path), "--out", str(tmp_path / "boxes.csv")]) == 1
    assert "no pictures" in capsys.readouterr().err


def test_drawn_pages_are_the_same_for_the_same_lots(bank, page):
    again = draw_page(np.random.default_rng(17), bank, size=28, side=420)
    assert (again.grey == page.grey).all()
    assert (again.boxes == page.boxes).all()


@pytest.mark.parametrize("seed", range(12))
def test_boxes_lie_on_the_page_around_ink(bank, seed):
    page = draw_page(np.random.default_rng(seed), bank, size=20, side=260)
    rows, columns = page.grey.shape
    assert len(page.kinds) == len(page.boxes)
    if len(page.boxes):
        assert page.boxes.min() >= 0
        assert (page.boxes[:, 2] <= columns).all()
        assert (page.boxes[:, 3] <= rows).all()
        assert (page.boxes[:, 2:] > page.boxes[:, :2]).all()


def test_layouts_hold_every_kind():
    random = np.random.default_rng(0)
    kinds = {mark.kind for _ in range(40) for mark in lay_page(random, 24, 500).marks}
    assert kinds == {"main", "note", "fold", "head"}
