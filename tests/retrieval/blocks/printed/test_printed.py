"""Which block printed a page: by place, by chance, and by each stroke."""

import csv
from dataclasses import replace

import cv2
import numpy as np
import pytest

from retrieval.blocks.printed.layover import Placed, lay_over
from retrieval.blocks.printed.shelf import Shelf
from retrieval.cli import main
from retrieval.io.encode import stl
from retrieval.synth.blocks import print_page


def _face(random: np.random.Generator, name: str = "face", count: int = 150) -> Placed:
    middles = random.uniform((10, 10), (290, 190), (count, 2))
    vectors = random.standard_normal((count, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ink = cv2.GaussianBlur(random.random((400, 600), np.float32), (0, 0), 3)
    ink = (ink > np.median(ink)).astype(np.float32)
    return Placed(name, middles, np.full((count, 2), 9.0), vectors, ink, 0.5)


def _page(face: Placed, random: np.random.Generator, kept: float = 0.7) -> Placed:
    """A page at 4 pixels a millimetre, turned a little and bent, on which some characters are others."""
    turn = np.array([[1, 0.03], [-0.03, 1]])
    middles = 4 * (face.middles @ turn.T + 0.00002 * face.middles**2 + (5, 9))
    vectors = face.vectors + 0.1 * random.standard_normal(face.vectors.shape)
    lost = random.random(len(vectors)) > kept
    vectors[lost] = random.standard_normal((lost.sum(), vectors.shape[1]))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    order = random.permutation(len(vectors))
    return replace(face, name="page", middles=middles[order], vectors=vectors[order].astype(np.float32))


def test_a_page_is_laid_over_its_own_face():
    random = np.random.default_rng(1)
    face = _face(random)
    page = _page(face, random)
    laid = lay_over(page, face, random)
    assert laid is not None
    assert laid.p < 1e-30
    assert laid.residual < 0.2
    assert len(laid.pairs) > 90
    back = laid.on_face(page.middles[laid.pairs[:, 0]])
    assert np.abs(back - face.middles[laid.pairs[:, 1]]).max() < 1.5


@pytest.mark.parametrize("seed", range(5))
def test_a_page_of_another_book_lies_over_no_face_but_by_chance(seed):
    random = np.random.default_rng(seed)
    face, other = _face(random), _face(random)
    laid = lay_over(_page(other, random), face, random, tried=10)
    assert laid is None or laid.p > 1e-3


def test_votes_bring_the_right_block_first_among_many():
    random = np.random.default_rng(2)
    faces = [_face(random, f"block {number}") for number in range(30)]
    found = Shelf(faces).matches(_page(faces[17], random))
    assert max(found, key=lambda match: len(match.laid.pairs)).block == "block 17"


def test_a_graph_finds_the_blocks_that_comparing_all_finds():
    random = np.random.default_rng(4)
    faces = [_face(random, f"block {number}", 60) for number in range(12)]
    exact, graph = Shelf(faces), Shelf(faces, exact_to=0)
    for face in faces[:4]:
        page = _page(face, random)
        true, found = exact.matches(page), graph.matches(page)
        assert [match.block for match in found[:1]] == [face.name]
        assert found[0].laid.pairs.tolist() == true[0].laid.pairs.tolist()


def test_an_empty_page_has_no_block():
    random = np.random.default_rng(3)
    nothing = Placed("page", np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 32)), np.zeros((9, 9)))
    assert Shelf([_face(random)]).matches(nothing) == []


def test_the_command_names_the_block_that_printed_a_page(drawn, tmp_path):
    pages, blocks = tmp_path / "pages", tmp_path / "blocks"
    pages.mkdir()
    blocks.mkdir()
    grey, _ = print_page(np.random.default_rng(2), drawn.carving)
    cv2.imwrite(str(pages / "one.png"), grey)
    cv2.imwrite(str(pages / "blank.png"), np.full((300, 200), 220, np.uint8))
    (blocks / "seven.stl").write_bytes(stl(drawn.mesh))
    (blocks / "broken.stl").write_bytes(b"solid nothing")
    assert main(["printed", str(pages), str(blocks), "--out", str(tmp_path / "table.csv")]) == 0
    rows = list(csv.DictReader((tmp_path / "table.csv").open()))
    assert list(rows[0]) == ["page", "block", "inliers", "p", "residual_mm"]
    assert {row["page"]: row["block"] for row in rows} == {"one": "seven", "blank": ""}


def test_a_folder_without_blocks_is_refused(tmp_path, capsys):
    (tmp_path / "page.png").write_bytes(b"x")
    assert main(["printed", str(tmp_path), str(tmp_path / "none")]) == 1
    assert "there is no folder" in capsys.readouterr().err
