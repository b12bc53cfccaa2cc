"""The list of training pairs, and the pictures that it names."""

import json
from pathlib import Path

import numpy as np
import pytest

from common.errors import BadInput
from retrieval.train.finetune.training_pairs import TrainingPairs, dark_on_light, read_training_pairs
from tests.retrieval.train.finetune.made import CODES, ink


def test_pairs_are_read_as_they_are_listed(pairs: TrainingPairs) -> None:
    """Classes are of blocks, sides stay apart, mirrored blocks read as their prints do."""
    assert (len(pairs.train), len(pairs.validation)) == (24, 6)
    assert len(np.unique(pairs.train.labels)) == 12
    assert pairs.codepoints.tolist() == [code for n, code in enumerate(CODES[:15]) if n % 4 != 3]
    assert len(pairs.other_heights) == 5
    first = pairs.heights[pairs.train.heights[0]]
    assert first[:, :20].mean() > first[:, -20:].mean()  # the stroke at the left side
    assert pairs.missing == 0


def test_labels_that_share_a_block_are_of_one_class(listed: Path, tmp_path: Path) -> None:
    """A print that matches two blocks joins their classes; its character is then no one's."""
    lines = [json.loads(line) for line in listed.read_text().splitlines()]
    both = {**lines[2], "print": lines[0]["print"], "query": lines[0]["query"]}
    path = tmp_path / "l.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, both]))
    pairs = read_training_pairs(path)
    assert len(np.unique(pairs.train.labels)) == 11
    assert 0 in pairs.codepoints


def test_files_that_are_gone_are_left_out_and_counted(listed: Path, tmp_path: Path) -> None:
    """One print is gone, one height map empty; without any pair there is nothing to learn."""
    lines = [json.loads(line) for line in listed.read_text().splitlines()]
    (tmp_path / "empty.png").write_bytes(b"")
    lines[0]["print"], lines[3]["height"] = str(tmp_path / "gone.png"), str(tmp_path / "empty.png")
    path = tmp_path / "l.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert (len(read_training_pairs(path).train), read_training_pairs(path).missing) == (22, 2)
    path.write_text(json.dumps(lines[0]))
    with pytest.raises(BadInput, match="no label"):
        read_training_pairs(path)
    path.write_text('{"kind": "pair"')
    with pytest.raises(BadInput, match="no list"):
        read_training_pairs(path)


def test_white_ink_is_turned() -> None:
    """Both polarities end as dark on light."""
    dark = np.where(ink(0x4E05, 4), 40, 210).astype(np.uint8)
    assert np.array_equal(dark_on_light(dark), dark)
    assert np.array_equal(dark_on_light(255 - dark), dark)
