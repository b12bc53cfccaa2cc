"""A block read: which way up, its characters, their order, and each cut out."""

import csv
import io

import numpy as np
import pytest

from retrieval.blocks.cutting import cut_characters
from retrieval.blocks.face import carved_faces
from retrieval.blocks.scan import open_scan, scan_of
from retrieval.cli import main
from retrieval.errors import BadMesh
from retrieval.io.encode import stl
from retrieval.io.meshes import read_mesh
from retrieval.locate.scores import matched, order_score
from retrieval.locate.strokes import not_thin
from retrieval.types import Mesh
from tests.retrieval.blocks.real import REAL, boxes_on_scan, real_scan, true_boxes


def _corners(read) -> np.ndarray:
    boxes = [one.box for one in read.characters]
    return np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in boxes])


def test_a_drawn_block_is_read_as_it_prints(drawn, read):
    true, found = not_thin(drawn.carving.boxes[drawn.kept], 0.35), _corners(read)
    pairs = matched(found, true, 0.5)
    assert len(pairs) >= 0.8 * len(true)
    assert len(pairs) >= 0.8 * len(found)
    assert order_score(found, true)[0] > 0.98
    assert read.way.mirrored
    assert read.way.quarters == 0
    assert read.way.sure > 0.99


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_block_on_its_side_or_head_reads_the_same(drawn, reader, read, quarters):
    turn = np.linalg.matrix_power(np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]), quarters)
    turned = reader.read(scan_of(drawn.mesh.vertices @ turn.T, drawn.mesh.faces))
    assert turned.way.mirrored
    assert turned.way.quarters == (4 - quarters) % 4
    assert turned.face.size == pytest.approx(read.face.size, abs=1)
    assert len(turned.characters) == pytest.approx(len(read.characters), abs=3)


def test_columns_are_read_from_the_right_each_from_its_top(read):
    names = [one.name for one in read.characters]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    first = [one for one in read.characters if one.place == 1]
    assert first[0].box.x > first[-1].box.x


def test_each_character_is_cut_out_of_the_scan_at_its_own_place(drawn, read):
    scan = scan_of(drawn.mesh.vertices, drawn.mesh.faces)
    meshes = cut_characters(scan, read, most=2000)
    assert len(meshes) == len(read.characters)
    for mesh, character in zip(meshes, read.characters, strict=True):
        assert 100 < len(mesh.faces) <= 2000
        # Mirrored, as carved: x runs from the other side; and neither sides nor back are part of it.
        middle = mesh.vertices.mean(axis=0)
        box = character.box
        assert abs(110 - middle[0] - (box.x + box.w / 2)) < 2
        assert abs(-middle[1] - (box.y + box.h / 2)) < 2
        assert mesh.vertices[:, 2].min() > -8


def test_the_command_writes_table_pictures_and_meshes(drawn, tmp_path):
    (tmp_path / "block.stl").write_bytes(stl(drawn.mesh))
    out = tmp_path / "out"
    assert main(["block", str(tmp_path / "block.stl"), "--out", str(out), "--triangles", "500"]) == 0
    rows = list(csv.DictReader(io.StringIO((out / "items.csv").read_text())))
    assert list(rows[0]) == ["name", "column", "place", "x_mm", "y_mm", "w_mm", "h_mm", "score"]
    assert {one.name for one in out.iterdir()} == {"items.csv", "face.json", "face.png", "ink.png", "items"}
    for row in rows:
        mesh = read_mesh((out / "items" / f"{row['name']}.stl").read_bytes(), name="item").mesh
        assert len(mesh.faces) <= 500
        assert (out / "items" / f"{row['name']}-print.png").stat().st_size
        assert (out / "items" / f"{row['name']}-depth.png").stat().st_size


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
         b"end_header\n0 0 0\n1 0 0\n0 1 0\n", "points.ply", "points, and no triangles"),
        (b"mesh".ljust(80) + (9).to_bytes(4, "little") + bytes(100), "early.stl", "announces 9 triangles"),
        (b"", "nothing.stl", "empty"),
    ],
    ids=["points", "early", "empty"],
)  # fmt: skip
def test_bad_files_are_refused_and_nothing_is_half_made(tmp_path, capsys, data, name, words):
    (tmp_path / name).write_bytes(data)
    assert main(["block", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 1
    assert words in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_the_back_alone_is_no_carving(reader):
    random = np.random.default_rng(1)
    x, y = np.meshgrid(np.arange(120.0), np.arange(80.0))
    grain = 0.25 * np.sin(x / 3 + 2 * random.random(80)[:, None]) + 0.1 * random.standard_normal(x.shape)
    names = np.arange(x.size).reshape(x.shape)
    a, b, c, d = (part.ravel() for part in (names[:-1, :-1], names[:-1, 1:], names[1:, :-1], names[1:, 1:]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)])
    with pytest.raises(BadMesh, match="no carving"):
        reader.read(scan_of(np.stack([x, y, grain], axis=2).reshape(-1, 3), faces))


def test_a_large_stl_is_read_in_pieces_like_a_small_one(drawn, tmp_path, monkeypatch):
    path = tmp_path / "block.stl"
    path.write_bytes(stl(drawn.mesh))
    small = np.concatenate(list(open_scan(path).pieces()))
    monkeypatch.setattr("retrieval.blocks.scan._LARGE", 1)
    large = np.concatenate(list(open_scan(path).pieces()))
    assert np.array_equal(small, large)


def test_triangles_without_finite_corners_are_left_out():
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [np.nan, 0, 0]])
    scan = scan_of(points, np.array([[0, 1, 2], [0, 1, 3]]))
    assert sum(len(piece) for piece in scan.pieces()) == 1
    with pytest.raises(BadMesh, match="does not have"):
        scan_of(points, np.array([[0, 1, 4]]))


@pytest.mark.skipif(not REAL.exists(), reason="the real scans lie outside the repository")
def test_a_real_block_with_its_characters_outlined_by_people(reader):
    """115 characters in 13 columns (block_a)."""
    read = reader.read(real_scan("block_a.ply"))
    true, found = true_boxes(), boxes_on_scan(read)
    pairs = matched(found, true, 0.5)
    assert len(pairs) >= 0.95 * len(true)
    assert len(pairs) >= 0.95 * len(found)
    assert min(order_score(found, true)) >= 0.98
    assert read.way.mirrored
    assert read.face.spread < 0.2


@pytest.mark.skipif(not REAL.exists(), reason="the real scans lie outside the repository")
def test_a_real_block_on_its_side_comes_the_right_way_up(reader):
    read = reader.read(real_scan("block_b.ply"))
    assert read.way.quarters == 3
    assert not read.way.mirrored
    assert read.way.sure > 0.99
    assert max(one.column for one in read.characters) >= 17


def test_a_mesh_of_two_triangles_is_no_block():
    mesh = Mesh(
        np.array([[0, 0, 0], [100, 0, 0], [0, 100, 0], [100, 100, 0.0]]), np.array([[0, 1, 2], [1, 3, 2]])
    )
    with pytest.raises(BadMesh):
        carved_faces(scan_of(mesh.vertices, mesh.faces))
