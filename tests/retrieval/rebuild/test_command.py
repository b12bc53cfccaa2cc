"""`python -m retrieval rebuild`: from files to files, or one line that says why not."""

import json
from pathlib import Path

import pytest
import trimesh

from retrieval.cli import main
from retrieval.embed.embedder import Embedder
from retrieval.io.files import open_files
from retrieval.rebuild.gallery import Gallery
from tests import meshes
from tests.retrieval.rebuild.conftest import PIXELS, Lost


def _page(folder: Path, lost: Lost, **changes) -> Path:
    characters = [
        {**_sides(box), "item": f"own/items/{number:02d}", "relation": "same_carving"}
        for number, box in enumerate(lost.boxes)
    ]
    said = {"print": "page.png", "pixels_per_mm": PIXELS, "characters": characters, **changes}
    (folder / "page.json").write_text(json.dumps(said))
    return folder / "page.json"


def _sides(box) -> dict:
    left, top, right, bottom = box.tolist()
    return {"x": left, "y": top, "w": right - left, "h": bottom - top}


def _run(folder: Path, page: Path, out: str = "new.glb", *more: str) -> int:
    gallery = ["--gallery", str(folder / "blocks")]
    return main(["rebuild", str(page), *gallery, "--out", str(folder / out), "--triangles", "50000", *more])


def test_a_block_is_made_with_its_record_and_its_sheet(folder, lost):
    assert _run(folder, _page(folder, lost), "new.glb", "--thickness", "12") == 0
    solid = trimesh.load(folder / "new.glb", force="mesh")
    assert solid.is_watertight
    assert solid.extents[2] == pytest.approx(12, abs=0.1)
    record = json.loads((folder / "new.json").read_text())
    assert record["strokes_meet"] >= 0.95
    assert record["characters"][0]["block"] == "own"
    assert (folder / "new.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "new.png").exists()


def test_without_items_carvings_of_the_same_character_are_looked_for(folder, lost):
    (folder / "blocks" / "characters.csv").write_text(
        "item,codepoint\nown/items/00,U+4E00\nother/items/00,U+4E00\nown/items/01,U+4E01\n"
    )
    x0, y0, x1, y1 = lost.boxes[0].tolist()
    page = _page(folder, lost, characters=[{"x": x0, "y": y0, "w": x1 - x0, "h": y1 - y0, "character": "一"}])
    assert _run(folder, page, "new.stl") == 0
    (one,) = json.loads((folder / "new.json").read_text())["characters"]
    assert (one["source"], one["item"]) == ("same_character", "own/items/00")


def _box(**changes) -> dict:
    return {"characters": [{"x": 10, "y": 10, "w": 50, "h": 50, **changes}]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"print": "other.png"}, "there is no print"),
        ({"print": "../page.png"}, "does not lie beside"),
        ({"print": None}, 'names no "print"'),
        ({"pixels_per_mm": None}, "says no size"),
        ({"pixels_per_mm": 0}, "cannot have"),
        ({"pixels_per_mm": float("nan")}, "cannot have"),
        ({"pixels_per_mm": "8"}, "cannot have"),
        ({"pixels_per_mm": 5000}, "cannot have"),
        ({"characters": None}, 'no list "characters"'),
        ({"characters": [7]}, "character 1 of page.json is no object"),
        (_box(w=0), "has no box"),
        (_box(x="10"), "has no box"),
        (_box(x=10**6), "outside the print"),
        (_box(item=5), "is no text"),
        (_box(item="own/items/00", relation="twin"), "unknown relation"),
        (_box(order="first"), "order that is no number"),
        (_box(item="nowhere"), "there is no carving nowhere"),
        (_box(item="00"), "names 2 carvings"),
    ],
)
def test_a_page_that_cannot_be_is_refused_in_one_line(folder, lost, capsys, changes, words):
    assert _run(folder, _page(folder, lost, **changes)) == 1
    assert words in capsys.readouterr().err
    assert not list(folder.glob("new.*"))


def test_a_file_that_is_no_json_is_refused(folder, capsys):
    (folder / "page.json").write_text("{")
    assert _run(folder, folder / "page.json") == 1
    assert "is no JSON" in capsys.readouterr().err


def test_a_damaged_relief_is_named(folder, lost, capsys):
    (folder / "blocks" / "own" / "items" / "00-depth.png").write_bytes(b"no picture")
    assert _run(folder, _page(folder, lost)) == 1
    assert "own/items/00-depth.png is damaged" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["new.obj", "new", "missing/new.glb"])
def test_a_name_that_cannot_be_written_is_refused_before_anything_is_made(folder, lost, capsys, out):
    assert _run(folder, _page(folder, lost), out) == 1
    assert "hint:" in capsys.readouterr().err


def test_a_full_disk_leaves_nothing_half_made(folder, lost, monkeypatch, capsys):
    def full(mesh, ending):
        raise OSError(28, "No space left on device", "new.glb")

    monkeypatch.setattr("retrieval.rebuild.command.mesh_file", full)
    assert _run(folder, _page(folder, lost)) == 1
    assert "No space left" in capsys.readouterr().err
    assert not list(folder.glob("new.*"))


def test_a_disk_that_fills_at_the_last_file_leaves_nothing(folder, lost, monkeypatch, capsys):
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if data.startswith(b"\x89PNG"):
            raise OSError(28, "No space left on device", path.name)
        return write(path, data)

    page = _page(folder, lost)
    monkeypatch.setattr(Path, "write_bytes", full)
    assert _run(folder, page) == 1
    assert "No space left" in capsys.readouterr().err
    assert not list(folder.glob("*new*"))


@pytest.mark.parametrize("name", ["page", "other"])
def test_page_and_print_are_never_written_over(folder, lost, capsys, name):
    page = _page(folder, lost).rename(folder / f"{name}.json")
    before = page.read_bytes(), (folder / "page.png").read_bytes()
    assert _run(folder, page, "page.glb") == 1
    assert "would be written over" in capsys.readouterr().err
    assert (page.read_bytes(), (folder / "page.png").read_bytes()) == before


def test_single_meshes_are_turned_and_flipped_as_the_model_says(tmp_path):
    (tmp_path / "block.stl").write_bytes(meshes.block(3, cells=48))
    gallery = Gallery(open_files(tmp_path), lambda: Embedder.load(device="cpu"))
    assert gallery.names == ("block",)
    item = gallery.item(gallery.name_of("block.stl"))
    assert item.height.shape == (256, 256)
    assert item.depth_mm is None
