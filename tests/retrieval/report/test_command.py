"""The command on a tiny set, and the page that is committed."""

import csv
import io
import json
import math
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from retrieval import cli
from retrieval.embed import Embedder
from retrieval.report.page import charts, page
from tests.retrieval.evaluate.folders import write_set
from tests.retrieval.train.drawn import drawn_crops, drawn_glyphs

pytestmark = pytest.mark.xdist_group("report")  # its fixture takes long: one process makes it

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / "docs" / "results" / "retrieval.json"
SECTIONS = (
    "Results",
    "From picture to input",
    "The second stage: the very carving",
    "What it learned from",
    "What is held out",
    "By kind, by frequency, by size",
    "How sure it is",
    "Mirrored carvings",
    "The worst answers",
    "Training it again",
)


def crops_zip(path: Path) -> Path:
    crops = drawn_crops()
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("path", "codepoint", "page"))
    with zipfile.ZipFile(path, "w") as file:
        for place, image in enumerate(crops.images):
            held = io.BytesIO()
            Image.fromarray(image).save(held, "PNG")
            file.writestr(f"{place}.png", held.getvalue())
            writer.writerow((f"{place}.png", f"U+{crops.codepoints[place]:X}", crops.pages[place]))
        file.writestr("index.csv", table.getvalue())
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """The command's page, numbers and pictures of a handful of characters, drawn first."""
    folder = tmp_path_factory.mktemp("report")
    drawn_glyphs(range(0x4E01, 0x4E31)).save(folder / "train" / "glyphs-1500-200-6")
    small = write_set(folder / "small")
    small.joinpath("characters.csv").write_text(
        "item,codepoint\n" + "".join(f"{item}.stl,U+{0x4E01 + item:X}\n" for item in range(6))
    )
    other = write_set(folder / "other", items=3)
    status = cli.main(
        [
            *("report", "--config", "tiny", "--folder", str(folder / "train"), "--jobs", "0"),
            *("--sets", str(small), str(other), "--show", "small"),
            *("--crops", str(crops_zip(folder / "crops.zip")), "--out", str(folder / "docs" / "page.md")),
            *("--json", str(folder / "numbers.json"), "--pictures", str(folder / "real")),
        ]
    )
    assert status == 0
    return folder


def test_every_section_is_there(written) -> None:
    text = (written / "docs" / "page.md").read_text()
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == SECTIONS
    for name in ("validation", "small", "other"):
        assert f"### `{name}`" in text
        assert text.count(f"| `{name}`") >= 4
    assert "{{" not in text
    assert "nan" not in text


def test_the_numbers_are_whole_and_of_this_model(written) -> None:
    results = json.loads((written / "numbers.json").read_text())
    assert results["model"]["fingerprint"] == Embedder.load(device="cpu").fingerprint
    assert set(results["sets"]) == set(results["handedness"]) == {"validation", "small", "other"}
    assert results["sets"]["small"]["items"] == 6
    assert results["learned"]["characters"] > 20
    assert all(math.isfinite(number) for number in numbers(results))


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for inner in value for number in numbers(inner)]
    return [value] if isinstance(value, (int, float)) else []


def test_pictures_lie_where_the_page_shows_them_and_stay_small(written) -> None:
    text = (written / "docs" / "page.md").read_text()
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert {Path(name).name for name in shown} >= {"drawing.webp", "batch.webp", "reliability.svg"}
    for name in shown:
        path = written / "docs" / name
        assert path.stat().st_size < 400_000
        if path.suffix == ".svg":
            assert ET.fromstring(path.read_text()).tag.endswith("svg")
        else:
            assert min(Image.open(path).size) > 70


def test_pictures_without_a_licence_do_not_lie_beside_the_page(written) -> None:
    beside = {path.name for path in (written / "docs" / "pictures" / "retrieval").iterdir()}
    kept_back = {path.name for path in (written / "real").iterdir()} if (written / "real").exists() else set()
    assert not beside & {"worst-other.webp", "worst-validation-crops.webp"}
    assert kept_back <= {"worst-other.webp", "worst-validation-crops.webp"}


def test_it_measures_the_same_twice(written, tmp_path) -> None:
    first = (written / "numbers.json").read_text()
    status = cli.main(
        [
            *("report", "--config", "tiny", "--folder", str(written / "train"), "--jobs", "0"),
            *("--sets", str(written / "small"), str(written / "other"), "--show", "small"),
            *("--crops", str(written / "crops.zip"), "--out", str(tmp_path / "page.md")),
            *("--json", str(tmp_path / "numbers.json"), "--pictures", str(tmp_path / "real")),
        ]
    )
    assert status == 0
    assert (tmp_path / "numbers.json").read_text() == first


def test_a_set_to_show_must_be_measured(capsys, tmp_path) -> None:
    assert cli.main(["report", "--show", "blocks", "--folder", str(tmp_path)]) == 1
    assert "--show names no set: blocks" in capsys.readouterr().err


def test_the_committed_page_tells_the_committed_numbers() -> None:
    results = json.loads(RESULTS.read_text())
    assert page(results) == (ROOT / "docs" / "retrieval.md").read_text()
    for name, text in charts(results).items():
        assert (ROOT / "docs" / "pictures" / "retrieval" / name).read_text() == text


def test_the_committed_numbers_are_of_the_shipped_weights() -> None:
    """New weights want `make report`."""
    assert json.loads(RESULTS.read_text())["model"]["fingerprint"] == Embedder.load(device="cpu").fingerprint


def test_a_template_must_name_all_and_nothing_else() -> None:
    results = json.loads(RESULTS.read_text())
    with pytest.raises(ValueError, match="headline"):
        page(results, template="{{name}}")
    with pytest.raises(ValueError, match="weather"):
        page(results, template="{{weather}}")
