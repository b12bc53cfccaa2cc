"""Labelled crops of a real print, read from one zip."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

import numpy as np

from common.errors import BadInput
from retrieval.errors import BadSet
from retrieval.io.files import open_files
from retrieval.io.images import read_image


@dataclass(frozen=True)
class Crops:
    """Labelled crops of one print.

    images: N pictures, (H, W) uint8 each.
    codepoints: (N,) int32, of the character that each shows.
    pages: N names of the pages that they were cut from.
    paths: N names in the zip.
    """

    images: list[np.ndarray]
    codepoints: np.ndarray
    pages: list[str]
    paths: list[str]


def read_crops(path: Path) -> Crops:
    """Every crop that ``index.csv`` (path, codepoint, page) of the zip names.

    Raises:
        BadSet: the zip or its index cannot be read, or a crop is not in it.
        BadImage: a crop is damaged.
    """
    try:
        files = open_files(path)
        index = files.read("index.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(index, newline="")))
        contents = [files.read(normalize("NFC", row["path"])) for row in rows]
        codepoints = np.array([int(row["codepoint"].removeprefix("U+"), 16) for row in rows], np.int32)
    except (BadInput, KeyError, ValueError, csv.Error) as problem:
        raise BadSet(f"{path} cannot be read as labelled crops: {problem}") from problem
    images = [read_image(data, name=row["path"]) for data, row in zip(contents, rows, strict=True)]
    return Crops(images, codepoints, [row["page"] for row in rows], [row["path"] for row in rows])
