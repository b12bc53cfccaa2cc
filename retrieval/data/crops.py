"""Labelled crops of a real print, read from one zip."""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.errors import BadSet
from retrieval.io.images import read_image


@dataclass(frozen=True)
class Crops:
    """images: N pictures (H, W) uint8. codepoints: (N,) int32. pages, paths: N names."""

    images: list[np.ndarray]
    codepoints: np.ndarray
    pages: list[str]
    paths: list[str]


def read_crops(path: Path) -> Crops:
    """Every crop that ``index.csv`` (path, codepoint, page) of the zip names.

    Raises BadSet where the zip or its index cannot be read, BadImage for a damaged crop.
    """
    try:
        with zipfile.ZipFile(path) as file:
            rows = list(csv.DictReader(io.TextIOWrapper(file.open("index.csv"), "utf-8-sig")))
            images = [read_image(file.read(row["path"]), name=row["path"]) for row in rows]
        codepoints = np.array([int(row["codepoint"].removeprefix("U+"), 16) for row in rows], np.int32)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as problem:
        raise BadSet(f"{path} cannot be read as labelled crops: {problem}") from problem
    return Crops(images, codepoints, [row["page"] for row in rows], [row["path"] for row in rows])
