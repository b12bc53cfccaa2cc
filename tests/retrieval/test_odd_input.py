"""Odd files through `match` and `evaluate`: an answer, or a refusal that names the file; the others go on."""

import csv
import io
import json
import math
import struct
import unicodedata
import zipfile

import numpy as np
import pytest
from PIL import Image

from retrieval import cli
from retrieval.embed import Embedder
from tests import meshes, pictures
from tests.retrieval.evaluate.folders import write_set

pytestmark = pytest.mark.xdist_group("odd input")  # its fixture takes long: one process makes it


def png(pixels) -> bytes:
    held = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(held, "PNG")
    return held.getvalue()


def stray_line(side=64):
    page = np.full((side, side), 255, np.uint8)
    page[:, 3] = 0
    return page


# Pictures that are odd, and pictures all the same: each gets five suggestions.
ANSWERED = {
    "no_ink.png": np.full((64, 64), 255),
    "all_ink.png": np.zeros((64, 64)),
    "grey.png": np.full((40, 30), 128),
    "one_line.png": stray_line(),
    "eight.png": np.asarray(Image.open(io.BytesIO(pictures.png(1, 96))).convert("L").resize((8, 8))),
    "wide.png": np.tile(255 - 255 * (np.arange(8000) % 97 < 5), (40, 1)),
    "high.png": np.tile(255 - 255 * (np.arange(8000) % 97 < 5), (40, 1)).T,
    "one_pixel.png": np.zeros((1, 1)),
    "one_row.png": np.tile([0, 255], 50)[None],
}
REFUSED = {
    "corrupt.png": png(stray_line())[:60] + b"\0" * 40,
    "empty.png": b"",
    "text.png": "chữ Nôm".encode(),
}
BAD_MESHES = {
    "empty.stl": b"",
    "one_triangle.stl": meshes.stl(np.eye(3), np.array([[0, 1, 2]])),
    "point.stl": meshes.stl(np.ones((4, 3)), np.array([[0, 1, 2], [1, 2, 3]])),
    "not_numbers.stl": meshes.stl(np.full((4, 3), np.nan), np.array([[0, 1, 2], [1, 2, 3]])),
    "infinite.stl": meshes.stl(np.full((4, 3), np.inf), np.array([[0, 1, 2], [1, 2, 3]])),
    "cut.stl": meshes.stl(*meshes.relief(1, 16))[:500],
    "text.stl": b"not a mesh at all",
    "no_triangles.stl": b"\0" * 80 + struct.pack("<I", 0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Six good blocks and their prints, and beside them all that is odd."""
    folder = write_set(tmp_path_factory.mktemp("odd") / "set", tables=False)
    for name, pixels in ANSWERED.items():
        (folder / "queries" / name).write_bytes(png(pixels))
    for name, content in REFUSED.items():
        (folder / "queries" / name).write_bytes(content)
    for name, content in BAD_MESHES.items():
        (folder / "database" / name).write_bytes(content)
    grid = meshes.relief(1, 16)
    flat = grid[0] * [1, 1, 0]
    (folder / "database" / "flat.stl").write_bytes(meshes.stl(flat, grid[1]))
    (folder / "queries" / "folder.png").mkdir()
    (folder / "database" / "folder.stl").mkdir()
    rows = [f"{2 * item + style}.png,{item}.stl" for item in range(6) for style in (0, 1)]
    rows += [f"{name},0.stl" for name in (*ANSWERED, *REFUSED)]
    (folder / "labels.csv").write_text("query,label\n" + "\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="module")
def results(folder):
    """What `match` wrote, and what it said."""
    out = folder.parent / "pred.csv"
    messages = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", messages)
        status = cli.main(
            [
                *("match", str(folder / "database"), str(folder / "queries")),
                *("--out", str(out), "--jobs", "0", "--quiet"),
            ]
        )
    assert status == 0
    with out.open(newline="") as file:
        return {row["query"]: row["label"].split(",") for row in csv.DictReader(file)}, messages.getvalue()


@pytest.mark.parametrize("name", ANSWERED)
def test_an_odd_picture_is_answered(results, name):
    assert len(set(results[0][name])) == 5


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_named_and_gets_no_answer(results, name):
    rows, messages = results
    assert rows[name] == [""]
    assert f"left out: {name} " in messages


@pytest.mark.parametrize("name", BAD_MESHES)
def test_what_is_no_relief_is_named_and_suggested_to_nobody(results, name):
    rows, messages = results
    assert f"left out: {name}" in messages
    assert all(name not in items for items in rows.values())


def test_a_flat_mesh_is_a_blank_block_or_named(results):
    rows, messages = results
    assert "left out: flat.stl" in messages or any("flat.stl" in items for items in rows.values())


def test_folders_with_a_files_name_are_walked_not_read(results):
    assert "folder.png" not in results[0]
    assert "folder" not in results[1]


def test_the_good_ones_go_on(results):
    rows, messages = results
    assert all(len(rows[f"{number}.png"]) == 5 for number in range(12))
    assert "Traceback" not in messages


def test_evaluate_goes_on_and_counts_the_unreadable_as_not_found(folder, capsys):
    assert cli.main(["evaluate", str(folder), "--jobs", "0", "--quiet", "--json", "-"]) == 0
    held = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert {failure["name"] for failure in held["bad_queries"]} == set(REFUSED)
    assert {failure["name"] for failure in held["bad_items"]} >= set(BAD_MESHES)
    ranks = {query["query"]: query["rank"] for query in held["queries"]}
    assert all(ranks[name] == 0 for name in REFUSED)
    assert held["all"]["queries"] == 12 + len(ANSWERED) + len(REFUSED)
    assert all(math.isfinite(one) for query in held["queries"] for one in query["distances"])


def test_vectors_and_confidence_of_odd_pictures_are_numbers():
    embedder = Embedder.load(device="cpu")
    vectors = embedder.embed_prints([np.asarray(pixels, np.uint8) for pixels in ANSWERED.values()])
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(ANSWERED)), abs=1e-3)
    blank = embedder.embed_heights([np.zeros((256, 256), np.float32), np.ones((256, 256), np.float32)])
    assert np.isfinite(blank.seen).all()
    assert ((blank.mirrored_probability >= 0) & (blank.mirrored_probability <= 1)).all()


@pytest.fixture
def small(tmp_path):
    return write_set(tmp_path / "small")


def score(folder, capsys):
    """(exit status, what JSON tells or None, what was said)."""
    status = cli.main(["evaluate", str(folder), "--method", "hog", "--jobs", "0", "--quiet", "--json", "-"])
    out, messages = capsys.readouterr()
    return status, json.loads(out) if status == 0 else None, messages


def test_labels_that_name_missing_items_are_refused_with_the_list(small, capsys):
    with (small / "labels.csv").open("a") as file:
        file.write('0.png,99.stl\n1.png,"98.stl, 0.stl"\n')
    status, _, messages = score(small, capsys)
    assert status == 1
    assert "name 2 items that are not in database/: 98.stl, 99.stl" in messages


def test_a_query_labelled_on_two_lines_has_the_items_of_both(small, capsys):
    with (small / "labels.csv").open("a") as file:
        file.write("0.png,3.stl\n0.png,3.stl\n")
    _, held, _ = score(small, capsys)
    assert held["all"]["queries"] == 12
    relevant = {query["query"]: query["relevant"] for query in held["queries"]}
    assert relevant["0.png"] == ["0.stl", "3.stl"]


def test_a_zip_may_hold_the_set_in_a_folder(small, capsys):
    packed = small.parent / "packed.zip"
    with zipfile.ZipFile(packed, "w") as file:
        for path in small.rglob("*"):
            file.write(path, f"my set/{path.relative_to(small)}")
        file.writestr("__MACOSX/my set/._labels.csv", b"\0")
    status, held, _ = score(packed, capsys)
    assert status == 0
    assert (held["items"], held["all"]["queries"]) == (6, 12)


def named_in_vietnamese(folder, encoding):
    """The set with its first print called chữ.png, and labels in this encoding."""
    (folder / "queries" / "0.png").rename(folder / "queries" / "chữ.png")
    labels = (folder / "labels.csv").read_text().replace("0.png,", "chữ.png,", 1)
    return labels.encode(encoding)


def test_labels_may_begin_with_a_byte_order_mark(small, capsys):
    (small / "labels.csv").write_bytes(named_in_vietnamese(small, "utf-8-sig"))
    (small / "kinds.csv").unlink()
    _, held, _ = score(small, capsys)
    assert held["bad_queries"] == []
    assert "chữ.png" in {query["query"] for query in held["queries"]}


def test_labels_in_windows_1258_are_read_or_refused_with_what_to_do(small, capsys):
    """Windows writes ữ as ư and a combining mark; nothing is guessed: the table must be UTF-8."""
    text = named_in_vietnamese(small, "utf-8").decode()
    split = unicodedata.normalize("NFD", text).replace("u\u031b", "ư")
    (small / "labels.csv").write_bytes(split.encode("cp1258"))
    status, _, messages = score(small, capsys)
    assert status == 1
    assert "labels.csv cannot be read" in messages
    assert "save it as CSV in UTF-8" in messages
