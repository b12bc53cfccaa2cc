"""The whole command on two typefaces and a few characters: from fonts to a weights file."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from common.errors import BadInput
from retrieval.embed import Embedder
from retrieval.train.data import glyph_cache, training_data
from retrieval.train.pretrain import command
from tests.retrieval.synth.typefaces import needs_typefaces, typeface_folder

_CONFIG = """
name = "few"
images = 200
workers = 0

[shape]
body = [1, 1, 1]
channels = [8, 8, 16]
width = 12
size = 32

[mix]
classes = 8
flipped = 4

[glyphs]
common = 120
beyond = 5
faces_each = 5

[meshes]
parts = 1
each = 4
"""


def arguments(folder: Path, *more: str) -> argparse.Namespace:
    """The command line, parsed."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    (folder / "few.toml").write_text(_CONFIG)
    return parser.parse_args(
        [str(folder / "few.toml"), "--folder", str(folder / "work"), "--device", "cpu", *more]
    )


@pytest.fixture
def few_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the test's typefaces, no list of readings, one typeface of the test's held out."""
    monkeypatch.setattr(glyph_cache, "SYSTEM_FOLDERS", ())
    monkeypatch.setattr(glyph_cache, "vietnamese_readings", set)
    monkeypatch.setattr(training_data, "HELD_OUT_FACES", frozenset({"shippori-bold"}))


@needs_typefaces
@pytest.mark.usefixtures("few_characters")
def test_from_typefaces_to_a_usable_model(tmp_path: Path) -> None:
    """One command draws, trains, calibrates and writes; the file embeds."""
    progress = []
    args = arguments(tmp_path, "--fonts", str(typeface_folder()), "--out", str(tmp_path / "out.safetensors"))
    assert command.run(args, progress.append) == 0
    embedder = Embedder.load(tmp_path / "out.safetensors", "cpu")
    assert embedder.name == "few"
    assert embedder.record["images"] == 200
    assert embedder.record["typefaces"] == ["cactus", "shippori"]
    assert embedder.record["rendered"] == 4
    assert "new typefaces" in embedder.record["validation set"]
    assert embedder.embed_prints([np.eye(40, dtype=np.uint8) * 200]).shape == (1, 12)


@pytest.mark.usefixtures("few_characters")
def test_no_typeface_is_said_plainly(tmp_path: Path) -> None:
    """A machine without fonts is told what to install."""
    with pytest.raises(BadInput) as caught:
        command.run(arguments(tmp_path))
    assert "fonts" in caught.value.hint
