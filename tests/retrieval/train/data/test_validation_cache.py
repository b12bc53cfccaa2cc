"""The validation set on disk: the same as drawn, and never another's."""

import numpy as np
import pytest

from common.errors import BadInput
from retrieval.train.data.validation_cache import (
    cached_validation_set,
    load_validation_set,
    save_validation_set,
    validation_set_file,
)
from retrieval.train.data.validation_set import ValidationSet
from tests.retrieval.train.drawn import drawn_crops, drawn_glyphs

pytestmark = pytest.mark.xdist_group(
    "validation cache"
)  # what takes long to make is made once, by one process


@pytest.fixture(scope="module")
def validation() -> ValidationSet:
    return ValidationSet.draw(drawn_glyphs(range(0x4E01, 0x4E31)), drawn_crops(), seed=1, characters=6)


def test_comes_back_as_it_was(validation, tmp_path) -> None:
    save_validation_set(tmp_path / "one.npz", validation)
    again = load_validation_set(tmp_path / "one.npz")
    assert np.array_equal(np.stack(again.heights), np.stack(validation.heights))
    assert np.array_equal(again.codepoints, validation.codepoints)
    assert list(again.kinds) == list(validation.kinds)
    for kind, queries in validation.kinds.items():
        assert np.array_equal(again.kinds[kind].codepoints, queries.codepoints)
        pairs = zip(again.kinds[kind].pictures, queries.pictures, strict=True)
        assert all(np.array_equal(one, other) for one, other in pairs)


def test_is_drawn_once(validation, tmp_path, monkeypatch) -> None:
    drawn = []
    monkeypatch.setattr(ValidationSet, "draw", lambda *_, seed: drawn.append(seed) or validation)
    glyphs, crops = drawn_glyphs(), drawn_crops()
    for _ in range(2):
        assert cached_validation_set(tmp_path, glyphs, crops, seed=4).kinds.keys() == validation.kinds.keys()
    assert drawn == [4]


def test_other_glyphs_crops_or_seeds_give_another_file(tmp_path) -> None:
    glyphs, crops = drawn_glyphs(), drawn_crops()
    files = {
        validation_set_file(tmp_path, glyphs, crops, seed=1),
        validation_set_file(tmp_path, glyphs, crops, seed=2),
        validation_set_file(tmp_path, glyphs, None, seed=1),
        validation_set_file(tmp_path, drawn_glyphs(range(0x4E01, 0x4E31)), crops, seed=1),
    }
    assert len(files) == 4
    assert validation_set_file(tmp_path, drawn_glyphs(), drawn_crops(), seed=1) in files


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04 and no more"])
def test_a_damaged_file_is_refused(tmp_path, content) -> None:
    path = tmp_path / "set.npz"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="no validation set"):
        load_validation_set(path)


def test_a_file_cut_short_is_refused(validation, tmp_path) -> None:
    path = tmp_path / "set.npz"
    save_validation_set(path, validation)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadInput, match="no validation set"):
        load_validation_set(path)
