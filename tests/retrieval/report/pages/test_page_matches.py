"""From whole pages to suggestions: what is wanted, what counts, the command."""

import json

import cv2
import numpy as np
import pytest

from retrieval.cli import main
from retrieval.evaluate.methods.by_name import open_method
from retrieval.locate import Box, Localiser, PageBoxes
from retrieval.report.pages import matches as page_matches
from retrieval.report.pages.matches import Wanted, measure, wanted_characters
from retrieval.train.localiser.real_pages import HELD_OUT, RealPage
from retrieval.types import Hits
from tests import meshes

PLACES = [(30, 40 + 60 * row, 50, 60 + 60 * row) for row in range(4)]


@pytest.fixture
def folder(tmp_path):
    """A held-out page of four dark squares, whose characters are known."""
    page = np.full((300, 90), 220, np.uint8)
    for x0, y0, x1, y1 in PLACES:
        page[y0:y1, x0:x1] = 30
    folder = tmp_path / "pages"
    folder.mkdir()
    cv2.imwrite(str(folder / f"{HELD_OUT[0]}-1.jpg"), page)
    rows = [",".join(map(str, place)) + f",{sign}" for place, sign in zip(PLACES, "天地天人", strict=True)]
    text = "\n".join(["x0,y0,x1,y1,character", *rows])
    (folder / f"{HELD_OUT[0]}-1.csv").write_text(text, encoding="utf-8")
    return folder


class Misses:
    """A localiser that does not find the first character, and one that is none."""

    fingerprint = "misses"

    def locate(self, grey):
        found = [*PLACES[1:], (60, 200, 80, 220)]
        boxes = tuple(Box(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in found)
        return PageBoxes(grey.shape[1], grey.shape[0], 0, 1.5, boxes)


class Ranks:
    """A gallery that answers every picture alike."""

    def rank(self, pictures, k):
        ids = np.tile(np.array([7, 3, -1, -1, -1]), (len(pictures), 1))
        return Hits(ids, np.zeros(ids.shape, np.float32))


def test_what_the_gallery_has_is_wanted_found_or_not(folder):
    items = {"天": frozenset({3}), "人": frozenset({7, 8})}
    wanted = list(wanted_characters(folder, Misses(), items, every=1))
    assert [sorted(one.items) for one in wanted] == [[3], [3], [7, 8]]
    assert [one.found is None for one in wanted] == [True, False, False]
    assert {one.angle for one in wanted} == {1.5}


def test_a_character_that_was_not_found_counts_as_wrong():
    page = RealPage("a", np.full((50, 50), 200, np.uint8), np.zeros((0, 4), np.float32), (0, 0, 50, 50))
    box = Box(10, 10, 20, 20)
    wanted = [Wanted(page, box, box, 0.0, frozenset({7})), Wanted(page, box, None, 0.0, frozenset({3}))]
    assert measure(Ranks(), wanted, 0.06) == {
        "boxes drawn by people": {"first": 0.5, "among five": 1.0},
        "boxes found": {"first": 0.5, "among five": 0.5},
    }


def test_the_command_writes_the_numbers(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(Localiser, "load", lambda path: Misses())
    monkeypatch.setattr(page_matches, "open_method", lambda name: open_method("hog"))
    bench = tmp_path / "set"
    (bench / "database").mkdir(parents=True)
    (bench / "database" / "0.stl").write_bytes(meshes.block(1, cells=20))
    (bench / "queries").mkdir()
    (bench / "labels.csv").write_text("query,label\n0.png,0.stl\n")
    (bench / "characters.csv").write_text("item,codepoint\n0.stl,U+5929\n")
    out = tmp_path / "matches.json"
    command = ["page-matches", str(folder), str(bench), "--margins", "0,0.1", "--jobs", "0"]
    assert main([*command, "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert (found["pages"], found["characters"]) == (1, 2)
    assert list(found["margins"]) == ["0", "0.1"]
    (bench / "characters.csv").write_text("item,codepoint\n0.stl,U+4E00\n")
    assert main([*command, "--json", str(out)]) == 1, "the gallery has none of the pages' characters"
