"""The command that lays pictures out."""

import argparse
import csv

import pytest

from common.errors import BadInput
from retrieval.layout import command
from tests import pictures


def arguments(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args([str(word) for word in words])


def test_every_picture_gets_a_place(tmp_path):
    folder, out = tmp_path / "pictures", tmp_path / "map.csv"
    folder.mkdir()
    for seed in range(4):
        (folder / f"{seed}.png").write_bytes(pictures.png(seed, 64))
    (folder / "broken.png").write_bytes(b"no picture")
    assert command.run(arguments(folder, "--out", out)) == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["picture"] for row in rows] == ["0.png", "1.png", "2.png", "3.png"]
    assert {int(row[axis]) for row in rows for axis in "xy"} <= set(range(10_001))


def test_a_folder_without_pictures_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing else")
    with pytest.raises(BadInput, match="no picture"):
        command.run(arguments(tmp_path, "--out", tmp_path / "map.csv"))
    with pytest.raises(BadInput, match="no folder"):
        command.run(arguments(tmp_path, "--out", tmp_path / "none" / "map.csv"))
