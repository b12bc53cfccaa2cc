"""Labelled crops, read from their zip."""

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from retrieval.data.crops import read_crops
from retrieval.errors import BadSet


def crop_zip(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    """A zip with one grey picture a row, and its index."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("index.csv", "path,codepoint,page\n" + "\n".join(",".join(row) for row in rows))
        for number, (name, _, _) in enumerate(rows):
            file.writestr(name, cv2.imencode(".png", np.full((9, 7), 50 + number, np.uint8))[1].tobytes())
    return path


def test_crops_come_with_character_and_page(tmp_path: Path) -> None:
    """Pictures, codepoints beyond the BMP too, pages and names, in the index's order."""
    rows = [("U+20000/0.png", "U+20000", "page1"), ("U+4E00/1.png", "U+4E00", "page2")]
    crops = read_crops(crop_zip(tmp_path / "crops.zip", rows))
    assert crops.codepoints.tolist() == [0x20000, 0x4E00]
    assert crops.pages == ["page1", "page2"]
    assert crops.paths == ["U+20000/0.png", "U+4E00/1.png"]
    assert [image.shape for image in crops.images] == [(9, 7), (9, 7)]
    assert crops.images[1][0, 0] == 51


def test_no_zip_and_no_index_are_refused(tmp_path: Path) -> None:
    """What is not such a zip is a BadSet that names it."""
    with pytest.raises(BadSet, match=r"none\.zip"):
        read_crops(tmp_path / "none.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(BadSet, match=r"empty\.zip"):
        read_crops(tmp_path / "empty.zip")


def test_an_index_that_names_a_missing_crop_is_refused(tmp_path: Path) -> None:
    """The index and the pictures must agree."""
    with zipfile.ZipFile(tmp_path / "crops.zip", "w") as file:
        file.writestr("index.csv", "path,codepoint,page\nU+4E00/1.png,U+4E00,page1\n")
    with pytest.raises(BadSet):
        read_crops(tmp_path / "crops.zip")
